/** One performance: what it is, what it costs, when it opens, and the way into its queue. */
import { useStore } from "@nanostores/preact";
import type { ComponentChildren, JSX } from "preact";
import { memberHint } from "../member-hint.ts";
import { listSchedules, type PerformanceDetail, readPerformance, type Schedule } from "../calls/performances.ts";
import { joinsFrom, salePhase } from "../catalogue/phase.ts";
import { Poster } from "../catalogue/poster.tsx";
import { SaleBadge, SaleCountdown } from "../catalogue/sale.tsx";
import { dateRangeText, dateTimeText } from "../format/dates.ts";
import { moneyText } from "../format/money.ts";
import { titleIn } from "../format/title.ts";
import { calendarText } from "../i18n/ko/calendar.ts";
import { catalogueText } from "../i18n/ko/catalogue.ts";
import { performanceText } from "../i18n/ko/performance.ts";
import { language } from "../i18n/language.ts";
import { Alert, useLoad, WhenLoaded } from "../page/load.tsx";
import { Moment, ReadersTime } from "../page/moment.tsx";
import { mountPage } from "../page/mount.tsx";
import { useNow, useTitle } from "../page/now.ts";
import { keepShow } from "./keep-show.ts";
import { Schedules } from "./schedules.tsx";

const id = new URLSearchParams(location.search).get("id") ?? "";

function PerformancePage(): JSX.Element {
  const t = useStore(performanceText);
  if (id === "") return <Alert text={t.missing} />;
  return <Loading />;
}

function Loading(): JSX.Element {
  const t = useStore(performanceText);
  const loaded = useLoad(async () => {
    const [show, schedules] = await Promise.all([readPerformance(id), listSchedules(id)]);
    keepShow(id, show);
    return { show, schedules };
  });
  return (
    <>
      <p>
        <a class="back" href="/">
          ← {t.back}
        </a>
      </p>
      <WhenLoaded of={loaded}>{({ show, schedules }) => <Detail show={show} schedules={schedules} />}</WhenLoaded>
    </>
  );
}

interface Props {
  readonly show: PerformanceDetail;
  readonly schedules: readonly Schedule[];
}

function Detail({ show, schedules }: Props): JSX.Element {
  const t = useStore(performanceText);
  const chosen = useStore(language);
  const english = chosen === "en";
  const title = titleIn(show, chosen);
  const description = english ? (show.descriptionEn ?? show.description) : show.description;
  useTitle(title);
  return (
    <div class="detail">
      <div class="detail-main">
        <div class="detail-art">
          <Poster id={show.id} url={show.posterUrl} />
        </div>
        <div class="detail-head">
          <SaleBadge times={show} />
          <h1>{title}</h1>
        </div>
        <Facts show={show} />
        {description !== "" && (
          <section>
            <h2>{t.about}</h2>
            {description.split(/\n+/).map((line) => (
              <p key={line}>{line}</p>
            ))}
          </section>
        )}
        <Schedules schedules={schedules} zone={show.venue.timeZone} />
      </div>
      <aside class="detail-side">
        <section class="card">
          <h2>{t.prices}</h2>
          <ul class="rows">
            {show.grades.map(({ grade, price }) => (
              <li key={grade}>
                <span>{grade}</span>
                <strong>{price.amount === 0 ? t.free : moneyText(price.amount, price.currency, chosen)}</strong>
              </li>
            ))}
          </ul>
          <JoinPart show={show} />
          <p class="how">
            <a href={`/draw?performance=${encodeURIComponent(show.id)}`} data-action="how">
              {t.how}
            </a>
          </p>
        </section>
      </aside>
    </div>
  );
}

function Facts({ show }: { readonly show: PerformanceDetail }): JSX.Element {
  const t = useStore(performanceText);
  const words = useStore(catalogueText);
  const chosen = useStore(language);
  const zone = show.venue.timeZone;
  const period =
    show.firstStartsAt === null
      ? words.datesToCome
      : dateRangeText(show.firstStartsAt, show.lastStartsAt ?? show.firstStartsAt, zone, chosen);
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    [t.venue, [show.venue.name, show.venue.address].filter((part) => part !== "").join(" · ")],
    [t.period, period],
    [words.opensAt, <Moment key="opens" at={show.openAt} zone={zone} />],
    [
      t.runTime,
      show.runTimeMinutes === null || show.runTimeMinutes === 0 ? null : t.minutes({ n: show.runTimeMinutes }),
    ],
    [t.age, show.ageRating === "" ? null : show.ageRating],
    [t.limit, t.seats({ n: show.maxSeatsPerMember })],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => value !== null && <Fact key={name} name={name} value={value} />)}
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function JoinPart({ show }: { readonly show: PerformanceDetail }): JSX.Element {
  const t = useStore(performanceText);
  const chosen = useStore(language);
  const phase = salePhase(show, useNow());
  const way = show.verification === null ? "waiting" : "presale";
  const waiting = `/${way}?performance=${encodeURIComponent(show.id)}`;
  const signedIn = memberHint() !== null;
  if (phase === "closed") return <p class="join-hint">{t.ended}</p>;
  const zone = show.venue.timeZone;
  return (
    <div class="join">
      <SaleCountdown times={show} />
      <a
        class="button wide"
        data-action="join"
        href={signedIn ? waiting : `/login?next=${encodeURIComponent(waiting)}`}
      >
        {t.join}
      </a>
      {phase === "soon" ? (
        <p class="join-hint">
          {t.joinSoon({ time: dateTimeText(joinsFrom(show), zone, chosen) })}
          <ReadersTime at={joinsFrom(show)} zone={zone} />
        </p>
      ) : (
        <p class="join-hint">{phase === "soldout" ? t.soldoutHint : t.joinHint}</p>
      )}
      {show.verification !== null && (
        <p class="join-hint" data-verification={show.verification}>
          {show.verification === "codes" ? t.codeNeeded : t.verifierNeeded}
        </p>
      )}
      {!signedIn && <p class="join-hint">{t.loginFirst}</p>}
    </div>
  );
}

void mountPage(PerformancePage, [performanceText, catalogueText, calendarText]);

/** What is on. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { listPerformances, type PerformanceSummary } from "../calls/performances.ts";
import { dateRangeText, dateTimeText } from "../format/dates.ts";
import { moneyText } from "../format/money.ts";
import { catalogueText } from "../i18n/ko/catalogue.ts";
import { language } from "../i18n/language.ts";
import { useLoad, WhenLoaded } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { Poster } from "./poster.tsx";
import { SaleBadge, SaleCountdown } from "./sale.tsx";

function Catalogue(): JSX.Element {
  const t = useStore(catalogueText);
  useTitle(t.title);
  const first = useLoad(() => listPerformances(null));
  return (
    <>
      <div class="page-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
      </div>
      <WhenLoaded of={first}>{(page) => <Shows first={page.items} cursor={page.nextCursor} />}</WhenLoaded>
    </>
  );
}

interface ShowsProps {
  readonly first: readonly PerformanceSummary[];
  readonly cursor: string | null;
}

function Shows({ first, cursor }: ShowsProps): JSX.Element {
  const t = useStore(catalogueText);
  const [items, setItems] = useState(first);
  const [next, setNext] = useState(cursor);
  async function more(): Promise<void> {
    const page = await listPerformances(next);
    setItems([...items, ...page.items]);
    setNext(page.nextCursor);
  }
  if (items.length === 0) return <p class="empty">{t.empty}</p>;
  return (
    <>
      <ul class="shows">
        {items.map((item) => (
          <li key={item.id}>
            <Show item={item} />
          </li>
        ))}
      </ul>
      {next !== null && (
        <p class="more">
          <button
            type="button"
            class="button quiet"
            data-action="more"
            onClick={() => void more().catch(() => undefined)}
          >
            {t.more}
          </button>
        </p>
      )}
    </>
  );
}

function Show({ item }: { readonly item: PerformanceSummary }): JSX.Element {
  const t = useStore(catalogueText);
  const chosen = useStore(language);
  const zone = item.venue.timeZone;
  return (
    <article class="show" data-performance-id={item.id}>
      <div class="show-art">
        <Poster id={item.id} url={item.posterUrl} />
        <SaleBadge times={item} />
      </div>
      <div class="show-text">
        <h2>
          <a class="cover" href={`/performance?id=${encodeURIComponent(item.id)}`}>
            {chosen === "en" ? (item.titleEn ?? item.title) : item.title}
          </a>
        </h2>
        <p class="faint">{item.venue.name}</p>
        <p class="faint">
          {item.firstStartsAt === null
            ? t.datesToCome
            : dateRangeText(item.firstStartsAt, item.lastStartsAt ?? item.firstStartsAt, zone, chosen)}
        </p>
        <p class="faint">
          {t.opensAt} {dateTimeText(item.openAt, zone, chosen)}
        </p>
        <div class="show-foot">
          <strong>
            {item.priceFrom !== null &&
              t.from({ price: moneyText(item.priceFrom.amount, item.priceFrom.currency, chosen) })}
          </strong>
          <SaleCountdown times={item} />
        </div>
      </div>
    </article>
  );
}

void mountPage(Catalogue, [catalogueText]);

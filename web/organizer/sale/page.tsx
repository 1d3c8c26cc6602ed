/** The day of the sale: everything that happens, as it happens, and everything one can do about it. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { listHalls, readDraft, type Whole } from "../../calls/organizer.ts";
import { timeOfDay } from "../../format/time-of-day.ts";
import { auditText } from "../../i18n/ko/audit.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { editText } from "../../i18n/ko/edit.ts";
import { manageText } from "../../i18n/ko/manage.ts";
import { ordersText } from "../../i18n/ko/orders.ts";
import { organizerText } from "../../i18n/ko/organizer.ts";
import { language } from "../../i18n/language.ts";
import { Alert, useLoad, WhenLoaded } from "../../page/load.tsx";
import { mountPage } from "../../page/mount.tsx";
import { useTitle } from "../../page/now.ts";
import { editPath, publicPath } from "../paths.ts";
import { PhaseBadge } from "../phase-badge.tsx";
import { Audit } from "./audit.tsx";
import { useBooks } from "./books.ts";
import { Charts } from "./charts.tsx";
import { Figures } from "./figures.tsx";
import { LimitSliders } from "./limits.tsx";
import { Notice } from "./notice.tsx";
import { People } from "./people.tsx";
import { ProvidersOff } from "./providers-off.tsx";
import { Seats } from "./seats.tsx";
import { Verdict } from "./verdict.tsx";
import { VerificationCard } from "./verification.tsx";
import { waitPoints } from "./waits.ts";
import { Watch, type Watched } from "./watch.ts";
import { worries } from "./worries.ts";

const id = new URLSearchParams(location.search).get("id") ?? "";
const USUAL_BOOKING_SECONDS = 600;

function SalePage(): JSX.Element {
  const t = useStore(controlText);
  const words = useStore(organizerText);
  useTitle(t.title);
  return (
    <>
      <p>
        <a class="back" href="/organizer">
          ← {words.back}
        </a>
      </p>
      {id === "" ? <Alert text={words.missing} /> : <Loading />}
    </>
  );
}

interface Known extends Whole {
  readonly zone: string;
}

function Loading(): JSX.Element {
  const loaded = useLoad<Known>(async () => {
    const [whole, halls] = await Promise.all([readDraft(id), listHalls()]);
    const hall = halls.find((one) => one.id === whole.performance.hallId);
    return { ...whole, zone: hall?.timeZone ?? "Asia/Seoul" };
  });
  const again = loaded.state === "ready" ? loaded.again : (): void => undefined;
  return <WhenLoaded of={loaded}>{(known) => <Sale known={known} onChanged={again} />}</WhenLoaded>;
}

interface SaleProps {
  readonly known: Known;
  /** What the server keeps of it has changed. */
  readonly onChanged: () => void;
}

function Sale({ known, onChanged }: SaleProps): JSX.Element {
  const [watch, setWatch] = useState<Watch | null>(null);
  useEffect(() => {
    const opened = new Watch(id);
    setWatch(opened);
    return () => opened.end();
  }, []);
  return <>{watch !== null && <Board known={known} watch={watch} onChanged={onChanged} />}</>;
}

function Board({ known, watch, onChanged }: SaleProps & { readonly watch: Watch }): JSX.Element {
  const words = useStore(organizerText);
  const watched = useStore(watch.state);
  const { performance, schedules, zone } = known;
  const sample = watched.samples.at(-1);
  const booking = Number(performance.settings["bookingSeconds"] ?? USUAL_BOOKING_SECONDS);
  const phase = sample?.phase ?? performance.phase;
  const { samples, openAt, link, silentSince } = watched;
  const books = useBooks(id, sample);
  const waits = useMemo(() => waitPoints(samples, openAt), [samples, openAt]);
  const seen = { link, silent: silentSince !== null, samples, attempts: books?.attempts ?? null };
  return (
    <div class="sale">
      <div class="page-head console-head">
        <div>
          <PhaseBadge phase={phase} />
          <h1>{performance.title}</h1>
        </div>
        <div class="sale-side">
          <Contact watched={watched} />
          <p class="actions">
            <a href={publicPath(id)}>{words.page}</a>
            <a href={editPath(id)}>{words.edit}</a>
          </p>
        </div>
      </div>
      <ProvidersOff />
      <Verdict
        id={id}
        phase={phase}
        worries={sample === undefined ? null : worries(seen)}
        openAt={openAt}
        zone={zone}
      />
      {sample !== undefined && (
        <Figures sample={sample} waits={waits} books={books} currency={performance.currency ?? ""} />
      )}
      <div class="sale-desk">
        <Notice id={id} notice={watched.notice} />
        {sample !== undefined && <LimitSliders id={id} sample={sample} bookingSeconds={booking} />}
      </div>
      {samples.length > 1 && <Charts samples={samples} waits={waits} />}
      <Seats id={id} watch={watch} dates={schedules} zone={zone} onChanged={onChanged} />
      <VerificationCard id={id} />
      <People id={id} />
      <Audit id={id} />
    </div>
  );
}

function Contact({ watched: { link, silentSince, samples } }: { readonly watched: Watched }): JSX.Element {
  const t = useStore(controlText);
  const chosen = useStore(language);
  const last = samples.at(-1);
  const silent = silentSince !== null && last !== undefined;
  const said = silent
    ? t.silent({ time: timeOfDay(last.at, chosen) })
    : link === "live"
      ? t.live
      : link === "offline"
        ? t.offline
        : t.connecting;
  return (
    <p class="contact" data-live={link === "live" && !silent} data-link={link}>
      <span class="dot" aria-hidden="true" />
      {said}
    </p>
  );
}

void mountPage(SalePage, [auditText, controlText, manageText, organizerText, ordersText, editText]);

/** The last step: what is missing, in sentences that lead to where it is filled in; then publication. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { discardDraft, type Missing, publish, readMissing } from "../../calls/organizer.ts";
import { dateTimeText } from "../../format/dates.ts";
import { moneyText } from "../../format/money.ts";
import { editText } from "../../i18n/ko/edit.ts";
import { organizerText } from "../../i18n/ko/organizer.ts";
import { language } from "../../i18n/language.ts";
import { Confirm } from "../../page/confirm.tsx";
import { Alert } from "../../page/load.tsx";
import { sentenceOf } from "../../page/sentence.ts";
import { livePath, publicPath, rehearsalPath } from "../paths.ts";
import { type Desk, hallOf, numberOf, pricesOf, textOf, timeOf, zoneOf } from "./desk.ts";
import { stepLacking } from "./steps.ts";

export function Check({ desk }: { readonly desk: Desk }): JSX.Element {
  const t = useStore(editText);
  const { missing, publishedAt, dates } = useStore(desk.state);
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const [seats, setSeats] = useState<number | null>(null);
  const [asking, setAsking] = useState(false);

  async function look(): Promise<void> {
    setBusy(true);
    setTrouble("");
    try {
      await desk.autosave.flush();
      await desk.refresh();
      desk.setMissing(await readMissing(desk.id));
    } catch (error) {
      setTrouble(sentenceOf(error));
    }
    setBusy(false);
  }

  useEffect(() => {
    void look();
  }, [desk]);

  async function go(): Promise<void> {
    setBusy(true);
    setTrouble("");
    try {
      // What is made public is what was looked at, or nothing.
      const seen = desk.state.get().taken.length;
      const saved = await desk.autosave.flush();
      await desk.refresh();
      if (desk.state.get().taken.length > seen) {
        desk.setMissing(await readMissing(desk.id));
        setTrouble(t.changedMeanwhile);
      } else if (saved) {
        const done = await publish(desk.id);
        setSeats(done.seats);
        desk.published(Date.now());
      } else setTrouble(t.checkField);
    } catch (error) {
      if (error instanceof Problem && error.code === "not-ready-to-publish") desk.setMissing(error.errors);
      setTrouble(sentenceOf(error));
    }
    setAsking(false);
    setBusy(false);
  }

  const fresh = dates.some((date) => date.publishedAt === null);
  if (publishedAt !== null && (seats !== null || !fresh)) return <Done desk={desk} seats={seats} />;
  return (
    <div class="form">
      <p class="faint">{t.checkLead}</p>
      <Overview desk={desk} />
      {trouble !== "" && <Alert text={trouble} />}
      <Lacking missing={missing} />
      <div class="actions">
        <button type="button" class="button quiet" data-action="look" disabled={busy} onClick={() => void look()}>
          {t.lookAgain}
        </button>
        <button
          type="button"
          class="button"
          data-action="publish"
          disabled={busy || missing === null || missing.length > 0}
          onClick={() => setAsking(true)}
        >
          {busy && asking ? t.publishing : publishedAt === null ? t.publish : t.publishDates}
        </button>
      </div>
      <p>
        <a href={rehearsalPath(desk.id)} data-action="rehearsal">
          {t.rehearse}
        </a>
      </p>
      <Confirm
        open={asking}
        title={t.publishTitle}
        text={t.publishText}
        keep={t.keepEditing}
        go={t.publish}
        action="publish"
        busy={busy}
        onKeep={() => setAsking(false)}
        onGo={() => void go()}
      />
      {publishedAt === null && <Discard desk={desk} onTrouble={setTrouble} />}
    </div>
  );
}

function Lacking({ missing }: { readonly missing: readonly Missing[] | null }): JSX.Element | null {
  const t = useStore(editText);
  if (missing === null) return null;
  if (missing.length === 0) {
    return (
      <p class="note note-good" role="status" data-ready="yes">
        {t.ready}
      </p>
    );
  }
  return (
    <div role="status" data-ready="no">
      <p>
        <strong>{t.lacking({ n: missing.length })}</strong>
      </p>
      <ul class="lacking">
        {missing.map((one) => (
          <li key={one.field} data-missing={one.field}>
            <a href={`#${stepLacking(one.field)}`}>{sentenceFor(t, one)}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function sentenceFor(t: ReturnType<typeof editText.get>, { field, message }: Missing): string {
  const known: Readonly<Record<string, string>> = {
    hallId: t.lackHall,
    runTimeMinutes: t.lackRunTime,
    ageRating: t.lackAge,
    currency: t.lackCurrency,
    "settings.openAt": t.lackOpenAt,
    "settings.closeAt": t.lackCloseAt,
    "settings.gatherAt": t.lackGatherAt,
    "settings.capacity": t.lackCapacity,
    schedules: t.lackDates,
  };
  if (field.startsWith("prices.")) return t.lackPrice({ grade: field.slice("prices.".length) });
  return known[field] ?? t.lackOther({ field, message });
}

function Overview({ desk }: { readonly desk: Desk }): JSX.Element {
  const t = useStore(editText);
  const chosen = useStore(language);
  const state = useStore(desk.state);
  const { values, dates } = state;
  const zone = zoneOf(state);
  const currency = textOf(values, "currency");
  const moment = (field: string): string | null => {
    const ms = timeOf(values, `settings.${field}`);
    return ms === null ? null : dateTimeText(ms, zone, chosen);
  };
  const rows: readonly (readonly [string, string | null])[] = [
    [t.nameKo, textOf(values, "title")],
    [t.nameEn, textOf(values, "titleEn") || null],
    [t.venue, hallOf(state)?.name ?? null],
    [t.dates, dates.length === 0 ? null : dates.map(({ startsAt }) => dateTimeText(startsAt, zone, chosen)).join(", ")],
    [
      t.prices,
      currency === ""
        ? null
        : Object.entries(pricesOf(values))
            .map(([grade, amount]) => `${grade} ${moneyText(amount, currency, chosen)}`)
            .join(", "),
    ],
    [t.gatherAt, moment("gatherAt")],
    [t.openAt, moment("openAt")],
    [t.closeAt, moment("closeAt")],
    [t.capacity, numberOf(values, "settings.capacity")?.toLocaleString(chosen) ?? null],
  ];
  return (
    <dl class="facts">
      {rows.map(
        ([name, value]) =>
          value !== null &&
          value !== "" && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Done({ desk, seats }: { readonly desk: Desk; readonly seats: number | null }): JSX.Element {
  const t = useStore(editText);
  const words = useStore(organizerText);
  const chosen = useStore(language);
  return (
    <div class="form" data-published="yes" role="status">
      <p>
        <strong>{t.publishedTitle}</strong>
      </p>
      {seats !== null && <p>{t.publishedText({ seats: seats.toLocaleString(chosen) })}</p>}
      <Overview desk={desk} />
      <div class="actions">
        <a class="button" href={livePath(desk.id)} data-action="live">
          {words.live}
        </a>
        <a class="button quiet" href={rehearsalPath(desk.id)} data-action="rehearsal">
          {t.rehearse}
        </a>
        <a class="button quiet" href={publicPath(desk.id)} data-action="public">
          {words.page}
        </a>
      </div>
    </div>
  );
}

interface DiscardProps {
  readonly desk: Desk;
  readonly onTrouble: (sentence: string) => void;
}

function Discard({ desk, onTrouble }: DiscardProps): JSX.Element {
  const t = useStore(editText);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  async function go(): Promise<void> {
    setBusy(true);
    try {
      await desk.autosave.flush();
      await discardDraft(desk.id);
      desk.end();
      location.assign("/organizer");
    } catch (error) {
      onTrouble(sentenceOf(error));
      setAsking(false);
      setBusy(false);
    }
  }
  return (
    <p>
      <button type="button" class="plain" data-action="discard" onClick={() => setAsking(true)}>
        {t.discard}
      </button>
      <Confirm
        open={asking}
        title={t.discardTitle}
        text={t.discardText}
        keep={t.keepEditing}
        go={t.discard}
        action="discard"
        busy={busy}
        onKeep={() => setAsking(false)}
        onGo={() => void go()}
      />
    </p>
  );
}

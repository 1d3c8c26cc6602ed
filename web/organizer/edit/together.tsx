/** What somebody else has made of the draft meanwhile: taken over, or, where both changed the same, for a person to decide. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { dateTimeText } from "../../format/dates.ts";
import { moneyText } from "../../format/money.ts";
import { editText } from "../../i18n/ko/edit.ts";
import { language } from "../../i18n/language.ts";
import { type Desk, type DeskState, pricesOf, textOf, timeOf, zoneOf } from "./desk.ts";
import type { Values } from "./merge.ts";

type Words = ReturnType<typeof editText.get>;

export function Together({ desk }: { readonly desk: Desk }): JSX.Element {
  const t = useStore(editText);
  const chosen = useStore(language);
  const state = useStore(desk.state);
  const { values, conflicts, taken } = state;
  useEffect(() => {
    // Whoever comes back to this tab may have been away for an hour.
    const look = (): void => void (document.hidden || desk.refresh());
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [desk]);
  const fields = Object.keys(conflicts);
  return (
    <div role="status">
      {taken.length > 0 && (
        <div class="note together" data-taken={taken.join(" ")}>
          <p>{t.takenOver({ fields: [...new Set(taken.map((field) => nameOf(t, field)))].join(", ") })}</p>
          <button type="button" class="button quiet" data-action="taken-read" onClick={() => desk.read()}>
            {t.takenRead}
          </button>
        </div>
      )}
      {fields.length > 0 && (
        <section class="alert together" aria-labelledby="together-title">
          <h2 id="together-title">{t.conflictTitle}</h2>
          <p>{t.conflictText}</p>
          {fields.map((field) => (
            <div key={field} data-conflict={field}>
              <h3>{nameOf(t, field)}</h3>
              <dl class="facts">
                <div>
                  <dt>{t.conflictTheirs}</dt>
                  <dd dir="auto">{shown(t, state, conflicts, field, chosen)}</dd>
                </div>
                <div>
                  <dt>{t.conflictMine}</dt>
                  <dd dir="auto">{shown(t, state, values, field, chosen)}</dd>
                </div>
              </dl>
              <div class="actions">
                <button
                  type="button"
                  class="button quiet"
                  data-action="take-theirs"
                  aria-label={t.takeTheirsOf({ field: nameOf(t, field) })}
                  onClick={() => desk.settle(field, conflicts[field])}
                >
                  {t.takeTheirs}
                </button>
                <button
                  type="button"
                  class="button quiet"
                  data-action="keep-mine"
                  aria-label={t.keepMineOf({ field: nameOf(t, field) })}
                  onClick={() => desk.settle(field, values[field])}
                >
                  {t.keepMine}
                </button>
              </div>
            </div>
          ))}
        </section>
      )}
    </div>
  );
}

function nameOf(t: Words, field: string): string {
  const known: Readonly<Record<string, string>> = {
    title: t.nameKo,
    titleEn: t.nameEn,
    description: t.about,
    descriptionEn: t.aboutEn,
    posterUrl: t.poster,
    runTimeMinutes: t.runTime,
    ageRating: t.age,
    hallId: t.venue,
    currency: t.currency,
    prices: t.prices,
    "settings.gatherAt": t.gatherAt,
    "settings.openAt": t.openAt,
    "settings.closeAt": t.closeAt,
    "settings.beacon": t.method,
    "settings.verification": t.joining,
    "settings.capacity": t.capacity,
    "settings.ratePerMinute": t.rate,
    "settings.maxSeatsPerMember": t.seatsEach,
    "settings.bookingSeconds": t.bookingMinutes,
  };
  return known[field] ?? t.sale;
}

/** A value as the form would show it, in a few words. */
function shown(t: Words, state: DeskState, values: Values, field: string, chosen: string): string {
  const value = values[field];
  if (value === null || value === undefined || value === "") return t.nothingYet;
  if (field === "hallId") return state.halls.find(({ id }) => id === value)?.name ?? t.venue;
  if (field === "settings.bookingSeconds" && typeof value === "number") return String(value / 60);
  if (field === "settings.verification") return value === "codes" ? t.joinCodes : t.joinVerifier;
  if (field === "prices") {
    const currency = textOf(state.values, "currency") || "KRW";
    const prices = Object.entries(pricesOf(values));
    return prices.map(([grade, amount]) => `${grade} ${moneyText(amount, currency, chosen)}`).join(", ");
  }
  if (field.endsWith("At")) {
    const moment = timeOf(values, field);
    if (moment !== null) return dateTimeText(moment, zoneOf(state), chosen);
  }
  if (typeof value === "boolean") return value ? t.switchedOn : t.switchedOff;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** What the last ticket came to, readable from an arm's length: colour, mark and words say the same. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import type { Result, Seat } from "../calls/door.ts";
import { dateTimeText } from "../format/dates.ts";
import { doorText } from "../i18n/ko/door.ts";
import { language } from "../i18n/language.ts";

export interface Told {
  readonly result: Result;
  readonly seat: Seat | null;
  readonly firstUse: { readonly at: number; readonly device: string } | null;
  /** Decided by the list. */
  readonly offline: boolean;
}

export function Sign({ told, timeZone }: { readonly told: Told | null; readonly timeZone: string }): JSX.Element {
  const t = useStore(doorText);
  const chosen = useStore(language);
  const state = told === null ? "ready" : told.result === "admitted" ? "good" : "bad";
  return (
    <div class={`sign sign-${state}`} role="status" aria-live="assertive" data-result={told?.result ?? "ready"}>
      {told === null ? (
        <p class="sign-word">{t.ready}</p>
      ) : (
        <>
          <span class="sign-mark" aria-hidden="true">
            {state === "good" ? "✓" : "✕"}
          </span>
          <p class="sign-word">{t[told.result]}</p>
          {told.seat !== null && (
            <p class="sign-seat">
              {told.seat.section} {t.seatLine({ row: told.seat.row, seat: told.seat.label })} · {told.seat.grade}
            </p>
          )}
          {told.result === "already-used" && told.firstUse !== null && (
            <p>
              {t.firstUse({ at: dateTimeText(told.firstUse.at, timeZone, chosen) })}
              {told.firstUse.device === "" ? "" : ` · ${told.firstUse.device}`}
            </p>
          )}
          {told.offline && <p>{t.byList}</p>}
        </>
      )}
    </div>
  );
}

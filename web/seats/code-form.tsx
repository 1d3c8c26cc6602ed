/** "I have a code": opens what an organiser keeps for its owners. Whether it opens a seat is for the server to say. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { seatsText } from "../i18n/ko/seats.ts";
import type { Booking } from "./booking.ts";
import { SEAT_CODE_LENGTH_MAX } from "./seat-code.ts";

export function CodeForm({ booking }: { readonly booking: Booking }): JSX.Element {
  const t = useStore(seatsText);
  const { code, busy } = useStore(booking.state);
  const [written, setWritten] = useState(code);
  function use(event: Event): void {
    event.preventDefault();
    booking.setCode(written);
  }
  function drop(): void {
    setWritten("");
    booking.setCode("");
  }
  return (
    <details class="seat-code" data-code={code === "" ? "none" : "used"}>
      <summary data-action="seat-code">{code === "" ? t.codeHave : t.codeUsed}</summary>
      <form onSubmit={use}>
        <label>
          <span>{t.code}</span>
          <input
            data-field="seat-code"
            value={written}
            maxLength={SEAT_CODE_LENGTH_MAX}
            required
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => setWritten(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button" data-action="use-code" disabled={busy !== null}>
          {t.codeUse}
        </button>
        {code !== "" && (
          <button type="button" class="button quiet" data-action="drop-code" disabled={busy !== null} onClick={drop}>
            {t.codeDrop}
          </button>
        )}
        <p class="faint">{code === "" ? t.codeHint : t.codeOn}</p>
      </form>
    </details>
  );
}

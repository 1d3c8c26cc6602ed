/** What is picked or held, what it costs, and the next step. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import type { Hold } from "../calls/booking.ts";
import { moneyText } from "../format/money.ts";
import { seatsText } from "../i18n/ko/seats.ts";
import { language } from "../i18n/language.ts";
import { Countdown } from "../page/countdown.tsx";
import type { Booking } from "./booking.ts";
import { type NamedSeat, shortName } from "./seat-name.ts";

export function Summary({ booking }: { readonly booking: Booking }): JSX.Element {
  const t = useStore(seatsText);
  const { choice, message } = useStore(booking.state);
  return (
    <aside class="card summary" aria-label={t.yours}>
      {message !== "" && <p class="alert">{message}</p>}
      {choice.holds.length > 0 ? (
        choice.holds.map((hold) => <Held key={hold.id} booking={booking} hold={hold} />)
      ) : (
        <Picked booking={booking} />
      )}
    </aside>
  );
}

function Picked({ booking }: { readonly booking: Booking }): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  const { choice, busy } = useStore(booking.state);
  const { currency } = booking.options.plan;
  const seats = choice.picked.flatMap((index) => booking.hall.seats[index] ?? []);
  const total = seats.reduce((sum, seat) => sum + seat.price, 0);
  return (
    <>
      <h2>{t.yours}</h2>
      {seats.length === 0 && <p class="faint summary-hint">{t.none({ n: booking.options.limit })}</p>}
      <ul class="rows chosen">
        {seats.map((seat) => (
          <li key={seat.id}>
            <SeatLine seat={seat} several={booking.severalSections} currency={currency} />
            <button
              type="button"
              class="icon"
              aria-label={t.remove({ seat: shortName(seat, booking.severalSections) })}
              onClick={() => booking.press(seat.index)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <div class="summary-foot">
        <p class="total">
          <span>
            {t.total} · {t.count({ n: seats.length })}
          </span>
          <strong>{moneyText(total, currency, chosen)}</strong>
        </p>
        <button
          type="button"
          class="button wide"
          data-action="hold"
          disabled={seats.length === 0 || busy !== null}
          onClick={() => void booking.hold()}
        >
          {busy === "hold" ? t.holding : t.hold}
        </button>
      </div>
    </>
  );
}

function Held({ booking, hold }: { readonly booking: Booking; readonly hold: Hold }): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  const { busy } = useStore(booking.state);
  return (
    <div class="held" data-hold-id={hold.id}>
      <h2>{t.held}</h2>
      <p>
        <Countdown to={hold.expiresAt} label={t.holdEnds} spoken onEnd={() => booking.holdOver(hold)} />
      </p>
      <ul class="rows chosen">
        {hold.seats.map((seat) => (
          <li key={seat.id}>
            <SeatLine seat={seat} several={booking.severalSections} currency={hold.currency} />
          </li>
        ))}
      </ul>
      <div class="summary-foot">
        <p class="total">
          <span>{t.total}</span>
          <strong>{moneyText(hold.amount, hold.currency, chosen)}</strong>
        </p>
        <button
          type="button"
          class="button wide"
          data-action="order"
          disabled={busy !== null}
          onClick={() => void booking.order(hold)}
        >
          {busy === "order" ? t.ordering : t.order}
        </button>
        <button
          type="button"
          class="button quiet wide"
          data-action="release"
          disabled={busy !== null}
          onClick={() => void booking.release(hold)}
        >
          {t.release}
        </button>
      </div>
    </div>
  );
}

interface LineProps {
  readonly seat: NamedSeat;
  readonly several: boolean;
  readonly currency: string;
}

function SeatLine({ seat, several, currency }: LineProps): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  return (
    <span class="seat-line">
      <strong>{shortName(seat, several)}</strong>
      <span class="faint">
        {t.gradeName({ grade: seat.grade })} · {moneyText(seat.price, currency, chosen)}
      </span>
    </span>
  );
}

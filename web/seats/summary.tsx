/** What is picked or held, what it costs, and the next step. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import type { Alternative, Hold } from "../calls/booking.ts";
import { moneyText } from "../format/money.ts";
import { seatsText } from "../i18n/ko/seats.ts";
import { language } from "../i18n/language.ts";
import { Countdown } from "../page/countdown.tsx";
import { Why } from "./best.tsx";
import type { Booking } from "./booking.ts";
import { KeptOrderNote, stands, useKept } from "./kept-order.tsx";
import { type NamedSeat, shortName } from "./seat-name.ts";

export function Summary({ booking }: { readonly booking: Booking }): JSX.Element {
  const t = useStore(seatsText);
  const { choice, message, offer } = useStore(booking.state);
  const kept = useKept(booking.options.performanceId);
  // That an order is over is said until somebody chooses anew.
  const anew = choice.holds.length > 0 || choice.picked.length > 0;
  return (
    <aside class="card summary" aria-label={t.yours}>
      {kept !== null && (stands(kept) || !anew) && <KeptOrderNote kept={kept} several={booking.severalSections} />}
      {message !== "" && <p class="alert">{message}</p>}
      {offer !== null && choice.holds.length === 0 && <Offer booking={booking} offer={offer} />}
      {choice.holds.length > 0 ? (
        choice.holds.map((hold) => <Held key={hold.id} booking={booking} hold={hold} />)
      ) : (
        <Picked booking={booking} />
      )}
    </aside>
  );
}

/** What there is instead of seats that were gone, for one press. */
function Offer({ booking, offer }: { readonly booking: Booking; readonly offer: Alternative }): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  const { busy } = useStore(booking.state);
  const { currency } = booking.options.plan;
  return (
    <div class="offer" data-offer>
      <p>
        <strong>{offer.sameGrade ? t.offerSame : t.offerOther}</strong>{" "}
        {offer.seats.map((seat) => shortName(seat, booking.severalSections)).join(", ")} ·{" "}
        {moneyText(offer.amount, currency, chosen)}
      </p>
      <button
        type="button"
        class="button wide"
        data-action="hold-offer"
        disabled={busy !== null}
        onClick={() => void booking.holdOffer(offer)}
      >
        {t.offerHold}
      </button>
    </div>
  );
}

/** Before anything is asked for: which seat would be left alone, and that wheelchair spaces are kept for those who need them. */
function Advice({ booking }: { readonly booking: Booking }): JSX.Element {
  const t = useStore(seatsText);
  const { alone, accessible, choice } = useStore(booking.state);
  const { seats } = booking.hall;
  const names = alone.flatMap((index) => {
    const seat = seats[index];
    return seat === undefined ? [] : [shortName(seat, booking.severalSections)];
  });
  const kept = accessible || choice.picked.some((index) => seats[index]?.accessible === true);
  return (
    <>
      {names.length > 0 && (
        <p class="alert" data-alone role="status">
          {t.alone({ seats: names.join(", ") })}
        </p>
      )}
      {kept && (
        <label class="check">
          <input
            type="checkbox"
            data-field="accessible"
            checked={accessible}
            onChange={(event) => booking.setAccessible(event.currentTarget.checked)}
          />
          <span>{t.accessibleNeeded}</span>
        </label>
      )}
    </>
  );
}

function Picked({ booking }: { readonly booking: Booking }): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  const { choice, busy, alone } = useStore(booking.state);
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
      <Advice booking={booking} />
      <div class="summary-foot" hidden={seats.length === 0}>
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
          disabled={seats.length === 0 || busy !== null || alone.length > 0}
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
  const { busy, why } = useStore(booking.state);
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
      {why !== null && <Why why={why} />}
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

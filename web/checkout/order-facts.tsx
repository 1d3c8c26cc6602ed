/** What an order is about: the show, when and where, the seats, the sum. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import type { BookedSeat } from "../calls/booking.ts";
import type { Order } from "../calls/orders.ts";
import { moneyText } from "../format/money.ts";
import { checkoutText } from "../i18n/ko/checkout.ts";
import { language } from "../i18n/language.ts";
import { Moment } from "../page/moment.tsx";

export function SeatWords({ seat }: { readonly seat: BookedSeat }): JSX.Element {
  const t = useStore(checkoutText);
  return (
    <>
      {seat.section}{" "}
      {seat.row === "" ? t.placeLine({ n: seat.label }) : t.seatLine({ row: seat.row, seat: seat.label })}{" "}
      <span class="faint">{t.gradeLine({ grade: seat.grade })}</span>
    </>
  );
}

export function OrderFacts({ order }: { readonly order: Order }): JSX.Element {
  const t = useStore(checkoutText);
  const chosen = useStore(language);
  const given = new Set(order.cancellations.flatMap(({ seats }) => seats));
  return (
    <>
      <dl class="facts">
        <div>
          <dt>{t.when}</dt>
          <dd>
            <Moment at={order.startsAt} zone={order.timeZone} />
          </dd>
        </div>
        <div>
          <dt>{t.where}</dt>
          <dd>{order.hallName}</dd>
        </div>
      </dl>
      <h2>{t.seats}</h2>
      <ul class="rows">
        {order.seats.map((seat) => (
          <li key={seat.id} class={given.has(seat.id) ? "given-back" : ""}>
            <span>
              <SeatWords seat={seat} /> {given.has(seat.id) && <span class="badge">{t.givenBack}</span>}
            </span>
            <span>{moneyText(seat.price, order.currency, chosen)}</span>
          </li>
        ))}
      </ul>
      <p class="total">
        <span>{order.status === "paid" ? t.paid : t.total}</span>
        <strong>{order.amount === 0 ? t.free : moneyText(order.amount, order.currency, chosen)}</strong>
      </p>
    </>
  );
}

/** Seats that were ordered and wait to be paid: what they are, until when, and the way on. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Order, readOrder } from "../calls/orders.ts";
import { payState } from "../checkout/outcome.ts";
import { seatsText } from "../i18n/ko/seats.ts";
import { Countdown } from "../page/countdown.tsx";
import { useNow } from "../page/now.ts";
import type { Booking } from "./booking.ts";
import { shortName } from "./seat-name.ts";
import { keptOrder } from "./unpaid-order.ts";

export function Unpaid({ booking }: { readonly booking: Booking }): JSX.Element | null {
  const t = useStore(seatsText);
  const now = useNow();
  const [order, setOrder] = useState<Order | null>(null);
  const { performanceId } = booking.options;
  useEffect(() => {
    const kept = keptOrder(performanceId);
    // One that cannot be read is still among one's orders.
    if (kept !== null) void readOrder(kept).then(setOrder, () => undefined);
  }, [performanceId]);
  if (order === null || payState(order, now) !== "payable") return null;
  return (
    <div class="offer" data-unpaid-order={order.id}>
      <p>
        <strong>{t.unpaid}</strong> {order.seats.map((seat) => shortName(seat, booking.severalSections)).join(", ")}
      </p>
      <p>
        <Countdown to={order.payBy} label={t.unpaidEnds} spoken />
      </p>
      <a class="button wide" href={`/checkout?order=${encodeURIComponent(order.id)}`} data-action="pay-order">
        {t.order}
      </a>
    </div>
  );
}

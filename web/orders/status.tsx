/** An order's state in words, and the way on while it can still be paid. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { depositOf, type Order } from "../calls/orders.ts";
import { payState } from "../checkout/outcome.ts";
import { ordersText } from "../i18n/ko/orders.ts";
import { Countdown } from "../page/countdown.tsx";
import { useNow } from "../page/now.ts";

export function StatusBadge({ order }: { readonly order: Order }): JSX.Element {
  const t = useStore(ordersText);
  const now = useNow();
  const late = order.status === "pending" && now >= order.payBy;
  const status = late ? "expired" : order.status;
  return (
    <span class={`badge badge-${status}`} data-status={order.status}>
      {t[status]}
    </span>
  );
}

export function PayLink({ order }: { readonly order: Order }): JSX.Element | null {
  const t = useStore(ordersText);
  const now = useNow();
  const deposit = depositOf(order);
  if (order.status === "awaiting-deposit" && deposit !== null && now < deposit.dueAt) {
    return (
      <div class="pay-link">
        <Countdown to={deposit.dueAt} label={t.depositWithin} />
        <a class="button quiet" href={`/order?id=${encodeURIComponent(order.id)}`}>
          {t.showAccount}
        </a>
      </div>
    );
  }
  if (payState(order, now) !== "payable") return null;
  return (
    <div class="pay-link">
      <Countdown to={order.payBy} label={t.payWithin} />
      <a class="button" href={`/checkout?order=${encodeURIComponent(order.id)}`}>
        {t.payNow}
      </a>
    </div>
  );
}

/** What was paid for an order, to look at or to print: ours, with the provider's own beside it where it has one. */
import { useStore } from "@nanostores/preact";
import type { ComponentChildren, JSX } from "preact";
import type { Attempt, Order } from "../calls/orders.ts";
import { SeatWords } from "../checkout/order-facts.tsx";
import { dateTimeText } from "../format/dates.ts";
import { moneyText } from "../format/money.ts";
import { providerName } from "../format/provider-name.ts";
import { ordersText } from "../i18n/ko/orders.ts";
import { language } from "../i18n/language.ts";
import { OrderTitle } from "../page/order-title.tsx";
import { accountOf } from "./account.ts";

export function Receipt({ order }: { readonly order: Order }): JSX.Element | null {
  const t = useStore(ordersText);
  const chosen = useStore(language);
  const account = accountOf(order);
  if (account === null) return null;
  const money = (amount: number): string => moneyText(amount, order.currency, chosen);
  return (
    <section class="card receipt" aria-labelledby="receipt-title">
      <h2 id="receipt-title">{t.receipt}</h2>
      <p>
        <OrderTitle orderId={order.id} title={order.title} />
        <br />
        <span class="faint">
          {dateTimeText(order.startsAt, order.timeZone, chosen)} · {order.hallName}
        </span>
      </p>
      <dl class="facts">
        <Line name={t.number}>
          <span class="code">{order.number}</span>
        </Line>
        {account.payments.map((payment) => (
          <Paid key={payment.number} payment={payment} order={order} />
        ))}
      </dl>
      <ul class="rows">
        {order.seats.map((seat) => (
          <li key={seat.id}>
            <span>
              <SeatWords seat={seat} />
            </span>
            <span>{money(seat.price)}</span>
          </li>
        ))}
      </ul>
      <dl class="facts">
        {account.fees > 0 && <Line name={t.feeKept}>{money(account.fees)}</Line>}
        {account.refunded > 0 && <Line name={t.refundedSum}>−{money(account.refunded)}</Line>}
      </dl>
      <p class="total">
        <span>{t.receiptTotal}</span>
        <strong data-receipt-total={account.total}>{money(account.total)}</strong>
      </p>
      <p class="actions">
        <button type="button" class="button quiet" data-action="print-receipt" onClick={() => print()}>
          {t.printReceipt}
        </button>
        {account.payments.map(({ number, receiptUrl }) =>
          receiptUrl !== null && /^https?:/.test(receiptUrl) ? (
            <a key={number} class="button quiet" href={receiptUrl} rel="noreferrer" data-action="provider-receipt">
              {t.providerReceipt}
            </a>
          ) : null,
        )}
      </p>
    </section>
  );
}

/** Ways to pay, as ours and as Toss names them (docs.tosspayments.com, Payment.method). */
const ways: Readonly<Record<string, "card" | "virtualAccount" | "easyPay" | "mobile" | "transfer">> = {
  CARD: "card",
  카드: "card",
  VIRTUAL_ACCOUNT: "virtualAccount",
  가상계좌: "virtualAccount",
  간편결제: "easyPay",
  휴대폰: "mobile",
  계좌이체: "transfer",
};

function Paid({ payment, order }: { readonly payment: Attempt; readonly order: Order }): JSX.Element {
  const t = useStore(ordersText);
  const chosen = useStore(language);
  const way = ways[payment.method];
  return (
    <>
      {payment.settledAt !== null && (
        <Line name={t.paidAt}>{dateTimeText(payment.settledAt, order.timeZone, chosen)}</Line>
      )}
      <Line name={t.paidBy}>
        {way === undefined ? payment.method : t[way]} · {providerName(payment.provider)}
      </Line>
      <Line name={t.paidAmount}>{moneyText(payment.amount, order.currency, chosen)}</Line>
    </>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Back from the payment window: confirms the payment, once, however often this page is loaded. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Problem } from "../api.ts";
import { type Order, readOrder } from "../calls/orders.ts";
import { confirmPayment } from "../calls/payments.ts";
import { checkoutText } from "../i18n/ko/checkout.ts";
import { depositText } from "../i18n/ko/deposit.ts";
import { Countdown } from "../page/countdown.tsx";
import { Alert, useLoad, WhenLoaded } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useNow, useTitle } from "../page/now.ts";
import { OrderTitle } from "../page/order-title.tsx";
import { sentenceOf } from "../page/sentence.ts";
import { speak } from "../page/speak.ts";
import { DepositDue } from "./deposit.tsx";
import { OrderFacts } from "./order-facts.tsx";
import { orderOfAttempt, payState } from "./outcome.ts";
import { useSettling } from "./settling.ts";

const query = new URLSearchParams(location.search);
const id = query.get("order") ?? orderOfAttempt(query.get("orderId") ?? "");
/** Each provider comes back with words of its own; the amount is compared by the server where the address names one. */
const intent = query.get("payment_intent");
const provider = intent === null ? "toss" : "stripe";
const paymentKey = intent ?? query.get("paymentKey");
const amountOf = (order: Order): number => (query.has("amount") ? Number(query.get("amount")) : order.amount);

interface Confirmed {
  readonly order: Order;
  /** Why the payment was declined. */
  readonly problem: unknown;
}

/** Refusals that say the order itself knows better than this page. */
const askTheOrder = new Set([
  "order-already-paid",
  "payment-in-progress",
  "attempt-superseded",
  "order-expired",
  "order-not-payable",
]);

async function settle(): Promise<Confirmed> {
  const order = await readOrder(id);
  if (paymentKey === null || (order.status !== "pending" && order.status !== "paying")) return { order, problem: null };
  try {
    return { order: await confirmPayment(id, provider, paymentKey, amountOf(order)), problem: null };
  } catch (error) {
    if (!(error instanceof Problem) || !error.definite || error.status === 401) throw error;
    return { order: await readOrder(id), problem: askTheOrder.has(error.code) ? null : error };
  }
}

function SuccessPage(): JSX.Element {
  const t = useStore(checkoutText);
  return id === "" ? <Alert text={t.missing} /> : <Confirming />;
}

function Confirming(): JSX.Element {
  const t = useStore(checkoutText);
  const confirmed = useLoad(settle);
  if (confirmed.state === "loading") return <Checking />;
  if (confirmed.state === "failed" && isMissing(confirmed.error)) {
    return (
      <Alert text={sentenceOf(confirmed.error)}>
        <a class="button quiet" href="/orders">
          {t.toOrders}
        </a>
      </Alert>
    );
  }
  if (confirmed.state === "failed") {
    return (
      <section class="card outcome" data-outcome="unclear">
        <h1>{t.unclear}</h1>
        <p>{sentenceOf(confirmed.error)}</p>
        <p>{t.unclearText}</p>
        <p class="actions">
          <button type="button" class="button" data-action="again" onClick={confirmed.again}>
            {t.checkAgain}
          </button>
          <a class="button quiet" href="/orders">
            {t.toOrders}
          </a>
        </p>
      </section>
    );
  }
  const { set } = confirmed;
  return (
    <WhenLoaded of={confirmed}>
      {({ order, problem }) => (
        <Outcome order={order} problem={problem} onChange={(fresh) => set({ order: fresh, problem })} />
      )}
    </WhenLoaded>
  );
}

const isMissing = (error: unknown): boolean => error instanceof Problem && error.status === 404;

function Checking(): JSX.Element {
  const t = useStore(checkoutText);
  useTitle(t.checking);
  return (
    <section class="card outcome" role="status" data-outcome="checking">
      <span class="spinner" aria-hidden="true" />
      <h1>{t.checking}</h1>
      <p>{t.checkingText}</p>
    </section>
  );
}

interface OutcomeProps {
  readonly order: Order;
  readonly problem: unknown;
  readonly onChange: (order: Order) => void;
}

function Outcome({ order, problem, onChange }: OutcomeProps): JSX.Element {
  const t = useStore(checkoutText);
  useSettling(order, true, onChange);
  const state = payState(order, useNow());
  const done = state === "paid";
  useTitle(done ? t.doneTitle : t.title);
  useEffect(() => {
    if (done) speak(t.doneTitle);
  }, [done, t]);
  if (state === "checking") return <Checking />;
  if (state === "deposit") return <Waiting order={order} />;
  if (!done) return <Unpaid order={order} problem={problem} payable={state === "payable"} />;
  return (
    <div class="narrow" data-outcome="paid">
      <section class="card">
        <div class="done">
          <span class="done-mark" aria-hidden="true">
            ✓
          </span>
          <h1>{t.doneTitle}</h1>
          <p class="faint">{t.doneText}</p>
        </div>
        <p class="card-title">
          <OrderTitle orderId={order.id} title={order.title} />
        </p>
        <dl class="facts">
          <div>
            <dt>{t.orderNumber}</dt>
            <dd class="code" data-order-id={order.id}>
              {order.number}
            </dd>
          </div>
        </dl>
        <OrderFacts order={order} />
        <a class="button wide" data-action="tickets" href={`/order?id=${encodeURIComponent(order.id)}`}>
          {t.tickets}
        </a>
      </section>
    </div>
  );
}

/** An account is open: what is to be done now, and that there is nothing to wait for on this page. */
function Waiting({ order }: { readonly order: Order }): JSX.Element {
  const t = useStore(checkoutText);
  return (
    <div class="narrow" data-outcome="deposit">
      <section class="card">
        <p class="card-title">
          <OrderTitle orderId={order.id} title={order.title} />
        </p>
        <dl class="facts">
          <div>
            <dt>{t.orderNumber}</dt>
            <dd class="code" data-order-id={order.id}>
              {order.number}
            </dd>
          </div>
        </dl>
        <DepositDue order={order} />
        <OrderFacts order={order} />
        <a class="button wide" href={`/order?id=${encodeURIComponent(order.id)}`}>
          {t.toOrder}
        </a>
      </section>
    </div>
  );
}

interface UnpaidProps {
  readonly order: Order;
  readonly problem: unknown;
  readonly payable: boolean;
}

function Unpaid({ order, problem, payable }: UnpaidProps): JSX.Element {
  const t = useStore(checkoutText);
  return (
    <section class="card outcome" data-outcome="unpaid">
      <h1>{t.failTitle}</h1>
      <p>{problem === null ? (payable ? t.failOther : t.expiredText) : sentenceOf(problem)}</p>
      {payable && <p>{t.seatsKept}</p>}
      {payable && <Countdown to={order.payBy} label={t.payWithin} spoken />}
      <p class="actions">
        {payable && (
          <a class="button" href={`/checkout?order=${encodeURIComponent(order.id)}`}>
            {t.payAgain}
          </a>
        )}
        <a class="button quiet" href={`/order?id=${encodeURIComponent(order.id)}`}>
          {t.toOrder}
        </a>
      </p>
    </section>
  );
}

void mountPage(SuccessPage, [checkoutText, depositText]);

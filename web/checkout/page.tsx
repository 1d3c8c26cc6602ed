/** Paying for an order. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { goToLogin } from "../account.ts";
import { type Order, readOrder } from "../calls/orders.ts";
import { beginPayment, listWays, type StripeCheckout } from "../calls/payments.ts";
import { moneyText } from "../format/money.ts";
import { checkoutText } from "../i18n/ko/checkout.ts";
import { depositText } from "../i18n/ko/deposit.ts";
import { language } from "../i18n/language.ts";
import { Countdown } from "../page/countdown.tsx";
import { Alert, useLoad, WhenLoaded } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useNow, useTitle } from "../page/now.ts";
import { OrderTitle } from "../page/order-title.tsx";
import { isStranger, sentenceOf } from "../page/sentence.ts";
import { speak } from "../page/speak.ts";
import { type Choice, choicesFor } from "./choices.ts";
import { DepositDue } from "./deposit.tsx";
import { OrderFacts } from "./order-facts.tsx";
import { payState } from "./outcome.ts";
import { openPaymentWindow, PaymentWindowError } from "./sdk.ts";
import { useSettling } from "./settling.ts";
import { StripeForm } from "./stripe-form.tsx";
import { Ways } from "./ways.tsx";

const id = new URLSearchParams(location.search).get("order") ?? "";
const orderPath = (page: string): string => `${page}?order=${encodeURIComponent(id)}`;

function CheckoutPage(): JSX.Element {
  const t = useStore(checkoutText);
  useTitle(t.title);
  return id === "" ? <Alert text={t.missing} /> : <Loading />;
}

function Loading(): JSX.Element {
  const order = useLoad(() => readOrder(id));
  return (
    <WhenLoaded of={order}>
      {(value) => <Checkout order={value} onChange={order.state === "ready" ? order.set : () => undefined} />}
    </WhenLoaded>
  );
}

interface Props {
  readonly order: Order;
  readonly onChange: (order: Order) => void;
}

function Checkout({ order, onChange }: Props): JSX.Element {
  const t = useStore(checkoutText);
  const state = payState(order, useNow());
  useSettling(order, state === "checking" || state === "deposit", onChange);
  if (state === "paid") {
    location.replace(orderPath("/success"));
    return <p class="loading">{t.doneTitle}</p>;
  }
  return (
    <div class="narrow" data-pay-state={state}>
      <h1>{t.title}</h1>
      {state === "checking" && <Note title={t.checking} text={t.checkingText} />}
      {state === "expired" && <Note title={t.expired} text={t.expiredText} />}
      {state === "not-payable" && <Note title={t.notPayable} text={t.soldBack} />}
      <section class="card">
        <p class="card-title">
          <OrderTitle orderId={order.id} title={order.title} />
        </p>
        <OrderFacts order={order} />
        <DepositDue order={order} />
        {state === "payable" ? <Pay order={order} onChange={onChange} /> : <Elsewhere order={order} />}
      </section>
    </div>
  );
}

function Note({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <div class="note" role="status">
      <strong>{title}</strong>
      <p>{text}</p>
    </div>
  );
}

function Elsewhere({ order }: { readonly order: Order }): JSX.Element {
  const t = useStore(checkoutText);
  return (
    <p class="actions">
      <a class="button quiet" href={`/order?id=${encodeURIComponent(order.id)}`}>
        {t.toOrder}
      </a>
      <a class="button quiet" href={`/performance?id=${encodeURIComponent(order.performanceId)}`}>
        {t.toShow}
      </a>
    </p>
  );
}

function Pay({ order, onChange }: Props): JSX.Element {
  const t = useStore(checkoutText);
  const amount = moneyText(order.amount, order.currency, useStore(language));
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState("");
  const last = order.attempts.at(-1)?.status;
  const before = last === "declined" ? t.declinedBefore : last === "begun" ? t.unfinished : "";
  const free = order.amount === 0;
  const ways = useLoad(listWays);
  const [wanted, setWanted] = useState<Choice | null>(null);
  const [stripe, setStripe] = useState<StripeCheckout | null>(null);
  const choices = ways.state === "ready" ? choicesFor(ways.value, order.currency) : [];
  const chosen = wanted ?? choices[0] ?? null;

  function say(sentence: string): void {
    setMessage(sentence);
    speak(sentence);
    setBusy(false);
  }

  useEffect(() => {
    // Back from the provider with the browser's own button: this page may come back as it was left.
    const returned = (event: PageTransitionEvent): void => {
      if (event.persisted) location.reload();
    };
    addEventListener("pageshow", returned);
    return () => removeEventListener("pageshow", returned);
  }, []);

  async function pay(): Promise<void> {
    if (busy || (!free && chosen === null)) return;
    setBusy(true);
    setMessage("");
    setStripe(null);
    try {
      const { provider, method } = free || chosen === null ? { provider: "free", method: "FREE" } : chosen;
      const begun = await beginPayment(order.id, provider, method);
      if (begun.order.status === "paid") return location.replace(orderPath("/success"));
      if (begun.checkout?.provider === "toss") await openPaymentWindow(begun.checkout.toss);
      if (begun.checkout?.provider === "stripe") setStripe(begun.checkout.stripe);
      onChange(begun.order);
      setBusy(false);
    } catch (error) {
      await failed(error);
    }
  }

  async function failed(error: unknown): Promise<void> {
    if (isStranger(error)) return goToLogin();
    if (error instanceof PaymentWindowError) {
      say(error.code === "USER_CANCEL" || error.code === "PAY_PROCESS_CANCELED" ? t.cancelled : t.sdkFailed);
    } else say(sentenceOf(error));
    try {
      onChange(await readOrder(order.id));
    } catch {
      // What is on screen stays until the next try.
    }
  }

  return (
    <div class="pay">
      <p>
        <Countdown to={order.payBy} label={t.payWithin} spoken />
      </p>
      {(message !== "" || (before !== "" && stripe === null)) && (
        <p class="alert">{message === "" ? before : message}</p>
      )}
      {!free && ways.state === "ready" && choices.length === 0 && <Alert text={t.noWay} />}
      {!free && ways.state === "failed" && (
        <Alert text={sentenceOf(ways.error)}>
          <button type="button" class="button quiet" data-action="again" onClick={ways.again}>
            {t.checkAgain}
          </button>
        </Alert>
      )}
      {!free && ways.state === "ready" && (
        <Ways
          ways={ways.value}
          order={order}
          chosen={chosen}
          onChoose={(choice) => {
            setWanted(choice);
            setStripe(null);
          }}
        />
      )}
      {stripe === null ? (
        <button
          type="button"
          class="button wide big"
          data-action="pay"
          disabled={busy || (!free && chosen === null)}
          onClick={() => void pay()}
        >
          {busy ? t.paying : free ? t.payFree : t.pay({ amount })}
        </button>
      ) : (
        <StripeForm checkout={stripe} amount={amount} onProblem={say} />
      )}
      {!free && <p class="join-hint">{t.secure}</p>}
    </div>
  );
}

void mountPage(CheckoutPage, [checkoutText, depositText]);

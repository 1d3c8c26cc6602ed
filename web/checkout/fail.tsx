/** The payment window was closed or declined: says so in a sentence and leads back while there is time. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { type Order, readOrder } from "../calls/orders.ts";
import { checkoutText } from "../i18n/ko/checkout.ts";
import { Countdown } from "../page/countdown.tsx";
import { useLoad, WhenLoaded } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useNow, useTitle } from "../page/now.ts";
import { failKind, orderOfAttempt, payState, shownCode } from "./outcome.ts";

const query = new URLSearchParams(location.search);
const id = query.get("order") ?? orderOfAttempt(query.get("orderId") ?? "");
const code = query.get("code") ?? "";

function FailPage(): JSX.Element {
  const t = useStore(checkoutText);
  useTitle(t.failTitle);
  const shown = shownCode(code);
  return (
    <section class="card outcome" data-outcome="failed">
      <h1>{t.failTitle}</h1>
      <p>{t[failKind(code)]}</p>
      {shown !== "" && <p class="faint code">{t.failCode({ code: shown })}</p>}
      {id !== "" && <WayBack />}
    </section>
  );
}

function WayBack(): JSX.Element {
  const order = useLoad(() => readOrder(id));
  return <WhenLoaded of={order}>{(value) => <Back order={value} />}</WhenLoaded>;
}

function Back({ order }: { readonly order: Order }): JSX.Element {
  const t = useStore(checkoutText);
  const payable = payState(order, useNow()) === "payable";
  return (
    <>
      <p>{payable ? t.seatsKept : order.status === "paid" ? t.doneTitle : t.expired}</p>
      {payable && <Countdown to={order.payBy} label={t.payWithin} spoken />}
      <p class="actions">
        {payable && (
          <a class="button" data-action="pay-again" href={`/checkout?order=${encodeURIComponent(order.id)}`}>
            {t.payAgain}
          </a>
        )}
        <a class="button quiet" href={`/order?id=${encodeURIComponent(order.id)}`}>
          {t.toOrder}
        </a>
      </p>
    </>
  );
}

void mountPage(FailPage, [checkoutText]);

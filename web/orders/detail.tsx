/** One order: what it is, its tickets, its money, and giving it back. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { goToLogin } from "../account.ts";
import { cancelOrder, type Order, readOrder } from "../calls/orders.ts";
import { listTickets, type Ticket } from "../calls/tickets.ts";
import { OrderFacts, SeatWords } from "../checkout/order-facts.tsx";
import { useSettling } from "../checkout/settling.ts";
import { dateTimeText } from "../format/dates.ts";
import { moneyText } from "../format/money.ts";
import { checkoutText } from "../i18n/ko/checkout.ts";
import { ordersText } from "../i18n/ko/orders.ts";
import { language } from "../i18n/language.ts";
import { Confirm } from "../page/confirm.tsx";
import { Alert, useLoad, WhenLoaded } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { isStranger, sentenceOf } from "../page/sentence.ts";
import { speak } from "../page/speak.ts";
import { PayLink, StatusBadge } from "./status.tsx";

const id = new URLSearchParams(location.search).get("id") ?? "";
const cancellable = new Set<Order["status"]>(["pending", "awaiting-deposit", "paid"]);

function OrderPage(): JSX.Element {
  const t = useStore(ordersText);
  useTitle(t.detail);
  return id === "" ? <Alert text={t.missing} /> : <Loading />;
}

function Loading(): JSX.Element {
  const t = useStore(ordersText);
  const order = useLoad(() => readOrder(id));
  return (
    <div class="narrow">
      <p>
        <a class="back" href="/orders">
          ← {t.back}
        </a>
      </p>
      <WhenLoaded of={order}>
        {(value) => <Detail order={value} onChange={order.state === "ready" ? order.set : () => undefined} />}
      </WhenLoaded>
    </div>
  );
}

interface Props {
  readonly order: Order;
  readonly onChange: (order: Order) => void;
}

function Detail({ order, onChange }: Props): JSX.Element {
  const t = useStore(ordersText);
  const chosen = useStore(language);
  useSettling(order, true, onChange);
  const receipt = order.attempts.find((attempt) => attempt.status === "approved")?.receiptUrl ?? null;
  return (
    <>
      <section class="card">
        <StatusBadge order={order} />
        <h1>{order.title}</h1>
        <OrderFacts order={order} />
        <dl class="facts">
          <div>
            <dt>{t.number}</dt>
            <dd class="code">{order.id}</dd>
          </div>
          <div>
            <dt>{t.placedAt}</dt>
            <dd>{dateTimeText(order.placedAt, order.timeZone, chosen)}</dd>
          </div>
        </dl>
        <PayLink order={order} />
        {receipt !== null && /^https?:/.test(receipt) && (
          <p>
            <a href={receipt} rel="noreferrer">
              {t.receipt}
            </a>
          </p>
        )}
        <Refunds order={order} />
        {cancellable.has(order.status) && <Cancel order={order} onChange={onChange} />}
      </section>
      {order.status === "paid" && <Tickets order={order} />}
    </>
  );
}

function Refunds({ order }: { readonly order: Order }): JSX.Element | null {
  const t = useStore(ordersText);
  const chosen = useStore(language);
  if (order.refunds.length === 0) return null;
  return (
    <>
      <h2>{t.refunds}</h2>
      <ul class="rows">
        {order.refunds.map((refund) => {
          const amount = moneyText(refund.amount, order.currency, chosen);
          return (
            <li key={refund.number}>
              {refund.status === "refunded" ? t.refunded({ amount }) : t.refunding({ amount })}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Tickets({ order }: { readonly order: Order }): JSX.Element {
  const t = useStore(ordersText);
  const tickets = useLoad(() => listTickets(order.id));
  return (
    <section class="tickets">
      <h2>{t.tickets}</h2>
      <WhenLoaded of={tickets}>
        {(items) =>
          items.length === 0 ? (
            <Alert text={t.ticketsSoon}>
              <button
                type="button"
                class="button quiet"
                onClick={tickets.state === "ready" ? tickets.again : undefined}
              >
                {t.tickets}
              </button>
            </Alert>
          ) : (
            <>
              <ul class="ticket-list">
                {items.map((ticket) => (
                  <TicketStub key={ticket.id} ticket={ticket} order={order} />
                ))}
              </ul>
              {items.length > 1 && (
                <p class="more">
                  <a class="button quiet" href={`/ticket?order=${encodeURIComponent(order.id)}`}>
                    {t.printTickets}
                  </a>
                </p>
              )}
            </>
          )
        }
      </WhenLoaded>
    </section>
  );
}

function TicketStub({ ticket, order }: { readonly ticket: Ticket; readonly order: Order }): JSX.Element {
  const t = useStore(ordersText);
  const chosen = useStore(language);
  return (
    <li class="ticket" data-ticket-id={ticket.id}>
      <p class="faint">{order.title}</p>
      <p class="ticket-seat">{ticket.seat !== null && <SeatWords seat={ticket.seat} />}</p>
      <p>
        {dateTimeText(ticket.startsAt, order.timeZone, chosen)} · {ticket.hallName}
      </p>
      <p>
        <a
          class="button"
          data-action="show-ticket"
          href={`/ticket?order=${encodeURIComponent(order.id)}&ticket=${encodeURIComponent(ticket.id)}`}
        >
          {t.showTicket}
        </a>
      </p>
    </li>
  );
}

function Cancel({ order, onChange }: Props): JSX.Element {
  const t = useStore(ordersText);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState("");
  async function cancel(): Promise<void> {
    setBusy(true);
    setMessage("");
    try {
      const cancelled = await cancelOrder(order.id);
      speak(t[cancelled.status]);
      onChange(cancelled);
    } catch (error) {
      if (isStranger(error)) return goToLogin();
      setMessage(sentenceOf(error));
    }
    setBusy(false);
    setAsking(false);
  }
  return (
    <>
      {message !== "" && <Alert text={message} />}
      <p class="cancel-line">
        <button
          type="button"
          class="plain danger-text"
          data-action="cancel"
          disabled={busy}
          onClick={() => setAsking(true)}
        >
          {busy ? t.cancellingNow : t.cancel}
        </button>
      </p>
      <Confirm
        open={asking}
        title={t.cancelTitle}
        text={order.status === "paid" ? t.cancelText : t.cancelUnpaidText}
        keep={t.keep}
        go={busy ? t.cancellingNow : t.confirmCancel}
        action="cancel"
        busy={busy}
        onKeep={() => setAsking(false)}
        onGo={() => void cancel()}
      />
    </>
  );
}

void mountPage(OrderPage, [ordersText, checkoutText]);

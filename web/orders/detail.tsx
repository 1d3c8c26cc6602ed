/** One order: what it is, its tickets, its money, and giving it back. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { jittered } from "../api.ts";
import { type Move, type Order, readOrder } from "../calls/orders.ts";
import { listTickets, type Ticket } from "../calls/tickets.ts";
import { DepositDue } from "../checkout/deposit.tsx";
import { payState } from "../checkout/outcome.ts";
import { OrderFacts, SeatWords } from "../checkout/order-facts.tsx";
import { useSettling } from "../checkout/settling.ts";
import { dateTimeText } from "../format/dates.ts";
import { moneyText } from "../format/money.ts";
import { checkoutText } from "../i18n/ko/checkout.ts";
import { depositText } from "../i18n/ko/deposit.ts";
import { ordersText } from "../i18n/ko/orders.ts";
import { language } from "../i18n/language.ts";
import { Alert, type Loaded, useLoad, WhenLoaded } from "../page/load.tsx";
import { Moment, ReadersTime } from "../page/moment.tsx";
import { mountPage } from "../page/mount.tsx";
import { useNow, useTitle } from "../page/now.ts";
import { OrderTitle } from "../page/order-title.tsx";
import { Cancel } from "./cancel.tsx";
import { Receipt } from "./receipt.tsx";
import { RefundAccount } from "./refund-account.tsx";
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
    <div class="narrow order-page">
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
  useSettling(order, true, onChange);
  // Begun and not paid: whoever came back from the payment window may give up as well as go on.
  const payable = payState(order, useNow()) === "payable";
  return (
    <>
      <section class="card">
        <StatusBadge order={order} />
        <h1>
          <OrderTitle orderId={order.id} title={order.title} />
        </h1>
        {order.moved !== null && order.status === "paid" && <Moved order={order} moved={order.moved} />}
        <OrderFacts order={order} />
        <dl class="facts">
          <div>
            <dt>{t.number}</dt>
            <dd class="code" data-order-number={order.number}>
              {order.number}
            </dd>
          </div>
          <div>
            <dt>{t.placedAt}</dt>
            <dd>
              <Moment at={order.placedAt} zone={order.timeZone} />
            </dd>
          </div>
        </dl>
        <DepositDue order={order} />
        {order.status !== "awaiting-deposit" && <PayLink order={order} />}
        <RefundAccount order={order} onChange={onChange} />
        <Refunds order={order} />
        {(cancellable.has(order.status) || payable) && <Cancel order={order} onChange={onChange} />}
      </section>
      {order.status === "paid" && <Tickets order={order} />}
      <Receipt order={order} />
    </>
  );
}

/** The show was moved: kept by doing nothing, or given back without a fee while there is time. */
function Moved({ order, moved }: { readonly order: Order; readonly moved: Move }): JSX.Element {
  const t = useStore(ordersText);
  const chosen = useStore(language);
  const free = useNow() < moved.freeUntil;
  const words = {
    from: dateTimeText(moved.from, order.timeZone, chosen),
    to: dateTimeText(order.startsAt, order.timeZone, chosen),
    until: dateTimeText(moved.freeUntil, order.timeZone, chosen),
  };
  return (
    <div class="note" role="status" data-moved={free ? "free" : "over"}>
      <strong>{t.movedTitle}</strong>
      <p>{t.movedText({ from: words.from, to: words.to })}</p>
      {free && (
        <p>
          {t.movedChoice({ until: words.until })}
          <ReadersTime at={moved.freeUntil} zone={order.timeZone} />
        </p>
      )}
    </div>
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
              {refund.status === "void"
                ? t.nothingToRefund({ amount })
                : refund.status === "refunded"
                  ? t.refunded({ amount })
                  : t.refunding({ amount })}
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
  useComing(tickets);
  // The records may be a moment behind: what was given back is no ticket, whatever they still say.
  const given = new Set(order.cancellations.flatMap(({ seats }) => seats));
  const valid = (ticket: Ticket): boolean => ticket.status === "valid" && !given.has(ticket.seat?.id ?? "");
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
                {items.filter(valid).map((ticket) => (
                  <TicketStub key={ticket.id} ticket={ticket} order={order} />
                ))}
              </ul>
              {items.filter(valid).length > 1 && (
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

/** Tickets are issued a moment after the money is there: until then they are asked for again, ever more slowly. */
function useComing(tickets: Loaded<readonly Ticket[]>): void {
  const pause = useRef(1_500);
  const empty = tickets.state === "ready" && tickets.value.length === 0 ? tickets : null;
  useEffect(() => {
    if (empty === null) return;
    const timer = setTimeout(empty.again, jittered(pause.current) + pause.current / 4);
    pause.current = Math.min(15_000, pause.current * 1.3);
    return () => clearTimeout(timer);
    // Each answer is a list of its own, and is followed by at most one question.
  }, [empty?.value]);
}

function TicketStub({ ticket, order }: { readonly ticket: Ticket; readonly order: Order }): JSX.Element {
  const t = useStore(ordersText);
  return (
    <li class="ticket" data-ticket-id={ticket.id}>
      <p class="faint">
        <OrderTitle orderId={order.id} title={order.title} />
      </p>
      <p class="ticket-seat">{ticket.seat !== null && <SeatWords seat={ticket.seat} />}</p>
      <p>
        <Moment at={ticket.startsAt} zone={order.timeZone} />
      </p>
      <p>{ticket.hallName}</p>
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

void mountPage(OrderPage, [ordersText, checkoutText, depositText]);

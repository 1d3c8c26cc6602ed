/** Tickets to show or to print: one a page, with everything somebody needs to find the seat, and the code for the door. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { goToLogin } from "../account.ts";
import { listTickets, reissueTicket, type Ticket } from "../calls/tickets.ts";
import { ticketText } from "../i18n/ko/ticket.ts";
import { useAwake } from "../page/awake.ts";
import { Confirm } from "../page/confirm.tsx";
import { Alert, useLoad, WhenLoaded } from "../page/load.tsx";
import { Moment } from "../page/moment.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { OrderTitle } from "../page/order-title.tsx";
import { isStranger, sentenceOf } from "../page/sentence.ts";
import { speak } from "../page/speak.ts";
import { QrCode } from "./code.tsx";

const query = new URLSearchParams(location.search);
const orderId = query.get("order") ?? "";
const chosenTicket = query.get("ticket");

function TicketPage(): JSX.Element {
  const t = useStore(ticketText);
  useTitle(t.title);
  return orderId === "" ? <Alert text={t.missing} /> : <Tickets />;
}

function Tickets(): JSX.Element {
  const t = useStore(ticketText);
  const tickets = useLoad(() => listTickets(orderId));
  useAwake();
  return (
    <div class="narrow tickets">
      <p class="ticket-bar">
        <a class="back" href={`/order?id=${encodeURIComponent(orderId)}`}>
          ← {t.back}
        </a>
        {tickets.state === "ready" && (
          <button type="button" class="button quiet" data-action="print" onClick={() => print()}>
            {t.print}
          </button>
        )}
      </p>
      <WhenLoaded of={tickets}>
        {(items) => {
          const shown = items.filter(({ id }) => chosenTicket === null || id === chosenTicket);
          if (shown.length === 0) return <Alert text={t.none} />;
          const replace = (made: Ticket): void => {
            if (tickets.state === "ready") tickets.set(items.map((one) => (one.id === made.id ? made : one)));
          };
          return shown.map((ticket) => <Sheet key={ticket.id} ticket={ticket} onChange={replace} />);
        }}
      </WhenLoaded>
    </div>
  );
}

interface Props {
  readonly ticket: Ticket;
  readonly onChange: (ticket: Ticket) => void;
}

function Sheet({ ticket, onChange }: Props): JSX.Element {
  const t = useStore(ticketText);
  const { seat } = ticket;
  const cancelled = ticket.status === "cancelled";
  return (
    <article class={cancelled ? "card sheet sheet-void" : "card sheet"} data-ticket-id={ticket.id}>
      <h1>
        <OrderTitle orderId={orderId} title={ticket.title} />
      </h1>
      {seat !== null && (
        <p class="sheet-seat">
          {seat.section} {t.seatLine({ row: seat.row, seat: seat.label })}
        </p>
      )}
      {!cancelled && (
        <>
          <QrCode text={ticket.token} label={t.qr} />
          <p class="sheet-code">
            <span class="faint">{t.code}</span> <strong class="code">{spaced(ticket.code)}</strong>
          </p>
        </>
      )}
      <dl class="facts">
        <div>
          <dt>{t.when}</dt>
          <dd>
            <Moment at={ticket.startsAt} zone={ticket.timeZone} />
          </dd>
        </div>
        <div>
          <dt>{t.where}</dt>
          <dd>{ticket.hallName}</dd>
        </div>
        {seat !== null && (
          <div>
            <dt>{t.grade}</dt>
            <dd>{seat.grade}</dd>
          </div>
        )}
        <div>
          <dt>{t.orderNumber}</dt>
          <dd class="code" data-order-number={ticket.orderNumber}>
            {ticket.orderNumber}
          </dd>
        </div>
      </dl>
      {cancelled ? (
        <Alert text={t.cancelled} />
      ) : (
        <>
          <p class="faint sheet-hint">{t.hint}</p>
          <Again ticket={ticket} onChange={onChange} />
        </>
      )}
    </article>
  );
}

/** Read aloud in two halves. */
function spaced(code: string): string {
  return `${code.slice(0, 5)} ${code.slice(5)}`;
}

/** A new code for a ticket that somebody else may have seen. */
function Again({ ticket, onChange }: Props): JSX.Element {
  const t = useStore(ticketText);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState("");
  async function go(): Promise<void> {
    setBusy(true);
    setMessage("");
    try {
      onChange(await reissueTicket(orderId, ticket.id, ticket.version));
      speak(t.reissued);
    } catch (error) {
      if (isStranger(error)) return goToLogin();
      setMessage(sentenceOf(error));
    }
    setBusy(false);
    setAsking(false);
  }
  return (
    <div class="sheet-again">
      {message !== "" && <Alert text={message} />}
      <button type="button" class="plain" data-action="reissue" disabled={busy} onClick={() => setAsking(true)}>
        {t.reissue}
      </button>
      {asking && (
        <Confirm
          open={asking}
          title={t.reissueTitle}
          text={t.reissueText}
          keep={t.keep}
          go={t.reissue}
          action="reissue"
          busy={busy}
          onKeep={() => setAsking(false)}
          onGo={() => void go()}
        />
      )}
    </div>
  );
}

void mountPage(TicketPage, [ticketText]);

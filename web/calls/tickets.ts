/** The tickets of an order. */
import { ask } from "../api.ts";
import { fields, listOf, nullable, number, oneOf, text, time } from "../decode.ts";
import { fallback } from "../decode-loosely.ts";
import { type BookedSeat, bookedSeat } from "./booking.ts";

export interface Ticket {
  readonly id: string;
  readonly status: "valid" | "cancelled";
  readonly version: number;
  readonly code: string;
  readonly orderNumber: string;
  readonly title: string;
  readonly seat: BookedSeat | null;
  readonly startsAt: number;
  readonly timeZone: string;
  readonly hallName: string;
  readonly token: string;
}

const ticket = fields<Ticket>({
  id: text,
  status: oneOf("valid", "cancelled"),
  version: number,
  code: text,
  orderNumber: fallback(text, ""),
  title: text,
  seat: nullable(bookedSeat),
  startsAt: time,
  timeZone: text,
  hallName: fallback(text, ""),
  token: text,
});

const of = (orderId: string): string => `/api/orders/${encodeURIComponent(orderId)}/tickets`;

export async function listTickets(orderId: string): Promise<readonly Ticket[]> {
  const decode = fields({ items: listOf(ticket) });
  return (await ask({ method: "GET", path: of(orderId), decode })).items;
}

/** Safe to repeat: it names the version it replaces. */
export async function reissueTicket(orderId: string, ticketId: string, version: number): Promise<Ticket> {
  const path = `${of(orderId)}/${encodeURIComponent(ticketId)}/reissue`;
  const answer = await ask({ method: "POST", path, body: { version }, repeatable: true, decode: fields({ ticket }) });
  return answer.ticket;
}

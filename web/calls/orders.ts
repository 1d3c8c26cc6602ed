/** Orders, paying for them, and their tickets. */
import { ask } from "../api.ts";
import { fields, listOf, nullable, number, oneOf, text, time } from "../decode.ts";
import { fallback } from "../decode-loosely.ts";
import { type BookedSeat, bookedSeat } from "./booking.ts";
import { askIntended } from "./intended.ts";
import { type Page, pageOf } from "./performances.ts";

const orderStatus = oneOf(
  "pending",
  "paying",
  "awaiting-deposit",
  "paid",
  "expired",
  "failed",
  "cancelling",
  "cancelled",
);
export type OrderStatus = ReturnType<typeof orderStatus>;

export interface Attempt {
  readonly number: number;
  readonly provider: string;
  readonly method: string;
  readonly amount: number;
  readonly status: string;
  readonly declineMessage: string | null;
  readonly receiptUrl: string | null;
}

export interface Refund {
  readonly number: number;
  readonly amount: number;
  readonly status: string;
  readonly settledAt: number | null;
}

export interface Order {
  readonly id: string;
  readonly performanceId: string;
  readonly title: string;
  readonly startsAt: number;
  readonly hallName: string;
  readonly timeZone: string;
  readonly seats: readonly BookedSeat[];
  readonly amount: number;
  readonly currency: string;
  readonly status: OrderStatus;
  readonly placedAt: number;
  readonly payBy: number;
  readonly attempts: readonly Attempt[];
  readonly refunds: readonly Refund[];
}

const attempt = fields<Attempt>({
  number,
  provider: text,
  method: fallback(text, ""),
  amount: number,
  status: text,
  declineMessage: nullable(text),
  receiptUrl: nullable(text),
});

const refund = fields<Refund>({ number, amount: number, status: text, settledAt: nullable(time) });

const order = fields<Order>({
  id: text,
  performanceId: text,
  title: text,
  startsAt: time,
  hallName: fallback(text, ""),
  timeZone: text,
  seats: listOf(bookedSeat),
  amount: number,
  currency: text,
  status: orderStatus,
  placedAt: time,
  payBy: time,
  attempts: fallback(listOf(attempt), []),
  refunds: fallback(listOf(refund), []),
});

const answer = fields({ order });

export async function placeOrder(performanceId: string, holdId: string): Promise<Order> {
  const path = `/api/performances/${encodeURIComponent(performanceId)}/orders`;
  return (await askIntended(`order:${holdId}`, { path, body: { holdId }, decode: answer })).order;
}

export function listOrders(cursor: string | null): Promise<Page<Order>> {
  const query = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
  return ask({ method: "GET", path: `/api/orders${query}`, decode: pageOf(order) });
}

const at = (orderId: string, rest = ""): string => `/api/orders/${encodeURIComponent(orderId)}${rest}`;

export async function readOrder(orderId: string): Promise<Order> {
  return (await ask({ method: "GET", path: at(orderId), decode: answer })).order;
}

/** What the payment provider's page needs; the amount is the server's. */
export interface TossCheckout {
  readonly sdkUrl: string;
  readonly clientKey: string;
  readonly customerKey: string;
  readonly method: string;
  readonly amount: { readonly currency: string; readonly value: number };
  readonly orderId: string;
  readonly orderName: string;
  readonly successUrl: string;
  readonly failUrl: string;
}

const tossCheckout = fields<TossCheckout>({
  sdkUrl: text,
  clientKey: text,
  customerKey: text,
  method: text,
  amount: fields({ currency: text, value: number }),
  orderId: text,
  orderName: text,
  successUrl: text,
  failUrl: text,
});

export interface BegunPayment {
  readonly order: Order;
  readonly checkout: TossCheckout | null;
}

/** Each press is a new attempt unless the answer to the last one was lost. */
export function beginPayment(orderId: string, provider: "toss" | "free"): Promise<BegunPayment> {
  const method = provider === "free" ? "FREE" : "CARD";
  const decode = fields<BegunPayment>({
    order,
    checkout: provider === "free" ? () => null : nullable(tossCheckout),
  });
  return askIntended(`payment:${orderId}`, { path: at(orderId, "/payments"), body: { provider, method }, decode });
}

export async function confirmPayment(orderId: string, paymentKey: string, amount: number): Promise<Order> {
  const body = { provider: "toss", paymentKey, amount };
  const path = at(orderId, "/payments/confirm");
  return (await askIntended(`confirm:${orderId}`, { path, body, decode: answer, timeoutMs: 60_000 })).order;
}

export async function cancelOrder(orderId: string): Promise<Order> {
  return (
    await askIntended(`cancel:${orderId}`, {
      path: at(orderId, "/cancel"),
      body: {},
      decode: answer,
      timeoutMs: 60_000,
    })
  ).order;
}

export interface Ticket {
  readonly id: string;
  readonly seat: BookedSeat | null;
  readonly startsAt: number;
  readonly hallName: string;
  readonly token: string;
}

const ticket = fields<Ticket>({
  id: text,
  seat: nullable(bookedSeat),
  startsAt: time,
  hallName: fallback(text, ""),
  token: text,
});

export async function listTickets(orderId: string): Promise<readonly Ticket[]> {
  const decode = fields({ items: listOf(ticket) });
  return (await ask({ method: "GET", path: at(orderId, "/tickets"), decode })).items;
}

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
  readonly settledAt: number | null;
  /** Of an attempt that is paid by bank transfer, once its account is open. */
  readonly deposit: Deposit | null;
}

/** Where a transfer goes, and until when. */
export interface Deposit {
  readonly bank: { readonly ko: string; readonly en: string };
  readonly number: string;
  readonly holder: string | null;
  readonly dueAt: number;
}

export interface Refund {
  readonly number: number;
  readonly amount: number;
  readonly status: string;
  readonly settledAt: number | null;
  /** `needed`, `refused`: the buyer has to say where to; null: it goes back the way it came. */
  readonly account: string | null;
}

export interface Order {
  readonly id: string;
  /** What people call it. */
  readonly number: string;
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
  /** Ids of seats that were given back, whether their money has gone yet or not. */
  readonly cancellations: readonly GivenBack[];
  readonly moved: Move | null;
}

export interface GivenBack {
  readonly seats: readonly string[];
  readonly fee: number;
  /** When its money had gone back; what was kept as a fee counts from then. */
  readonly settledAt: number | null;
}

/** The show was moved after the order was placed: it may be given back without a fee until then. */
export interface Move {
  readonly from: number;
  readonly freeUntil: number;
}

const deposit = fields<Deposit>({
  bank: fields({ ko: text, en: text }),
  number: text,
  holder: nullable(text),
  dueAt: time,
});

const attempt = fields<Attempt>({
  number,
  provider: text,
  method: fallback(text, ""),
  amount: number,
  status: text,
  declineMessage: nullable(text),
  receiptUrl: nullable(text),
  settledAt: fallback(nullable(time), null),
  deposit: fallback(nullable(deposit), null),
});

const refund = fields<Refund>({
  number,
  amount: number,
  status: text,
  settledAt: nullable(time),
  account: fallback(nullable(text), null),
});

export const order = fields<Order>({
  id: text,
  number: fallback(text, ""),
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
  cancellations: fallback(
    listOf(
      fields<GivenBack>({ seats: listOf(text), fee: fallback(number, 0), settledAt: fallback(nullable(time), null) }),
    ),
    [],
  ),
  moved: fallback(nullable(fields<Move>({ from: time, freeUntil: time })), null),
});

/** The transfer an order waits for, or was paid with. */
export function depositOf(order: Pick<Order, "attempts">): Deposit | null {
  return order.attempts.at(-1)?.deposit ?? null;
}

export const orderAnswer = fields({ order });

export async function placeOrder(performanceId: string, holdId: string): Promise<Order> {
  const path = `/api/performances/${encodeURIComponent(performanceId)}/orders`;
  return (await askIntended(`order:${holdId}`, { path, body: { holdId }, decode: orderAnswer })).order;
}

export function listOrders(cursor: string | null): Promise<Page<Order>> {
  const query = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
  return ask({ method: "GET", path: `/api/orders${query}`, decode: pageOf(order) });
}

export const at = (orderId: string, rest = ""): string => `/api/orders/${encodeURIComponent(orderId)}${rest}`;

export async function readOrder(orderId: string): Promise<Order> {
  return (await ask({ method: "GET", path: at(orderId), decode: orderAnswer })).order;
}

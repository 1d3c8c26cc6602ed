/**
 * The order machine: which status follows which event. One table; everything else about orders asks it.
 *
 *   pending → paying → paid → cancelling → cancelled, with the ways out when time, provider or member say no.
 */
import type { Order, OrderStatus } from "../contract.ts";
import { SEAT, type SeatStatus } from "../seats/board.ts";

export type OrderEvent = "begin-payment" | "approve" | "issue-deposit" | "decline" | "expire" | "cancel" | "refund";

const edges: Record<OrderStatus, Partial<Record<OrderEvent, OrderStatus>>> = {
  pending: { "begin-payment": "paying", expire: "expired", cancel: "cancelled" },
  // `paying` never expires while a provider may have the money: `expire` is only taken when no confirm was ever sent.
  paying: {
    "begin-payment": "paying",
    approve: "paid",
    "issue-deposit": "awaiting-deposit",
    decline: "pending",
    expire: "expired",
    cancel: "cancelled",
  },
  "awaiting-deposit": { approve: "paid", expire: "expired", cancel: "cancelled" },
  paid: { cancel: "cancelling" },
  cancelling: { refund: "cancelled" },
  expired: {},
  failed: {},
  cancelled: {},
};

/** The status after an event, or null where the event is not possible. */
export function next(status: OrderStatus, event: OrderEvent): OrderStatus | null {
  return edges[status][event] ?? null;
}

/** What the seats of an order in this status are. */
export function seatStatusOf(status: OrderStatus): SeatStatus {
  switch (status) {
    case "pending":
      return SEAT.held;
    case "paying":
      return SEAT.paying;
    case "awaiting-deposit":
      return SEAT.awaitingDeposit;
    case "paid":
    case "cancelling":
      return SEAT.sold;
    case "expired":
    case "failed":
    case "cancelled":
      return SEAT.free;
    default:
      return status satisfies never;
  }
}

export function holdsSeats(status: OrderStatus): boolean {
  return seatStatusOf(status) !== SEAT.free;
}

/** Is anything left that must happen by itself: a deadline, an answer of a provider, money on its way back? */
export function isOpen(order: Order): boolean {
  if (order.refunds.some((refund) => refund.status === "requested")) return true;
  return ["pending", "paying", "awaiting-deposit", "cancelling"].includes(order.status);
}

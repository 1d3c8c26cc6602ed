/**
 * The order machine: which status follows which event. One table; everything else about orders asks it, and docs/orders.md is
 * written from it (npm run docs:orders).
 */
import type { Order, OrderStatus } from "../contract.ts";
import { returnedSeats } from "../order-seats.ts";
import { SEAT, type SeatStatus } from "../seats/board.ts";

export type OrderEvent =
  | "begin-payment"
  | "approve"
  | "issue-deposit"
  | "undo-deposit"
  | "lose-deposit"
  | "decline"
  | "fail"
  | "expire"
  | "cancel"
  | "cancel-part"
  | "refund-part"
  | "refund";

interface Edge {
  readonly to: OrderStatus;
  /** When it is taken, as a sentence. */
  readonly when: string;
}

export const edges: Readonly<Record<OrderStatus, Readonly<Partial<Record<OrderEvent, Edge>>>>> = {
  pending: {
    "begin-payment": { to: "paying", when: "the member begins to pay: an attempt is named, the seats are fenced" },
    expire: { to: "expired", when: "the time to pay is over" },
    cancel: { to: "cancelled", when: "the member gives up, or the date is cancelled" },
  },
  // `paying` never expires while a provider may have the money: `expire` is only taken when no confirm was ever sent.
  paying: {
    "begin-payment": { to: "paying", when: "another attempt is begun; the one before is abandoned" },
    approve: { to: "paid", when: "the provider has the money (nobody is asked where nothing costs)" },
    "issue-deposit": { to: "awaiting-deposit", when: "the provider has opened an account for a transfer" },
    decline: { to: "pending", when: "the provider said no, and there is time for another try" },
    fail: { to: "failed", when: "the provider said no, and the time to pay is over" },
    expire: { to: "expired", when: "the time to pay is over, and no confirm was ever sent" },
    cancel: { to: "cancelled", when: "the member gives up before a confirm was sent, or the date is cancelled" },
  },
  "awaiting-deposit": {
    approve: { to: "paid", when: "the provider says that the transfer has arrived" },
    expire: { to: "expired", when: "the provider says that the account is closed and nothing arrived" },
    fail: { to: "failed", when: "another amount has arrived; it goes back" },
    cancel: { to: "cancelled", when: "the member gives up, or the date is cancelled" },
  },
  paid: {
    cancel: { to: "cancelling", when: "the last seats are cancelled, by the member or the organiser" },
    "cancel-part": { to: "paid", when: "some of the seats are cancelled" },
    "refund-part": { to: "paid", when: "the money of some seats has gone back, and with it the seats" },
    "undo-deposit": { to: "awaiting-deposit", when: "the bank has taken the transfer back" },
    "lose-deposit": {
      to: "cancelled",
      when: "the bank has taken the transfer back, and the account is closed or some seats were given back",
    },
  },
  cancelling: {
    "lose-deposit": { to: "cancelled", when: "the bank has taken back what was to be given back" },
    "refund-part": { to: "cancelling", when: "some money has gone back, and more is on its way" },
    refund: { to: "cancelled", when: "all the money that goes back has gone" },
  },
  expired: {},
  failed: {},
  cancelled: {},
};

/** The status after an event, or null where the event is not possible. */
export function next(status: OrderStatus, event: OrderEvent): OrderStatus | null {
  return edges[status][event]?.to ?? null;
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

/** What each of an order's seats is: those whose cancellation is complete are no longer its own. */
export function seatStatusesOf(order: Order): ReadonlyMap<string, SeatStatus> {
  const status = seatStatusOf(order.status);
  const returned = returnedSeats(order);
  return new Map(order.seats.map(({ id }) => [id, returned.has(id) ? SEAT.free : status]));
}

/** Are seats kept from everybody else by an order in this status? */
export function holdsSeats(status: OrderStatus): boolean {
  return seatStatusOf(status) !== SEAT.free;
}

/** How many seats an order keeps from everybody else. */
export function heldCount(order: Order): number {
  return holdsSeats(order.status) ? order.seats.length - returnedSeats(order).size : 0;
}

/** Is anything left that must happen by itself: a deadline, an answer of a provider, money on its way back? */
export function isOpen(order: Order): boolean {
  if (order.refunds.some((refund) => refund.status === "requested")) return true;
  if (order.attempts.some((attempt) => attempt.status === "closing")) return true;
  return ["pending", "paying", "awaiting-deposit", "cancelling"].includes(order.status);
}

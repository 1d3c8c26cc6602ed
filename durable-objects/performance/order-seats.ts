/** Which seats of an order are whose: cancelling takes them out one by one, and the order goes on with the rest. */
import type { Order, OrderSeat } from "./order-contract.ts";
import { defaultPolicy } from "./order-policy.ts";

/** Seats that nobody has cancelled: those a ticket is good for. */
export function keptSeats(order: Order): readonly OrderSeat[] {
  const cancelled = new Set(order.cancellations.flatMap(({ seats }) => seats));
  return order.seats.filter(({ id }) => !cancelled.has(id));
}

/** Seats whose cancellation is complete, money included: they are no longer this order's. */
export function returnedSeats(order: Order): ReadonlySet<string> {
  return new Set(order.cancellations.flatMap(({ seats, settledAt }) => (settledAt === null ? [] : seats)));
}

/** An order as an older version wrote it lacks what is newer: nothing of that had happened to it. */
export type StoredOrder = Omit<Order, "policy" | "cancellations" | "moved"> & {
  readonly policy?: Order["policy"] | undefined;
  readonly cancellations?: Order["cancellations"] | undefined;
  readonly moved?: Order["moved"] | undefined;
};

export function completed(stored: StoredOrder): Order {
  return {
    ...stored,
    policy: stored.policy ?? defaultPolicy(stored.currency),
    cancellations: stored.cancellations ?? [],
    moved: stored.moved ?? null,
  };
}

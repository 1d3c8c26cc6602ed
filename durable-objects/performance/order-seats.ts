/** Which seats of an order are whose, and whose money: cancelling takes seats out one by one, and the order goes on with the rest. */
import type { Deposit, Order, OrderSeat, PaymentAttempt, Refund } from "./order-contract.ts";
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

/** The reason of a refund nobody asked for: money that arrived for an attempt that was no longer the order's. */
export const STALE = "stale-attempt";

/** The attempt whose money pays the seats; that of a stale one went back, or is on its way. */
export function paidAttempt(order: Order): PaymentAttempt | null {
  const stale = new Set(order.refunds.flatMap(({ attempt, reason }) => (reason === STALE ? [attempt] : [])));
  return order.attempts.find(({ number, status }) => status === "approved" && !stale.has(number)) ?? null;
}

type StoredAttempt = Omit<PaymentAttempt, "deposit"> & { readonly deposit?: Deposit | null | undefined };
type StoredRefund = Omit<Refund, "account" | "keysSpent"> & {
  readonly account?: Refund["account"] | undefined;
  readonly keysSpent?: number | undefined;
};

/** An order as an older version wrote it lacks what is newer: nothing of that had happened to it. */
export type StoredOrder = Omit<Order, "policy" | "cancellations" | "moved" | "attempts" | "refunds"> & {
  readonly attempts: readonly StoredAttempt[];
  readonly refunds: readonly StoredRefund[];
  readonly policy?: Order["policy"] | undefined;
  readonly cancellations?: Order["cancellations"] | undefined;
  readonly moved?: Order["moved"] | undefined;
};

export function completed(stored: StoredOrder): Order {
  return {
    ...stored,
    attempts: stored.attempts.map((attempt) => ({ ...attempt, deposit: attempt.deposit ?? null })),
    refunds: stored.refunds.map((refund) => ({
      ...refund,
      account: refund.account ?? null,
      keysSpent: refund.keysSpent ?? 0,
    })),
    policy: stored.policy ?? defaultPolicy(stored.currency),
    cancellations: stored.cancellations ?? [],
    moved: stored.moved ?? null,
  };
}

/** Money on its way back: requested (named, with its key), then refunded when the provider has said so (cancellation.ts). */
import type { Order, PaymentAttempt, Refund, RefundTask } from "../contract.ts";
import { taskOf } from "./payment.ts";

/** The reason of a refund nobody asked for: money that arrived for an attempt that was no longer the order's. */
export const STALE = "stale-attempt";

export function addRefund(order: Order, attempt: PaymentAttempt, amount: number, reason: string, now: number): Order {
  const refund: Refund = {
    number: order.refunds.length + 1,
    attempt: attempt.number,
    amount,
    reason,
    status: "requested",
    transaction: null,
    requestedAt: now,
    settledAt: null,
  };
  return { ...order, refunds: [...order.refunds, refund] };
}

export function refundTask(order: Order, refund: Refund): RefundTask {
  const attempt = order.attempts.find((one) => one.number === refund.attempt);
  if (attempt === undefined) throw new Error(`refund ${refund.number} of order ${order.id} has no attempt`);
  return {
    ...taskOf(order, attempt),
    amount: refund.amount,
    idempotencyKey: `${order.id}:${attempt.number}:refund:${refund.number}`,
    refund: refund.number,
    reason: refund.reason,
  };
}

/** Every refund still under way since before `since`. */
export function openRefunds(orders: Iterable<Order>, since: number): readonly RefundTask[] {
  const tasks: RefundTask[] = [];
  for (const order of orders) {
    for (const refund of order.refunds) {
      if (refund.status === "requested" && refund.requestedAt <= since) tasks.push(refundTask(order, refund));
    }
  }
  return tasks;
}

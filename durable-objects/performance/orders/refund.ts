/** Giving money back: requested (named, with its key), then refunded when the provider has said so. */
import type { Order, PaymentAttempt, Refund, RefundOutcome, RefundTask } from "../contract.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { taskOf } from "./payment.ts";
import { findOrder, move, orderChanges } from "./rules.ts";

/** Cancels a paid order in full. Asked again while the money is under way, it answers the same task. */
export function requestRefund(context: RuleContext, order: Order, reason: string): Decision {
  const { now } = context;
  if (order.status !== "paid") {
    const open = order.refunds.find((refund) => refund.status === "requested");
    const task = open === undefined ? null : refundTask(order, open);
    return accept({ ok: true, kind: "refund", order, task });
  }
  const cancelling = move(order, "cancel", now);
  // Money of a stale attempt is on its way back already: what is left is the attempt that paid.
  const returning = new Set(order.refunds.map((refund) => refund.attempt));
  const attempt = order.attempts.find((one) => one.status === "approved" && !returning.has(one.number));
  if (cancelling === null || attempt === undefined) return refuse("order-not-cancellable", { status: order.status });
  if (order.amount === 0) {
    const free = move(cancelling, "refund", now);
    if (free === null) return refuse("order-not-cancellable", { status: order.status });
    return accept({ ok: true, kind: "refund", order: free, task: null }, ...orderChanges(free, order, now));
  }
  const requested = addRefund(cancelling, attempt, order.amount, reason, now);
  const refund = requested.refunds.at(-1);
  const task = refund === undefined ? null : refundTask(requested, refund);
  return accept({ ok: true, kind: "refund", order: requested, task }, ...orderChanges(requested, order, now));
}

export function settleRefund(context: RuleContext, orderId: string, number: number, outcome: RefundOutcome): Decision {
  const { now } = context;
  const order = findOrder(context, orderId);
  const refund = order?.refunds.find((one) => one.number === number);
  if (order === null || refund === undefined) return refuse("order-not-found");
  if (outcome.result === "unknown" || refund.status === "refunded") return accept({ ok: true, kind: "order", order });
  const settled: Refund = { ...refund, status: "refunded", transaction: outcome.transaction, settledAt: now };
  const refunds = order.refunds.map((one) => (one.number === number ? settled : one));
  const moved = move(order, "refund", now) ?? { ...order, version: order.version + 1, updatedAt: now };
  const changed: Order = { ...moved, refunds };
  return accept({ ok: true, kind: "order", order: changed }, ...orderChanges(changed, order, now));
}

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

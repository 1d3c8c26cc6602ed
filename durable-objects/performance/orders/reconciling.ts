/**
 * What the reconciler may ask for, because the rule is certain: an order is reported once more, and a refund that a provider
 * made without us is booked. And what it asks of the object about itself: do the seats on the plan agree with the orders?
 */
import type { Cancellation, Order, PaymentAttempt, ProviderRefund, Refund } from "../contract.ts";
import { keptSeats, paidAttempt } from "../order-seats.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { SEAT } from "../seats/board.ts";
import type { PerformanceState } from "../state.ts";
import { seatStatusesOf } from "./machine.ts";
import { returning } from "./returns.ts";
import { findOrder, move, orderChanges } from "./rules.ts";

/** The reason of a refund that was made at the provider, by hand or by the bank. */
const OUTSIDE = "refunded at the provider";

/** One version on with nothing changed: the records write all of it down again, whatever became of their rows. */
export function reportOrder(context: RuleContext, orderId: string): Decision {
  const { now } = context;
  const order = findOrder(context, orderId);
  if (order === null) return refuse("order-not-found");
  const again: Order = { ...order, version: order.version + 1, updatedAt: now };
  return accept({ ok: true, kind: "order", order: again }, ...orderChanges(again, order, now));
}

/** Noting it again changes nothing: the provider's name of the refund tells it from others. */
export function noteRefund(context: RuleContext, orderId: string, number: number, found: ProviderRefund): Decision {
  const { now } = context;
  const order = findOrder(context, orderId);
  const attempt = order?.attempts.find((one) => one.number === number && one.status === "approved");
  if (order === null || attempt === undefined) return refuse("order-not-found");
  if (order.refunds.some(({ transaction }) => transaction === found.transaction)) {
    return accept({ ok: true, kind: "order", order });
  }
  const ofAttempt = order.refunds.filter((one) => one.attempt === number && one.status !== "void");
  const given = ofAttempt.reduce((sum, one) => sum + one.amount, 0);
  const { amount } = found;
  // A refund of ours under way may be this very one: the recovery finds out, and nothing is booked twice meanwhile.
  const open = order.refunds.some(({ status }) => status === "requested");
  if (open || !Number.isSafeInteger(amount) || amount <= 0 || given + amount > attempt.amount) {
    return refuse("order-not-cancellable", { status: order.status, given, amount });
  }
  const noted = booked(order, attempt, found, now);
  const all = given + amount === attempt.amount && order.status === "paid" && paidAttempt(order)?.number === number;
  const changed = all ? ended(noted, now) : noted;
  return accept(
    { ok: true, kind: "order", order: changed },
    ...orderChanges(changed, order, now),
    ...returning(context, changed, order),
  );
}

function booked(order: Order, attempt: PaymentAttempt, { transaction, amount }: ProviderRefund, now: number): Order {
  const refund: Refund = {
    number: order.refunds.length + 1,
    attempt: attempt.number,
    amount,
    reason: OUTSIDE,
    status: "refunded",
    transaction,
    requestedAt: now,
    settledAt: now,
    account: null,
    keysSpent: 0,
  };
  return { ...order, refunds: [...order.refunds, refund], version: order.version + 1, updatedAt: now };
}

/** Nobody has paid for these seats any more: they go back as if the organiser had cancelled them. */
function ended(order: Order, now: number): Order {
  const kept = keptSeats(order);
  const cancelling = move(order, "cancel", now);
  const over = cancelling === null ? null : move(cancelling, "refund", now);
  if (over === null) throw new Error(`order ${order.id} cannot end from ${order.status}`);
  const cancellation: Cancellation = {
    number: order.cancellations.length + 1,
    by: "organiser",
    reason: OUTSIDE,
    seats: kept.map(({ id }) => id),
    amount: kept.reduce((sum, { price }) => sum + price, 0),
    fee: 0,
    refund: order.refunds.at(-1)?.number ?? null,
    at: now,
    settledAt: now,
  };
  // One commit, one version.
  return { ...over, cancellations: [...order.cancellations, cancellation], version: order.version };
}

/** Does the plan show every seat of an order as the order has it, and as this order's? */
export function agreesWithPlan(state: PerformanceState, order: Order): boolean {
  const board = state.boards.get(order.scheduleId);
  if (board === undefined) return false;
  return Array.from(seatStatusesOf(order)).every(([id, status]) => {
    const position = board.position(id);
    // A chart may have changed where nothing is sold any more.
    if (position === null) return status === SEAT.free;
    const own = board.holder[position] === order.holdNumber;
    // What an order has given up is somebody else's business, but no longer its own.
    return status === SEAT.free ? !own : own && board.status[position] === status;
  });
}

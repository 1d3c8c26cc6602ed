/**
 * Giving seats back: all of an order's or some, by the member within the policy the order was placed under, or by the
 * organiser without a fee. The money goes first; the seats are sold until it has gone, and return once.
 */
import type { CancellationQuote, Order, Refund, RefundOutcome } from "../contract.ts";
import { feeOf, ruleFor } from "../order-policy.ts";
import { keptSeats, paidAttempt } from "../order-seats.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import {
  accountForgotten,
  accountGiven,
  accountKey,
  addRefund,
  isOnItsWay,
  nextKey,
  refundTask,
  type RefundAccounts,
} from "./refund.ts";
import { returning } from "./returns.ts";
import { abandonAttempt, changed as nextVersion, findOrder, move, orderChanges, ownOrder } from "./rules.ts";

export interface CancelRequest {
  readonly member: string;
  readonly orderId: string;
  readonly reason: string;
  readonly seats: readonly string[] | null;
  readonly fee: number | null;
  /** Where the money of a bank transfer goes back to, sealed. */
  readonly account?: string;
}

/** The fee, before anything is given up. */
export function quoteCancellation(
  context: RuleContext,
  request: Pick<CancelRequest, "member" | "orderId" | "seats">,
): Decision {
  const order = ownOrder(context, request.member, request.orderId);
  if (order === null) return refuse("order-not-found");
  const quote = quoteOf(order, request.seats, context.now);
  return "code" in quote ? refuse(quote.code, { status: order.status }) : accept({ ok: true, kind: "quote", quote });
}

/**
 * An order, or some of its seats, is given back. `fee`: the one the buyer was told, and no other is taken; null: whatever it
 * is. Repeating it answers what came of it.
 */
export function cancelOrder(context: RuleContext, request: CancelRequest): Decision {
  const order = ownOrder(context, request.member, request.orderId);
  if (order === null) return refuse("order-not-found");
  const { refundAccounts } = context.state;
  const repeated = repetitionOf(order, request.seats, refundAccounts);
  if (repeated !== null) return repeated;
  if (order.attempts.at(-1)?.status === "confirming") return refuse("payment-in-progress");
  const quote = quoteOf(order, request.seats, context.now);
  if ("code" in quote) return refuse(quote.code, { status: order.status });
  if (request.fee !== null && request.fee !== quote.fee) return refuse("fee-changed", { fee: quote.fee });
  if (order.status !== "paid") return cancelUnpaid(context, order);
  const seats = quote.seats.map(({ id }) => id);
  const account = request.account ?? null;
  const transferred = (paidAttempt(order)?.deposit ?? null) !== null;
  if (transferred && quote.refund > 0 && account === null) return refuse("refund-account-required");
  return give(context, order, { seats, fee: quote.fee, by: "member", reason: request.reason, account });
}

/** The organiser's own cancellation of one order: whatever the policy says, nothing is kept. */
export function cancelByOrganiser(
  context: RuleContext,
  orderId: string,
  seats: readonly string[] | null,
  reason: string,
): Decision {
  const order = findOrder(context, orderId);
  if (order === null) return refuse("order-not-found");
  const repeated = repetitionOf(order, seats, context.state.refundAccounts);
  if (repeated !== null) return repeated;
  if (order.attempts.at(-1)?.status === "confirming") return refuse("payment-in-progress");
  if (order.status !== "paid") return cancelUnpaid(context, order);
  const chosen = chosenSeats(order, seats);
  if (chosen === null) return refuse("order-not-cancellable", { status: order.status });
  return give(context, order, { seats: chosen, fee: 0, by: "organiser", reason, account: null });
}

/** Not paid yet: at once. */
function cancelUnpaid(context: RuleContext, order: Order): Decision {
  const moved = move(order, "cancel", context.now);
  if (moved === null) return refuse("order-not-cancellable", { status: order.status });
  const given = abandonAttempt(moved, context.now);
  return accept({ ok: true, kind: "refund", order: given, task: null }, ...orderChanges(given, order, context.now));
}

/** Writing down what a provider said about a refund. Unknown changes nothing: it is asked again. */
export function settleRefund(context: RuleContext, orderId: string, number: number, outcome: RefundOutcome): Decision {
  const { now } = context;
  const order = findOrder(context, orderId);
  const refund = order?.refunds.find((one) => one.number === number);
  if (order === null || refund === undefined) return refuse("order-not-found");
  if (outcome.result === "unknown" || refund.status === "refunded") return accept({ ok: true, kind: "order", order });
  if (outcome.result === "key-spent") {
    const next = nextKey(order, refund, outcome.keysSpent, now);
    if (next === null) return accept({ ok: true, kind: "order", order });
    const again = nextVersion({ ...order, refunds: order.refunds.map((one) => (one === refund ? next : one)) }, now);
    return accept({ ok: true, kind: "order", order: again }, ...orderChanges(again, order, now));
  }
  const forgotten = accountForgotten(context.state, order, number);
  if (outcome.result === "account-refused") {
    if (refund.account !== "given" || refund.status === "void") return accept({ ok: true, kind: "order", order });
    const asked: Refund = { ...refund, account: "refused" };
    const again = nextVersion({ ...order, refunds: order.refunds.map((one) => (one === refund ? asked : one)) }, now);
    return accept({ ok: true, kind: "order", order: again }, ...orderChanges(again, order, now), ...forgotten);
  }
  const settled: Refund = { ...refund, status: "refunded", transaction: outcome.transaction, settledAt: now };
  const refunds = order.refunds.map((one) => (one.number === number ? settled : one));
  const cancellations = order.cancellations.map((one) =>
    one.refund === number ? { ...one, settledAt: one.settledAt ?? now } : one,
  );
  const repaid: Order = { ...order, refunds, cancellations };
  // Money of a stale attempt is about no seat, and that of an order which is over about none any more: it changes no status.
  const open = order.status === "paid" || order.status === "cancelling";
  const ofSeats = open && order.cancellations.some((one) => one.refund === number);
  const changed = ofSeats ? settledOrder(repaid, now) : nextVersion(repaid, now);
  return accept(
    { ok: true, kind: "order", order: changed },
    ...orderChanges(changed, order, now),
    ...returning(context, changed, order),
    ...forgotten,
  );
}

export interface Terms {
  readonly seats: readonly string[];
  readonly fee: number;
  readonly by: "member" | "organiser";
  readonly reason: string;
  /** Where the money of a bank transfer goes back to, sealed; null: nobody has said. */
  readonly account: string | null;
}

function give(context: RuleContext, order: Order, terms: Terms): Decision {
  const changed = cancelled(order, terms, context.now);
  const number = changed.cancellations.at(-1)?.refund;
  const refund = changed.refunds.find((one) => one.number === number);
  const { account } = terms;
  const task = refund === undefined || !isOnItsWay(refund) ? null : refundTask(changed, refund, account);
  const kept =
    refund?.account === "given" && account !== null ? [accountGiven(order, refund.number, account, context.now)] : [];
  return accept(
    { ok: true, kind: "refund", order: changed, task },
    ...orderChanges(changed, order, context.now),
    ...returning(context, changed, order),
    ...kept,
  );
}

/** A paid order after some of its seats were cancelled. What cost nothing, or is all fee, needs nobody's answer. */
export function cancelled(order: Order, { seats, fee, by, reason, account }: Terms, now: number): Order {
  const all = keptSeats(order).length === seats.length;
  const moved = move(order, all ? "cancel" : "cancel-part", now);
  const attempt = paidAttempt(order);
  if (moved === null || attempt === null) throw new Error(`order ${order.id} cannot be cancelled from ${order.status}`);
  const chosen = new Set(seats);
  const amount = order.seats.reduce((sum, { id, price }) => (chosen.has(id) ? sum + price : sum), 0);
  const back = Math.min(amount - fee, leftOf(order));
  const refund = back > 0 ? order.refunds.length + 1 : null;
  const settledAt = refund === null ? now : null;
  const number = order.cancellations.length + 1;
  const cancellation = { number, by, reason, seats, amount, fee, refund, at: now, settledAt };
  const given: Order = { ...moved, cancellations: [...order.cancellations, cancellation] };
  if (refund !== null) return addRefund(given, attempt, back, { reason, account }, now);
  // One commit, one version.
  return all ? settledOrder({ ...given, version: order.version }, now) : given;
}

/** The order after one of its cancellations is complete; the last one ends it. */
function settledOrder(order: Order, now: number): Order {
  const done = order.status === "cancelling" && order.cancellations.every(({ settledAt }) => settledAt !== null);
  const settled = move(order, done ? "refund" : "refund-part", now);
  if (settled === null) throw new Error(`order ${order.id} has no refund to settle while ${order.status}`);
  return settled;
}

/** What has not gone back, nor is on its way, of the money that pays the seats: a provider may have given some back by itself. */
function leftOf(order: Order): number {
  const attempt = paidAttempt(order);
  if (attempt === null) return 0;
  return order.refunds.reduce(
    (left, one) => (one.attempt === attempt.number && one.status !== "void" ? left - one.amount : left),
    attempt.amount,
  );
}

/** Asking again for what was cancelled answers the same, with the money that is still on its way. */
function repetitionOf(order: Order, seats: readonly string[] | null, accounts: RefundAccounts): Decision | null {
  let refunds = order.refunds;
  if (seats === null) {
    if (order.status !== "cancelling" && order.status !== "cancelled") return null;
  } else {
    const wanted = new Set(seats);
    const same = order.cancellations.find(
      (one) => one.seats.length === wanted.size && one.seats.every((id) => wanted.has(id)),
    );
    if (same === undefined) return null;
    refunds = refunds.filter(({ number }) => number === same.refund);
  }
  const open = refunds.find(isOnItsWay);
  if (open === undefined) return accept({ ok: true, kind: "refund", order, task: null });
  const account = accounts.get(accountKey(order.id, open.number))?.sealed ?? null;
  return accept({ ok: true, kind: "refund", order, task: refundTask(order, open, account) });
}

function quoteOf(
  order: Order,
  wanted: readonly string[] | null,
  now: number,
): CancellationQuote | { readonly code: "order-not-cancellable" | "cancellation-closed" } {
  const { currency } = order;
  if (order.status !== "paid") {
    const payable = ["pending", "paying", "awaiting-deposit"].includes(order.status);
    if (!payable || wanted !== null) return { code: "order-not-cancellable" };
    const seats = order.seats.map(({ id, price }) => ({ id, price, fee: 0 }));
    return { seats, amount: 0, fee: 0, refund: 0, currency, because: "unpaid" };
  }
  const chosen = chosenSeats(order, wanted);
  if (chosen === null) return { code: "order-not-cancellable" };
  const { placedAt, startsAt, timeZone, policy, moved } = order;
  const free = moved !== null && now < moved.freeUntil;
  const rule = free ? null : ruleFor(policy, { placedAt, startsAt, now, timeZone });
  if (!free && (rule === null || now >= startsAt)) return { code: "cancellation-closed" };
  const seats = order.seats
    .filter(({ id }) => chosen.includes(id))
    .map(({ id, price }) => ({ id, price, fee: rule === null ? 0 : feeOf(rule, price) }));
  const amount = seats.reduce((sum, { price }) => sum + price, 0);
  const fee = seats.reduce((sum, seat) => sum + seat.fee, 0);
  return {
    seats,
    amount,
    fee,
    refund: Math.min(amount - fee, leftOf(order)),
    currency,
    because: free ? "moved" : "policy",
  };
}

/** Seats of the order that are still its own; null where one of those named is not. */
function chosenSeats(order: Order, wanted: readonly string[] | null): readonly string[] | null {
  const kept = keptSeats(order).map(({ id }) => id);
  const chosen = wanted === null ? kept : [...new Set(wanted)];
  return chosen.length > 0 && chosen.every((id) => kept.includes(id)) ? chosen : null;
}

/** Writing down what a provider said about an attempt. Saying it again changes nothing. */
import type { Change } from "../changes.ts";
import type { Order, PaymentAttempt, PaymentOutcome, Refund } from "../contract.ts";
import { STALE } from "../order-seats.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { isCancelled } from "../state.ts";
import { cancelled } from "./cancellation.ts";
import { arrived, closed, opened, reopened, sessionEnded, undone, wasUndone } from "./deposit.ts";
import { addRefund } from "./refund.ts";
import { returning } from "./returns.ts";
import { changed, findOrder, move, orderChanges, replaceAttempt, type OrderEvent } from "./rules.ts";

/** Why money goes back that arrives for a date that is no more. */
export const DATE_CANCELLED = "date cancelled";

const ENDED = { fee: 0, by: "organiser", reason: DATE_CANCELLED, account: null } as const;

type Settling = Extract<PaymentOutcome, { result: "approved" | "declined" }>;

/** `asked`: the version the order had when the provider was asked; null: not known. */
export function settle(
  context: RuleContext,
  orderId: string,
  attemptNumber: number,
  outcome: PaymentOutcome,
  asked: number | null,
): Decision {
  const { now } = context;
  const order = findOrder(context, orderId);
  const attempt = order?.attempts.find((one) => one.number === attemptNumber);
  if (order === null || attempt === undefined) return refuse("order-not-found");
  const same = accept({ ok: true, kind: "order", order });
  if (outcome.result === "unknown") return same;
  if (attempt.status === "approved") {
    return outcome.result === "approved" ? same : undone(context, order, attempt, outcome.result, asked);
  }
  // A provider that took the money after all has it, whatever it said before: it goes back as that of a stale attempt.
  if (attempt.status === "declined" && outcome.result === "declined") return same;
  const last = order.attempts.at(-1)?.number === attemptNumber;
  const current = last && (order.status === "paying" || order.status === "awaiting-deposit");
  if (outcome.result === "awaiting-deposit") {
    if (current && order.status === "paying") return opened(context, order, attempt, outcome);
    return current ? same : reopened(context, order, attempt, asked);
  }
  if (wasUndone(attempt) && asked !== null && asked !== order.version) return same;
  if (outcome.result === "approved" && (!current || outcome.amount !== attempt.amount)) {
    return settleStale(context, order, attempt, outcome);
  }
  if (attempt.status === "closing") return closed(context, order, attempt);
  if (!current) return same;
  const settled = settleAttempt(order, attempt, outcome, now);
  if (settled.status !== "paid") {
    return accept({ ok: true, kind: "order", order: settled }, ...orderChanges(settled, order, now));
  }
  // The date was cancelled while the provider was at it: what arrives now goes back without anybody asking.
  const over = isCancelled(context.state, order.scheduleId);
  const seats = settled.seats.map(({ id }) => id);
  // One commit, one version: what was never seen paid is not reported as paid.
  const asBefore = { ...settled, version: order.version };
  const kept = over ? cancelled(asBefore, { ...ENDED, seats }, now) : settled;
  return accept(
    { ok: true, kind: "order", order: kept },
    ...paidChanges(context, kept, order),
    ...(over ? returning(context, kept, order) : []),
  );
}

/** The order after an approval or a refusal of its current attempt. @throws where the machine has no such edge: callers have looked. */
export function settleAttempt(order: Order, attempt: PaymentAttempt, outcome: Settling, now: number): Order {
  if (outcome.result === "approved") {
    const approved: PaymentAttempt = {
      ...attempt,
      status: "approved",
      method: outcome.method,
      transaction: outcome.transaction,
      receiptUrl: outcome.receiptUrl,
      settledAt: now,
      deposit: arrived(attempt, outcome, now),
    };
    return replaceAttempt(moved(order, "approve", now), approved);
  }
  const declined: PaymentAttempt = {
    ...attempt,
    status: "declined",
    declineCode: outcome.code,
    declineMessage: outcome.message,
    settledAt: now,
  };
  // The account is closed. Otherwise: declined within the time to pay, another try is possible; after it the order ends here.
  const event = order.status === "awaiting-deposit" ? "expire" : order.payBy > now ? "decline" : "fail";
  return replaceAttempt(moved(order, event, now), declined);
}

/** Money arrived for an attempt that is no longer the order's: it goes back without anybody asking. */
function settleStale(
  context: RuleContext,
  order: Order,
  attempt: PaymentAttempt,
  outcome: Extract<PaymentOutcome, { result: "approved" }>,
): Decision {
  const { now } = context;
  // The books follow the provider: what it took, not what it should have taken.
  const { amount, transaction } = outcome;
  const deposit = arrived(attempt, outcome, now);
  const approved: PaymentAttempt = { ...attempt, amount, status: "approved", transaction, settledAt: now, deposit };
  const last = order.attempts.at(-1)?.number === attempt.number;
  const next =
    last && order.status === "paying"
      ? moved(order, order.payBy > now ? "decline" : "fail", now)
      : last && order.status === "awaiting-deposit"
        ? moved(order, "fail", now)
        : changed(order, now);
  // What was void may have been made after all, of this very money: under its own number it is never made twice.
  const refunds = order.refunds.map((one): Refund =>
    one.attempt === attempt.number && one.status === "void"
      ? { ...one, status: "requested", account: deposit === null ? null : "needed" }
      : one,
  );
  const rest = refunds.reduce((left, one) => (one.attempt === attempt.number ? left - one.amount : left), amount);
  const booked = replaceAttempt({ ...next, refunds }, approved);
  const after = rest > 0 ? addRefund(booked, approved, rest, { reason: STALE, account: null }, now) : booked;
  return accept({ ok: true, kind: "order", order: after }, ...orderChanges(after, order, now));
}

/** A paid order also ends its member's booking session, but for one that was booked long before by bank transfer. */
export function paidChanges(context: RuleContext, paid: Order, before: Order): readonly Change[] {
  const freed = before.status === "awaiting-deposit" ? [] : sessionEnded(context, paid);
  return [...orderChanges(paid, before, context.now), ...freed];
}

function moved(order: Order, event: OrderEvent, now: number): Order {
  const result = move(order, event, now);
  if (result === null) throw new Error(`order ${order.id}: no ${event} from ${order.status}`);
  return result;
}

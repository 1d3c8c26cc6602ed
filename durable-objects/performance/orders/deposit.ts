/**
 * Paying by bank transfer. The provider opens an account for the order; the seats wait for the transfer until a deadline, and
 * after it until the provider has closed the account and says what became of it: only then are they free again. Banks take a
 * transfer back now and then, so that what was paid may have to wait again.
 */
import type { Change } from "../changes.ts";
import type { Deposit, Order, PaymentAttempt, PaymentOutcome, Refund } from "../contract.ts";
import { paidAttempt } from "../order-seats.ts";
import { accept, type Decision, type RuleContext } from "../rule.ts";
import { isCancelled, type PerformanceState } from "../state.ts";
import { accountForgotten } from "./refund.ts";
import { returning } from "./returns.ts";
import { changed, move, orderChanges, replaceAttempt } from "./rules.ts";

/** How the API calls paying by bank transfer. */
export const DEPOSIT_METHOD = "VIRTUAL_ACCOUNT";
/** A deadline nearer than this is none: opening the account may take as long. */
const LEAST_MS = 540_000;

type Approved = Extract<PaymentOutcome, { result: "approved" }>;
type Awaiting = Extract<PaymentOutcome, { result: "awaiting-deposit" }>;

/** Until when a transfer would be waited for, in whole seconds; null: there is no time left for one. */
export function depositDeadline({ settings }: PerformanceState, order: Order, now: number): number | null {
  if (settings === null) return null;
  const dueAt = Math.floor(Math.min(now + settings.depositMinutes * 60_000, order.startsAt) / 1_000) * 1_000;
  return dueAt - now < LEAST_MS ? null : dueAt;
}

/** What is known of an attempt's transfer once its money is there; null: it was paid in another way after all. */
export function arrived(attempt: PaymentAttempt, { account, transaction }: Approved, now: number): Deposit | null {
  const known = attempt.deposit?.account ?? account ?? null;
  if (known === null) return null;
  const arrivals = [...(attempt.deposit?.arrivals ?? []), { transaction, at: now, undoneAt: null }];
  return { dueAt: attempt.deposit?.dueAt ?? known.dueAt, account: known, arrivals };
}

/** The provider has opened an account. One that nobody wants any more, or that was not asked for, is closed again. */
export function opened(context: RuleContext, order: Order, attempt: PaymentAttempt, outcome: Awaiting): Decision {
  const { now, state } = context;
  const { account, amount } = outcome;
  const asked = attempt.deposit?.dueAt ?? account.dueAt;
  const deposit: Deposit = { dueAt: Math.min(asked, account.dueAt), account, arrivals: [] };
  const over = isCancelled(state, order.scheduleId);
  if (attempt.deposit === null || amount !== attempt.amount || over) {
    const left = move(order, over ? "cancel" : order.payBy > now ? "decline" : "fail", now);
    if (left === null) throw new Error(`order ${order.id} cannot go on from ${order.status}`);
    const closing = replaceAttempt(left, { ...attempt, status: "closing", deposit });
    return accept({ ok: true, kind: "order", order: closing }, ...orderChanges(closing, order, now));
  }
  const moved = move(order, "issue-deposit", now);
  if (moved === null) throw new Error(`order ${order.id} cannot wait for a deposit from ${order.status}`);
  const waiting = replaceAttempt(moved, { ...attempt, status: "awaiting-deposit", deposit });
  return accept(
    { ok: true, kind: "order", order: waiting },
    ...orderChanges(waiting, order, now),
    ...sessionEnded(context, order),
  );
}

/**
 * The provider has no more what it had: it waits again, or was told to close the account after the bank had taken the money back.
 * Believed only if it was asked after we had been told of the money: an answer that was long on its way says what was true before.
 */
export function undone(
  context: RuleContext,
  order: Order,
  attempt: PaymentAttempt,
  found: "awaiting-deposit" | "declined",
  asked: number | null,
): Decision {
  const { now } = context;
  const { deposit } = attempt;
  const same = accept({ ok: true, kind: "order", order });
  if (deposit === null || asked !== order.version) return same;
  const ofAttempt = order.refunds.filter((refund) => refund.attempt === attempt.number);
  // Nothing waits at the provider of which something has gone back: people have to look at that.
  if (ofAttempt.some(({ status }) => status === "refunded")) return same;
  const arrivals = deposit.arrivals.map((arrival) =>
    arrival.undoneAt === null ? { ...arrival, undoneAt: now } : arrival,
  );
  const gone = { transaction: null, receiptUrl: null, settledAt: null, deposit: { ...deposit, arrivals } };
  const whole = found === "awaiting-deposit" && ofAttempt.length === 0 && order.cancellations.length === 0;
  const waits = whole ? move(order, "undo-deposit", now) : null;
  if (waits === null) return lost(context, order, { ...attempt, ...gone, status: "closing" });
  const waiting = replaceAttempt(waits, { ...attempt, ...gone, status: "awaiting-deposit" });
  return accept({ ok: true, kind: "order", order: waiting }, ...orderChanges(waiting, order, now));
}

/**
 * Taken back when seats, or the money itself, were already on their way back, or when the account is closed. There is nothing to
 * give back any more and nothing that pays the seats: the order is over, and the account is closed before anybody pays the whole
 * price for what is left of it.
 */
function lost(context: RuleContext, order: Order, attempt: PaymentAttempt): Decision {
  const { now, state } = context;
  const paid = paidAttempt(order)?.number === attempt.number;
  // One that is over already stays what it is.
  const ended = (paid ? move(order, "lose-deposit", now) : null) ?? changed(order, now);
  const voided = order.refunds.filter((one) => one.attempt === attempt.number && one.status === "requested");
  const refunds = order.refunds.map((one): Refund => (voided.includes(one) ? { ...one, status: "void" } : one));
  const cancellations = order.cancellations.map((one) => ({ ...one, settledAt: one.settledAt ?? now }));
  const after: Order = replaceAttempt({ ...ended, refunds, cancellations }, attempt);
  return accept(
    { ok: true, kind: "order", order: after },
    ...orderChanges(after, order, now),
    ...returning(context, after, order),
    ...voided.flatMap(({ number }) => accountForgotten(state, order, number)),
  );
}

/** The account is closed and nothing arrived: of an order that was given up before, nothing is left to do. */
export function closed(context: RuleContext, order: Order, attempt: PaymentAttempt): Decision {
  const { now } = context;
  const after = replaceAttempt(changed(order, now), { ...attempt, status: "abandoned", settledAt: now });
  return accept({ ok: true, kind: "order", order: after }, ...orderChanges(after, order, now));
}

/**
 * The account of an attempt that had ended waits once more: what a slow bank had still paid into it was taken back before we
 * heard of it. Closed again, before anybody pays into it.
 */
export function reopened(context: RuleContext, order: Order, attempt: PaymentAttempt, asked: number | null): Decision {
  const { now } = context;
  const ended = attempt.status === "declined" || attempt.status === "abandoned";
  if (!ended || attempt.deposit === null || asked !== order.version) return accept({ ok: true, kind: "order", order });
  const after = replaceAttempt(changed(order, now), { ...attempt, status: "closing", settledAt: null });
  return accept({ ok: true, kind: "order", order: after }, ...orderChanges(after, order, now));
}

/** Was a transfer taken back from this attempt before? Then an answer may be older than that. */
export function wasUndone(attempt: PaymentAttempt): boolean {
  return attempt.deposit?.arrivals.some(({ undoneAt }) => undoneAt !== null) ?? false;
}

/** Who has paid, or has chosen to transfer the money, is done booking: the slot goes to the next person in the same commit. */
export function sessionEnded({ state, now }: RuleContext, order: Order): readonly Change[] {
  const number = state.sessionOfMember.get(order.member);
  return number === undefined ? [] : [{ kind: "session-ended", number, reason: "paid", at: now }];
}

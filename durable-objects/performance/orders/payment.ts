/**
 * Taking money, last: begin (fence the seats, freeze the amount, name the attempt), confirm (write down that the provider
 * is about to be asked), settle (write down what it said). Between confirm and settle the outcome is unknown, and unknown
 * is an outcome of its own: the seats stay fenced and nobody mints a second key.
 */
import type { Change } from "../changes.ts";
import type { Order, PaymentAttempt, PaymentOutcome, ProviderTask } from "../contract.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { isCancelled } from "../state.ts";
import { cancelled } from "./cancellation.ts";
import { addRefund, STALE } from "./refund.ts";
import { returning } from "./returns.ts";
import { abandonAttempt, findOrder, move, orderChanges, ownOrder } from "./rules.ts";

/** Why money goes back that arrives for a date that is no more. */
export const DATE_CANCELLED = "date cancelled";
/** More tries than this for one order are no human being. */
const ATTEMPTS_MAX = 20;

export function beginPayment(
  context: RuleContext,
  request: { readonly member: string; readonly orderId: string; readonly provider: string; readonly method: string },
): Decision {
  const { now } = context;
  const order = ownOrder(context, request.member, request.orderId);
  if (order === null) return refuse("order-not-found");
  const last = order.attempts.at(-1);
  if (order.status === "paid") return refuse("order-already-paid");
  if (order.status === "expired") return refuse("order-expired");
  if (last?.status === "confirming") return refuse("payment-in-progress");
  if (order.payBy <= now) return refuse("order-expired");
  if (isCancelled(context.state, order.scheduleId)) return refuse("schedule-cancelled");
  const free = request.provider === "free";
  if (free !== (order.amount === 0)) return refuse("order-not-payable", { amount: order.amount });
  if (order.attempts.length >= ATTEMPTS_MAX) return refuse("order-not-payable", { attempts: ATTEMPTS_MAX });
  const moved = move(order, "begin-payment", now);
  if (moved === null) return refuse("order-not-payable", { status: order.status });
  const abandoned = abandonAttempt(moved, now);
  const attempt: PaymentAttempt = {
    number: abandoned.attempts.length + 1,
    provider: request.provider,
    method: request.method,
    amount: order.amount,
    status: "begun",
    paymentKey: null,
    transaction: null,
    receiptUrl: null,
    declineCode: null,
    declineMessage: null,
    begunAt: now,
    confirmingAt: null,
    settledAt: null,
  };
  const begun: Order = { ...abandoned, attempts: [...abandoned.attempts, attempt] };
  if (!free) {
    return accept(
      { ok: true, kind: "attempt", order: begun, task: taskOf(begun, attempt) },
      ...orderChanges(begun, order, now),
    );
  }
  const approved = {
    result: "approved",
    transaction: `free:${order.id}`,
    amount: 0,
    method: "FREE",
    at: now,
    receiptUrl: null,
  } as const;
  const paid = settleAttempt(begun, attempt, approved, now);
  return accept({ ok: true, kind: "attempt", order: paid, task: null }, ...paidChanges(context, paid, order));
}

export function confirmPayment(
  context: RuleContext,
  request: {
    readonly member: string;
    readonly orderId: string;
    readonly provider: string;
    readonly paymentKey: string;
    readonly amount: number;
  },
): Decision {
  const { now } = context;
  const order = ownOrder(context, request.member, request.orderId);
  if (order === null) return refuse("order-not-found");
  const attempt = order.attempts.at(-1);
  const repeated = attempt?.paymentKey === request.paymentKey && attempt.provider === request.provider;
  // Reloading the success page: the answer of the first time, nothing asked of anybody.
  if (order.status === "paid")
    return repeated ? accept({ ok: true, kind: "order", order }) : refuse("order-already-paid");
  if (order.status === "expired") return refuse("order-expired");
  if (order.status !== "paying" || attempt === undefined) return refuse("payment-not-begun", { status: order.status });
  if (attempt.provider !== request.provider) return refuse("attempt-superseded");
  if (request.amount !== attempt.amount) return refuse("amount-mismatch", { amount: attempt.amount });
  if (attempt.status === "confirming") {
    return repeated
      ? accept({ ok: true, kind: "confirm", order, task: taskOf(order, attempt) })
      : refuse("payment-in-progress");
  }
  if (order.payBy <= now) return refuse("order-expired");
  const confirming: PaymentAttempt = {
    ...attempt,
    status: "confirming",
    paymentKey: request.paymentKey,
    confirmingAt: now,
  };
  const changed = replaceAttempt({ ...order, version: order.version + 1, updatedAt: now }, confirming);
  return accept(
    { ok: true, kind: "confirm", order: changed, task: taskOf(changed, confirming) },
    ...orderChanges(changed, order, now),
  );
}

/** Writes down what the provider said about one attempt. Saying it again changes nothing. */
export function settle(
  context: RuleContext,
  orderId: string,
  attemptNumber: number,
  outcome: PaymentOutcome,
): Decision {
  const { now } = context;
  const order = findOrder(context, orderId);
  const attempt = order?.attempts.find((one) => one.number === attemptNumber);
  if (order === null || attempt === undefined) return refuse("order-not-found");
  // A provider that took the money after all has it, whatever it said before: it goes back as that of a stale attempt.
  const said = attempt.status === "approved" || (attempt.status === "declined" && outcome.result === "declined");
  if (outcome.result === "unknown" || said) return accept({ ok: true, kind: "order", order });
  const current = order.status === "paying" && order.attempts.at(-1)?.number === attemptNumber;
  if (outcome.result === "approved" && (!current || outcome.amount !== attempt.amount)) {
    return settleStale(context, order, attempt, outcome);
  }
  if (!current) return accept({ ok: true, kind: "order", order });
  const settled = settleAttempt(order, attempt, outcome, now);
  if (settled.status !== "paid") {
    return accept({ ok: true, kind: "order", order: settled }, ...orderChanges(settled, order, now));
  }
  // The date was cancelled while the provider was at it: what arrives now goes back without anybody asking.
  const over = isCancelled(context.state, order.scheduleId);
  const seats = settled.seats.map(({ id }) => id);
  // One commit, one version: what was never seen paid is not reported as paid.
  const asBefore = { ...settled, version: order.version };
  const kept = over ? cancelled(asBefore, { seats, fee: 0, by: "organiser", reason: DATE_CANCELLED }, now) : settled;
  return accept(
    { ok: true, kind: "order", order: kept },
    ...paidChanges(context, kept, order),
    ...(over ? returning(context, kept, order) : []),
  );
}

/** Every attempt whose outcome has been open since before `since`: the provider has to be asked again, under the same key. */
export function openTasks(orders: Iterable<Order>, since: number): readonly ProviderTask[] {
  const tasks: ProviderTask[] = [];
  for (const order of orders) {
    const attempt = order.attempts.at(-1);
    if (attempt?.status === "confirming" && (attempt.confirmingAt ?? 0) <= since) tasks.push(taskOf(order, attempt));
  }
  return tasks;
}

export function taskOf(order: Order, attempt: PaymentAttempt): ProviderTask {
  return {
    orderId: order.id,
    attempt: attempt.number,
    provider: attempt.provider,
    method: attempt.method,
    providerOrderId: providerOrderId(order.id, attempt.number),
    paymentKey: attempt.paymentKey ?? "",
    amount: attempt.amount,
    currency: order.currency,
    idempotencyKey: `${order.id}:${attempt.number}:confirm`,
  };
}

/** What the provider knows an attempt as: a new attempt never meets an old one's order id. */
export function providerOrderId(orderId: string, attempt: number): string {
  return `${orderId}-${attempt}`;
}

function settleAttempt(
  order: Order,
  attempt: PaymentAttempt,
  outcome: Exclude<PaymentOutcome, { result: "unknown" }>,
  now: number,
): Order {
  if (outcome.result === "approved") {
    const approved: PaymentAttempt = {
      ...attempt,
      status: "approved",
      method: outcome.method,
      transaction: outcome.transaction,
      receiptUrl: outcome.receiptUrl,
      settledAt: now,
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
  // Declined within the time to pay: another try is possible. After it the order ends here.
  return replaceAttempt(moved(order, order.payBy > now ? "decline" : "fail", now), declined);
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
  const approved: PaymentAttempt = { ...attempt, amount, status: "approved", transaction, settledAt: now };
  const wrongAmount = order.status === "paying" && order.attempts.at(-1)?.number === attempt.number;
  const next = wrongAmount
    ? moved(order, order.payBy > now ? "decline" : "fail", now)
    : { ...order, version: order.version + 1, updatedAt: now };
  const changed = addRefund(replaceAttempt(next, approved), approved, amount, STALE, now);
  return accept({ ok: true, kind: "order", order: changed }, ...orderChanges(changed, order, now));
}

/** A paid order also ends its member's booking session: the slot goes to the next person in the same commit. */
function paidChanges(context: RuleContext, paid: Order, before: Order): readonly Change[] {
  const number = context.state.sessionOfMember.get(paid.member);
  const freed: Change[] =
    number === undefined ? [] : [{ kind: "session-ended", number, reason: "paid", at: context.now }];
  return [...orderChanges(paid, before, context.now), ...freed];
}

function moved(order: Order, event: "approve" | "decline" | "fail", now: number): Order {
  const result = move(order, event, now);
  if (result === null) throw new Error(`order ${order.id}: no ${event} from ${order.status}`);
  return result;
}

export function replaceAttempt(order: Order, attempt: PaymentAttempt): Order {
  return { ...order, attempts: order.attempts.map((one) => (one.number === attempt.number ? attempt : one)) };
}

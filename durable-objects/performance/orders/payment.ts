/**
 * Taking money, last: begin (fence the seats, freeze the amount, name the attempt), confirm (write down that the provider
 * is about to be asked), settle (settle.ts: write down what it said). Between confirm and settle the outcome is unknown, and
 * unknown is an outcome of its own: the seats stay fenced and nobody mints a second key.
 */
import type { Order, OrderCommand, PaymentAttempt, ProviderTask } from "../contract.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { isCancelled } from "../state.ts";
import { DEPOSIT_METHOD, depositDeadline } from "./deposit.ts";
import { abandonAttempt, move, orderChanges, ownOrder, replaceAttempt } from "./rules.ts";
import { paidChanges, settleAttempt } from "./settle.ts";

/** More tries than this for one order are no human being. */
const ATTEMPTS_MAX = 20;

/**
 * Fences the seats and names an attempt at the order's frozen price. An earlier attempt that was never confirmed is given up.
 * A free order is paid here.
 */
export function beginPayment(
  context: RuleContext,
  request: Pick<
    Extract<OrderCommand, { kind: "begin-payment" }>,
    "currencies" | "member" | "method" | "orderId" | "provider"
  >,
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
  if (request.currencies !== undefined && !request.currencies.includes(order.currency)) {
    return refuse("order-not-payable", { currency: order.currency });
  }
  const byTransfer = request.method === DEPOSIT_METHOD;
  const dueAt = byTransfer ? depositDeadline(context.state, order, now) : null;
  if (byTransfer && dueAt === null) return refuse("deposit-too-late");
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
    deposit: dueAt === null ? null : { dueAt, account: null, arrivals: [] },
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

/**
 * Writes down that the provider is about to be asked, under which key. The amount is only compared. With the key of before it
 * answers what there is, and asks nobody twice.
 */
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
  if (order.status === "awaiting-deposit" && repeated) return accept({ ok: true, kind: "order", order });
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

/** Every attempt whose outcome has been open since before `since`: the provider has to be asked again, under the same key. */
export function openTasks(orders: Iterable<Order>, since: number): readonly ProviderTask[] {
  const tasks: ProviderTask[] = [];
  for (const order of orders) {
    const attempt = order.attempts.at(-1);
    if (attempt?.status === "confirming" && (attempt.confirmingAt ?? 0) <= since) tasks.push(taskOf(order, attempt));
  }
  return tasks;
}

/** What the provider is asked about an attempt, always under the same keys. */
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
    depositBy: attempt.deposit?.dueAt ?? null,
  };
}

/** What the provider knows an attempt as: a new attempt never meets an old one's order id. */
function providerOrderId(orderId: string, attempt: number): string {
  return `${orderId}-${attempt}`;
}

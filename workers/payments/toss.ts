/**
 * Toss Payments (API version 2022-11-16). The charge is our own call to `confirm`, within ten minutes of the buyer's
 * consent; until then nothing has been taken. `IN_PROGRESS` is not an answer: only a terminal state settles anything.
 * Shapes and error classes: https://docs.tosspayments.com/reference
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type {
  Order,
  PaymentOutcome,
  ProviderBooks,
  ProviderTask,
  RefundOutcome,
  RefundTask,
} from "../../durable-objects/performance/contract.ts";
import type { Line } from "./line.ts";
import type { Checkout, Provider } from "./provider.ts";
import { readTossNotification } from "./toss-notification.ts";

/** So many keys are tried for one refund whose earlier keys are burnt by a stored server error. */
const KEYS_MAX = 4;

/** Codes that leave the outcome open: the provider is read before anything is concluded. */
const OPEN_CODES = new Set([
  "PROVIDER_ERROR",
  "FAILED_INTERNAL_SYSTEM_PROCESSING",
  "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
  "UNKNOWN_PAYMENT_ERROR",
  "IDEMPOTENT_REQUEST_PROCESSING",
  "ALREADY_PROCESSED_PAYMENT",
  "FORBIDDEN_CONSECUTIVE_REQUEST",
]);

const payment = z.looseObject({
  paymentKey: z.string().max(200),
  orderId: z.string().max(64),
  status: z.string(),
  totalAmount: z.number().int(),
  method: z.string().nullish(),
  lastTransactionKey: z.string().nullish(),
  approvedAt: z.string().nullish(),
  receipt: z.looseObject({ url: z.string().nullish() }).nullish(),
  cancels: z
    .array(
      z.looseObject({
        cancelAmount: z.number().int(),
        cancelReason: z.string().nullish(),
        transactionKey: z.string().nullish(),
        canceledAt: z.string().nullish(),
      }),
    )
    .nullish(),
});
type Payment = z.infer<typeof payment>;

const problem = z.looseObject({ code: z.string(), message: z.string() });

type Answer =
  | { readonly kind: "payment"; readonly payment: Payment }
  | { readonly kind: "refused"; readonly status: number; readonly code: string; readonly message: string }
  | { readonly kind: "open"; readonly reason: string };

export interface TossSettings {
  readonly apiUrl: string;
  readonly sdkUrl: string;
  readonly clientKey: string;
  readonly secretKey: string;
}

interface Toss extends TossSettings {
  readonly line: Line;
}

export function tossPayments(given: TossSettings, line: Line): Provider {
  const settings: Toss = { ...given, line };
  return {
    name: "toss",
    methods: ["CARD"],
    currencies: ["KRW"],
    begin: (order, task, pages) => Promise.resolve(checkout(settings, order, task, pages)),
    confirm: (task) => confirm(settings, task),
    // The same key again: the charge is made, or what became of it is answered.
    conclude: (task) => confirm(settings, task),
    refund: (task) => refund(settings, task),
    look: (task) => look(settings, task),
    readNotification: readTossNotification,
  };
}

function checkout(
  settings: TossSettings,
  order: Order,
  task: ProviderTask,
  pages: { readonly successUrl: string; readonly failUrl: string },
): Checkout {
  const more = order.seats.length > 1 ? ` 외 ${order.seats.length - 1}석` : "";
  const seat = order.seats[0];
  return {
    provider: "toss",
    sdkUrl: settings.sdkUrl,
    clientKey: settings.clientKey,
    // Toss asks for a key nobody can guess from the outside: not the member's id itself.
    customerKey: createHash("sha256").update(`${settings.secretKey}:${order.member}`).digest("base64url"),
    method: task.method,
    amount: { currency: task.currency, value: task.amount },
    orderId: task.providerOrderId,
    orderName: `${order.title} ${seat?.row ?? ""}열 ${seat?.label ?? ""}번${more}`.slice(0, 100),
    ...pages,
  };
}

async function confirm(settings: Toss, task: ProviderTask): Promise<PaymentOutcome> {
  const body = { paymentKey: task.paymentKey, orderId: task.providerOrderId, amount: task.amount };
  const answer = await call(settings, "POST", "/v1/payments/confirm", body, task.idempotencyKey);
  if (answer.kind === "payment") return outcomeOf(answer.payment, task);
  if (answer.kind === "refused" && isFinal(answer)) {
    return { result: "declined", code: answer.code, message: answer.message };
  }
  return readOutcome(settings, task);
}

/** The provider's own word on what became of an attempt. */
async function readOutcome(settings: Toss, task: ProviderTask): Promise<PaymentOutcome> {
  const answer = await call(
    settings,
    "GET",
    `/v1/payments/orders/${encodeURIComponent(task.providerOrderId)}`,
    null,
    null,
  );
  if (answer.kind === "payment") return outcomeOf(answer.payment, task);
  if (answer.kind === "refused" && answer.status === 404) {
    return { result: "declined", code: answer.code, message: answer.message };
  }
  return { result: "unknown", reason: answer.kind === "open" ? answer.reason : answer.code };
}

function outcomeOf(found: Payment, task: ProviderTask): PaymentOutcome {
  if (found.orderId !== task.providerOrderId) return { result: "unknown", reason: "answer about another order" };
  switch (found.status) {
    case "DONE":
      return {
        result: "approved",
        transaction: found.lastTransactionKey ?? found.paymentKey,
        amount: found.totalAmount,
        method: found.method ?? task.method,
        at: timeOf(found.approvedAt),
        receiptUrl: found.receipt?.url ?? null,
      };
    case "ABORTED":
    case "EXPIRED":
    case "CANCELED":
      return { result: "declined", code: found.status, message: found.status };
    default:
      return { result: "unknown", reason: found.status };
  }
}

/**
 * Money was taken once there is a moment of approval; what is gone of it again stays counted as taken. An attempt whose payment
 * nobody has named to us is found by its order id.
 */
async function look(settings: Toss, task: ProviderTask): Promise<ProviderBooks> {
  const path =
    task.paymentKey === ""
      ? `/v1/payments/orders/${encodeURIComponent(task.providerOrderId)}`
      : `/v1/payments/${encodeURIComponent(task.paymentKey)}`;
  const answer = await call(settings, "GET", path, null, null);
  const nothing = {
    paymentKey: task.paymentKey,
    transaction: null,
    method: task.method,
    at: 0,
    receiptUrl: null,
    refunds: [],
  };
  if (answer.kind === "refused" && answer.status === 404) return { result: "known", captured: 0, ...nothing };
  if (answer.kind !== "payment") {
    return { result: "unknown", reason: answer.kind === "open" ? answer.reason : answer.code };
  }
  const { payment: found } = answer;
  // A payment key comes from a browser: one that belongs to something else is no money of this attempt.
  const taken = found.orderId === task.providerOrderId && found.approvedAt != null;
  if (!taken) return { result: "known", captured: 0, ...nothing };
  return {
    result: "known",
    captured: found.totalAmount,
    paymentKey: found.paymentKey,
    transaction: found.lastTransactionKey ?? found.paymentKey,
    method: found.method ?? task.method,
    at: timeOf(found.approvedAt),
    receiptUrl: found.receipt?.url ?? null,
    refunds: (found.cancels ?? []).map(({ cancelAmount, transactionKey, canceledAt }) => ({
      transaction: transactionKey ?? found.paymentKey,
      amount: cancelAmount,
      at: timeOf(canceledAt),
    })),
  };
}

/**
 * A cancel has no number of ours but its reason: the refund's reference at the end of it tells two refunds of the same
 * amount apart, and shows whether a key that keeps a server error has made anything. Only then is the next key used.
 */
async function refund(settings: Toss, task: RefundTask): Promise<RefundOutcome> {
  const path = `/v1/payments/${encodeURIComponent(task.paymentKey)}`;
  const body = { cancelReason: reasonOf(task), cancelAmount: task.amount };
  for (let key = 1; key <= KEYS_MAX; key++) {
    const idempotencyKey = key === 1 ? task.idempotencyKey : `${task.idempotencyKey}:${key}`;
    const answer = await call(settings, "POST", `${path}/cancel`, body, idempotencyKey);
    const made = answer.kind === "payment" ? answer : await call(settings, "GET", path, null, null);
    if (made.kind !== "payment") return { result: "unknown", reason: made.kind === "open" ? made.reason : made.code };
    const outcome = refundOf(made.payment, task);
    if (outcome.result === "refunded") return outcome;
    if (answer.kind !== "refused")
      return { result: "unknown", reason: answer.kind === "open" ? answer.reason : "none" };
    if (answer.status < 500) return { result: "unknown", reason: answer.code };
  }
  return { result: "unknown", reason: "server errors" };
}

function reasonOf(task: RefundTask): string {
  const reference = ` [${task.attempt}-${task.refund}]`;
  return `${task.reason.slice(0, 200 - reference.length)}${reference}`;
}

function refundOf(found: Payment, task: RefundTask): RefundOutcome {
  const reason = reasonOf(task);
  const cancel = found.cancels?.find((one) => one.cancelReason === reason && one.cancelAmount === task.amount);
  if (cancel === undefined) return { result: "unknown", reason: found.status };
  return {
    result: "refunded",
    transaction: cancel.transactionKey ?? found.paymentKey,
    amount: cancel.cancelAmount,
    at: timeOf(cancel.canceledAt),
  };
}

/** A refusal that will not change by asking again. Our own fault (a wrong key, a limit) says nothing about the money. */
function isFinal(answer: Extract<Answer, { kind: "refused" }>): boolean {
  if (answer.status >= 500 || answer.status === 401 || answer.status === 429 || answer.status === 409) return false;
  return !OPEN_CODES.has(answer.code);
}

function timeOf(text: string | null | undefined): number {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? Date.now() : time;
}

async function call(
  settings: Toss,
  method: "GET" | "POST",
  path: string,
  body: unknown,
  idempotencyKey: string | null,
): Promise<Answer> {
  const headers = new Headers({ authorization: `Basic ${btoa(`${settings.secretKey}:`)}`, accept: "application/json" });
  if (body !== null) headers.set("content-type", "application/json");
  if (idempotencyKey !== null) headers.set("idempotency-key", idempotencyKey);
  let status: number;
  let found: unknown;
  try {
    const request = { method, headers, ...(body === null ? {} : { body: JSON.stringify(body) }) };
    const response = await settings.line(new URL(path, settings.apiUrl), request);
    status = response.status;
    found = await response.json();
  } catch (error) {
    return { kind: "open", reason: error instanceof Error ? error.name : "unreachable" };
  }
  if (status === 200) {
    const parsed = payment.safeParse(found);
    return parsed.success ? { kind: "payment", payment: parsed.data } : { kind: "open", reason: "unreadable answer" };
  }
  const parsed = problem.safeParse(found);
  if (!parsed.success) return { kind: "open", reason: `HTTP ${status}` };
  return { kind: "refused", status, code: parsed.data.code, message: parsed.data.message };
}

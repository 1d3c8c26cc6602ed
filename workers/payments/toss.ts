/**
 * Toss Payments (API version 2022-11-16). The charge is our own call to `confirm`, within ten minutes of the buyer's
 * consent; until then nothing has been taken. `IN_PROGRESS` is not an answer: only a terminal state settles anything.
 * Who pays by bank transfer gets a virtual account from that call: it takes one transfer of exactly the amount, until a day
 * and hour that we name, and cancelling the payment closes it sooner.
 * Shapes and error classes: https://docs.tosspayments.com/reference
 */
import { createHash } from "node:crypto";
import type {
  DepositAccount,
  Order,
  PaymentOutcome,
  ProviderBooks,
  ProviderTask,
} from "../../durable-objects/performance/contract.ts";
import type { Line } from "./line.ts";
import type { Checkout, Provider } from "./provider.ts";
import { sealAccount } from "./sealing.ts";
import { type Answer, call, type Payment, paymentPath, timeOf } from "./toss-api.ts";
import { tossBank, tossBanks } from "./toss-banks.ts";
import { CLOSING, givenBack, moneyOf, returnFailed } from "./toss-money.ts";
import { readTossNotification } from "./toss-notification.ts";
import { refund } from "./toss-refund.ts";

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

export interface TossSettings {
  readonly apiUrl: string;
  readonly sdkUrl: string;
  readonly clientKey: string;
  readonly secretKey: string;
  /** With test keys Toss answers a confirm that carries it with this error, whatever else it says. */
  readonly testCode?: string | null;
}

interface Toss extends TossSettings {
  readonly line: Line;
}

export function tossPayments(given: TossSettings, line: Line): Provider {
  const settings: Toss = { ...given, line };
  return {
    name: "toss",
    methods: ["CARD", "VIRTUAL_ACCOUNT"],
    currencies: ["KRW"],
    begin: (order, task, pages) => Promise.resolve(checkout(settings, order, task, pages)),
    confirm: (task) => confirm(settings, task),
    read: (task) => read(settings, task),
    // A charge: the same key again makes it, or answers what became of it. An account that is open is closed.
    conclude: (task) => (task.depositBy === null ? confirm(settings, task) : close(settings, task)),
    refund: (task) => refund(settings, task),
    look: (task) => look(settings, task),
    refundAccounts: { banks: tossBanks, seal: (account) => sealAccount(settings.secretKey, account) },
    readNotification: readTossNotification,
  };
}

function checkout(
  settings: Toss,
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
    virtualAccount: task.depositBy === null ? null : { dueDate: koreanTime(task.depositBy) },
    ...pages,
  };
}

/** As the payment window takes a deadline: Korean local time, to the second. */
function koreanTime(time: number): string {
  return new Date(time + 9 * 3_600_000).toISOString().slice(0, 19);
}

async function confirm(settings: Toss, task: ProviderTask): Promise<PaymentOutcome> {
  const body = { paymentKey: task.paymentKey, orderId: task.providerOrderId, amount: task.amount };
  const answer = await call(
    settings,
    "POST",
    "/v1/payments/confirm",
    body,
    task.idempotencyKey,
    settings.testCode ?? null,
  );
  if (answer.kind === "payment") return outcomeOf(answer.payment, task);
  if (answer.kind === "refused" && isFinal(answer)) {
    return { result: "declined", code: answer.code, message: answer.message };
  }
  const found = await find(settings, task);
  if (found.kind === "refused" && found.status === 404) {
    return { result: "declined", code: found.code, message: found.message };
  }
  return found.kind === "payment" ? outcomeOf(found.payment, task) : openOf(found);
}

/** The provider's own word on what became of an attempt. One it does not know says nothing about one it has confirmed. */
async function read(settings: Toss, task: ProviderTask): Promise<PaymentOutcome> {
  const found = await find(settings, task);
  return found.kind === "payment" ? outcomeOf(found.payment, task) : openOf(found);
}

/** No key of our own: cancelling twice is harmless, and a kept server error must not stand in the way. */
async function close(settings: Toss, task: ProviderTask): Promise<PaymentOutcome> {
  const before = await read(settings, task);
  if (before.result !== "awaiting-deposit") return before;
  const body = { cancelReason: CLOSING };
  const answer = await call(settings, "POST", `${paymentPath(task.paymentKey)}/cancel`, body, null);
  // A transfer may have been quicker: then there is nothing to cancel, and the payment says so.
  const after = answer.kind === "payment" ? outcomeOf(answer.payment, task) : await read(settings, task);
  return after.result === "awaiting-deposit" ? { result: "unknown", reason: "account not closed" } : after;
}

function find(settings: Toss, task: ProviderTask): Promise<Answer> {
  const path = `/v1/payments/orders/${encodeURIComponent(task.providerOrderId)}`;
  return call(settings, "GET", path, null, null);
}

function openOf(answer: Exclude<Answer, { kind: "payment" }>): PaymentOutcome {
  return { result: "unknown", reason: answer.kind === "open" ? answer.reason : answer.code };
}

function outcomeOf(found: Payment, task: ProviderTask): PaymentOutcome {
  if (found.orderId !== task.providerOrderId) return { result: "unknown", reason: "answer about another order" };
  if (isOtherMoney(found, task)) return { result: "unknown", reason: OTHER_CURRENCY };
  const account = accountOf(found, task);
  const money = moneyOf(found);
  switch (found.status) {
    case "DONE":
    case "PARTIAL_CANCELED":
      return taken(found, task, account);
    case "WAITING_FOR_DEPOSIT":
      if (account === null) return { result: "unknown", reason: "no account" };
      return { result: "awaiting-deposit", amount: found.totalAmount, account };
    case "CANCELED":
      if (money === "unclear") return { result: "unknown", reason: "cancelled, and not said whether paid" };
      // A transfer that arrived and has gone back whole is no account that was closed empty.
      if (account !== null && money === "taken") return taken(found, task, account);
      return { result: "declined", code: found.status, message: found.status };
    case "ABORTED":
    case "EXPIRED":
      return { result: "declined", code: found.status, message: found.status };
    default:
      return { result: "unknown", reason: found.status };
  }
}

function taken(found: Payment, task: ProviderTask, account: DepositAccount | null): PaymentOutcome {
  return {
    result: "approved",
    transaction: found.lastTransactionKey ?? found.paymentKey,
    amount: found.totalAmount,
    method: found.method ?? task.method,
    at: timeOf(found.approvedAt),
    receiptUrl: found.receipt?.url ?? null,
    ...(account === null ? {} : { account }),
  };
}

/**
 * What is gone of the money again stays counted as taken. What went back of a payment that shows no money is told too, so that
 * whoever compares can see that the two do not fit. An attempt whose payment nobody has named to us is found by its order id.
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
  if (isOtherMoney(found, task)) return { result: "unknown", reason: OTHER_CURRENCY };
  // A payment key comes from a browser: one that belongs to something else is no money of this attempt.
  if (found.orderId !== task.providerOrderId) return { result: "known", captured: 0, ...nothing };
  const refunds = givenBack(found).map(({ cancelAmount, transactionKey, canceledAt }) => ({
    transaction: transactionKey ?? found.paymentKey,
    amount: cancelAmount,
    at: timeOf(canceledAt),
  }));
  if (moneyOf(found) !== "taken") return { result: "known", captured: 0, ...nothing, refunds };
  return {
    result: "known",
    captured: found.totalAmount,
    paymentKey: found.paymentKey,
    transaction: found.lastTransactionKey ?? found.paymentKey,
    method: found.method ?? task.method,
    at: timeOf(found.approvedAt),
    receiptUrl: found.receipt?.url ?? null,
    refunds,
    ...(returnFailed(found) ? { undelivered: true } : {}),
  };
}

const OTHER_CURRENCY = "answer in another currency";

/** An amount says nothing without its currency. Where an answer names none it is the only one there is, the won. */
function isOtherMoney({ currency }: Payment, task: ProviderTask): boolean {
  return (currency ?? task.currency) !== task.currency;
}

function accountOf({ virtualAccount, secret }: Payment, task: ProviderTask): DepositAccount | null {
  if (virtualAccount == null) return null;
  const due = Date.parse(virtualAccount.dueDate ?? "");
  return {
    bank: tossBank(virtualAccount.bankCode),
    number: virtualAccount.accountNumber,
    holder: virtualAccount.customerName ?? null,
    dueAt: Number.isNaN(due) ? (task.depositBy ?? Date.now()) : due,
    secretHash: secret == null ? null : createHash("sha256").update(secret).digest("hex"),
  };
}

/** A refusal that will not change by asking again. Our own fault (a wrong key, a limit) says nothing about the money. */
function isFinal(answer: Extract<Answer, { kind: "refused" }>): boolean {
  if (answer.status >= 500 || answer.status === 401 || answer.status === 429 || answer.status === 409) return false;
  return !OPEN_CODES.has(answer.code);
}

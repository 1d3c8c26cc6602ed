/**
 * Giving money back through Toss Payments. A cancel has no number of ours but its reason: the refund's reference at the end of
 * it tells two refunds of the same amount apart, and shows whether a key that keeps a server error has made anything. Only then
 * is the next key used.
 *
 * A transfer goes back to a bank account. Answers are kept under their key whatever the body says, refusals too, so that
 * another account needs another key; what the first account may have brought about is looked for before.
 */
import { createHash } from "node:crypto";
import type { RefundOutcome, RefundTask } from "../../durable-objects/performance/contract.ts";
import { openAccount } from "./sealing.ts";
import { type Answer, call, type Payment, paymentPath, timeOf, type TossApi } from "./toss-api.ts";

/** So many keys are tried for one refund whose earlier keys are burnt by a stored server error. */
const KEYS_MAX = 4;
/** Refusals that another account may change. */
const ACCOUNT_CODES = new Set([
  "INVALID_REFUND_ACCOUNT_INFO",
  "INVALID_REFUND_ACCOUNT_NUMBER",
  "INVALID_BANK",
  "NOT_SUPPORTED_BANK",
]);

export async function refund(settings: TossApi, task: RefundTask): Promise<RefundOutcome> {
  const path = paymentPath(task.paymentKey);
  const transferred = task.depositBy !== null;
  const account = task.account === null ? null : await openAccount(settings.secretKey, task.account);
  if (transferred) {
    if (account === null) return { result: "account-refused", code: "ACCOUNT_UNREADABLE" };
    const before = await call(settings, "GET", path, null, null);
    if (before.kind !== "payment") return openOf(before);
    const made = refundOf(before.payment, task);
    if (made !== null) return made;
    // Taken back by the bank. Cancelling now would close the account, and no money would go anywhere.
    if (before.payment.status === "WAITING_FOR_DEPOSIT") return { result: "unknown", reason: before.payment.status };
  }
  const body = {
    cancelReason: reasonOf(task),
    cancelAmount: task.amount,
    ...(account === null ? {} : { refundReceiveAccount: account }),
  };
  const base = task.account === null ? task.idempotencyKey : `${task.idempotencyKey}:${fingerprint(task.account)}`;
  for (let key = 1; key <= KEYS_MAX; key++) {
    const answer = await call(settings, "POST", `${path}/cancel`, body, key === 1 ? base : `${base}:${key}`);
    const now = answer.kind === "payment" ? answer : await call(settings, "GET", path, null, null);
    if (now.kind !== "payment") return openOf(now);
    const made = refundOf(now.payment, task);
    if (made !== null) return made;
    if (answer.kind !== "refused") return openOf(answer);
    if (ACCOUNT_CODES.has(answer.code)) return { result: "account-refused", code: answer.code };
    if (answer.status < 500) return { result: "unknown", reason: answer.code };
  }
  return { result: "unknown", reason: "server errors" };
}

function openOf(answer: Answer): RefundOutcome {
  if (answer.kind === "payment") return { result: "unknown", reason: answer.payment.status };
  return { result: "unknown", reason: answer.kind === "open" ? answer.reason : answer.code };
}

function reasonOf(task: RefundTask): string {
  const reference = ` [${task.attempt}-${task.refund}]`;
  return `${task.reason.slice(0, 200 - reference.length)}${reference}`;
}

/** Null: there is none yet. One that the bank is still at is not an answer. */
function refundOf(found: Payment, task: RefundTask): RefundOutcome | null {
  const reason = reasonOf(task);
  const cancel = found.cancels?.find(
    (one) => one.cancelReason === reason && one.cancelAmount === task.amount && one.cancelStatus !== "ABORTED",
  );
  if (cancel === undefined) return null;
  if ((cancel.cancelStatus ?? "DONE") !== "DONE") return { result: "unknown", reason: `cancel ${cancel.cancelStatus}` };
  return {
    result: "refunded",
    transaction: cancel.transactionKey ?? found.paymentKey,
    amount: cancel.cancelAmount,
    at: timeOf(cancel.canceledAt),
  };
}

/** Of the sealed form, which is another one whenever an account is given: it tells nothing of the account. */
function fingerprint(sealed: string): string {
  return createHash("sha256").update(sealed).digest("hex").slice(0, 16);
}

/**
 * Giving money back through Toss Payments. A cancel has no number of ours but its reason: the refund's reference at the end of
 * it tells two refunds of the same amount apart, and shows what an earlier key has made.
 *
 * Answers are kept under their key for fifteen days whatever the body says, refusals and server errors too. A key is followed by
 * another only after Toss has answered under it in its own words, so that nothing is under way any more, and once the payment
 * shows that nothing came of it (docs/decisions/0051). A transfer goes back to a bank account, and another account takes
 * another key as well.
 */
import { createHash } from "node:crypto";
import type { RefundOutcome, RefundTask } from "../../durable-objects/performance/contract.ts";
import { openAccount } from "./sealing.ts";
import { type Answer, call, type Payment, paymentPath, timeOf, type TossApi } from "./toss-api.ts";

/** Our own fault, a twin under way, too many at once: nothing has been said about the refund, and nothing is kept. */
const NOT_HEARD = new Set([401, 409, 429]);
/** Refusals that another account may change. */
const ACCOUNT_CODES = new Set([
  "INVALID_REFUND_ACCOUNT_INFO",
  "INVALID_REFUND_ACCOUNT_NUMBER",
  "INVALID_BANK",
  "NOT_SUPPORTED_BANK",
]);

export async function refund(settings: TossApi, task: RefundTask): Promise<RefundOutcome> {
  const path = paymentPath(task.paymentKey);
  const account = task.account === null ? null : await openAccount(settings.secretKey, task.account);
  const transferred = task.depositBy !== null;
  if (transferred && account === null) return { result: "account-refused", code: "ACCOUNT_UNREADABLE" };
  if (transferred || task.keysSpent > 0) {
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
  const answer = await call(settings, "POST", `${path}/cancel`, body, keyOf(task));
  const now = answer.kind === "payment" ? answer : await call(settings, "GET", path, null, null);
  if (now.kind !== "payment") return openOf(now);
  const made = refundOf(now.payment, task);
  if (made !== null) return made;
  if (answer.kind !== "refused") return openOf(answer);
  if (ACCOUNT_CODES.has(answer.code)) return { result: "account-refused", code: answer.code };
  if (NOT_HEARD.has(answer.status)) return openOf(answer);
  return { result: "key-spent", keysSpent: task.keysSpent + 1, reason: answer.code };
}

function keyOf(task: RefundTask): string {
  const base = task.account === null ? task.idempotencyKey : `${task.idempotencyKey}:${fingerprint(task.account)}`;
  return task.keysSpent === 0 ? base : `${base}:${task.keysSpent + 1}`;
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

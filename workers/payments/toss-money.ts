/**
 * Has a payment's money ever come? Of a card its moment of approval says so. A virtual account may be cancelled with nothing on it
 * or after its transfer has gone back, and Toss calls both `CANCELED` and lists both in `cancels`. Nothing promises that
 * `approvedAt` is there then, so that one field missing must not turn a refund into an account that was closed empty: several
 * facts are asked, and where none of them says anything, nothing is concluded (docs/decisions/0061).
 * https://docs.tosspayments.com/guides/v2/cancel-payment
 */
import type { Payment } from "./toss-api.ts";

/** `unclear`: cancelled, and nothing in the answer says whether there had been money. */
export type Money = "taken" | "none" | "unclear";
type Cancel = NonNullable<Payment["cancels"]>[number];

/** The reason we close an account with. Toss takes a cancel that names no bank account only while nothing has been transferred. */
export const CLOSING = "deposit no longer awaited";
/** A refund of ours ends its reason with its reference, and is asked for only when the money is there. */
const REFERENCE = / \[\d{1,3}-\d{1,3}\]$/;
/** `virtualAccount.refundStatus` once there was something to send back. `NONE` is no word: Toss's own example of a refund has it. */
const SENT_BACK = new Set(["PENDING", "COMPLETED", "FAILED", "PARTIAL_FAILED"]);
const FAILED = new Set(["FAILED", "PARTIAL_FAILED"]);

export function moneyOf(found: Payment): Money {
  switch (found.status) {
    case "DONE":
    // Taken, and some of it has gone back since: what, the refunds say.
    case "PARTIAL_CANCELED":
      return "taken";
    case "CANCELED":
      return ofCancelled(found);
    default:
      return "none";
  }
}

function ofCancelled(found: Payment): Money {
  const { approvedAt, virtualAccount, totalAmount } = found;
  if (approvedAt != null) return "taken";
  if (virtualAccount == null) return "none";
  const cancels = standing(found);
  // An account takes exactly the whole price, so that part of it can only go back once it was paid.
  const ofMoney = ({ cancelAmount, cancelReason }: Cancel): boolean =>
    cancelAmount < totalAmount || REFERENCE.test(cancelReason ?? "");
  if (SENT_BACK.has(virtualAccount.refundStatus ?? "") || cancels.some(ofMoney)) return "taken";
  if (cancels.some(isClosing)) return "none";
  // Null is the provider's own word, "never approved"; left out is no word at all.
  return approvedAt === null ? "none" : "unclear";
}

/** What has gone back; an account that was closed empty gave nothing. */
export function givenBack(found: Payment): readonly Cancel[] {
  return standing(found).filter((cancel) => !isClosing(cancel));
}

/** The bank could not deliver what went back, or not all of it. */
export function returnFailed({ virtualAccount }: Payment): boolean {
  return FAILED.has(virtualAccount?.refundStatus ?? "");
}

function standing({ cancels }: Payment): readonly Cancel[] {
  return (cancels ?? []).filter(({ cancelStatus }) => (cancelStatus ?? "DONE") === "DONE");
}

function isClosing({ cancelReason }: Cancel): boolean {
  return cancelReason === CLOSING;
}

/**
 * A provider says that it has news. Nothing is believed about money; the recovery asks. A signed hint also names a payment
 * that the buyer has agreed to: if the buyer's own browser never came back to say so (the tab was closed on the way), the
 * confirm is begun here, and if the attempt has been given up meanwhile its payment is noted, so that the provider can be
 * told to let go of it.
 */
import type { DepositProof, Order, VerifiedHint } from "../contract.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { changed as nextVersion, findOrder, orderChanges, replaceAttempt } from "./rules.ts";

export function recheck(
  context: RuleContext,
  orderId: string,
  hint: VerifiedHint | null,
  proof: DepositProof | null,
): Decision {
  const { now } = context;
  const order = findOrder(context, orderId);
  if (order === null) return refuse("order-not-found");
  if (proof !== null && !isGenuine(order, proof)) return refuse("notification-not-verified");
  const attempt = order.attempts.find(
    ({ number, provider }) => hint !== null && number === hint.attempt && provider === hint.provider,
  );
  const unheard = attempt?.paymentKey === null && (attempt.status === "begun" || attempt.status === "abandoned");
  if (hint === null || !unheard) return accept({ ok: true, kind: "order", order });
  const { paymentKey } = hint;
  const next = nextVersion(order, now);
  const changed =
    attempt.status === "begun" && order.payBy > now
      ? replaceAttempt(next, { ...attempt, status: "confirming", paymentKey, confirmingAt: now })
      : replaceAttempt(next, { ...attempt, paymentKey });
  return accept({ ok: true, kind: "order", order: changed }, ...orderChanges(changed, order, now));
}

/** Hashes are compared, so that how long it takes tells nothing of the secret. */
function isGenuine(order: Order, proof: DepositProof): boolean {
  const attempt = order.attempts.find(({ number }) => number === proof.attempt);
  return (attempt?.deposit?.account?.secretHash ?? null) === proof.secretHash;
}

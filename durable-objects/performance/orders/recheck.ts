/**
 * A provider says that it has news. Nothing is believed about money; the recovery asks. A signed hint also names a payment
 * that the buyer has agreed to: if the buyer's own browser never came back to say so (the tab was closed on the way), the
 * confirm is begun here, and if the attempt has been given up meanwhile its payment is noted, so that the provider can be
 * told to let go of it.
 */
import type { Order, VerifiedHint } from "../contract.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { replaceAttempt } from "./payment.ts";
import { findOrder, orderChanges } from "./rules.ts";

export function recheck(context: RuleContext, orderId: string, hint: VerifiedHint | null): Decision {
  const { now } = context;
  const order = findOrder(context, orderId);
  if (order === null) return refuse("order-not-found");
  const attempt = order.attempts.find(
    ({ number, provider }) => hint !== null && number === hint.attempt && provider === hint.provider,
  );
  const unheard = attempt?.paymentKey === null && (attempt.status === "begun" || attempt.status === "abandoned");
  if (hint === null || !unheard) return accept({ ok: true, kind: "order", order });
  const { paymentKey } = hint;
  const next: Order = { ...order, version: order.version + 1, updatedAt: now };
  const changed =
    attempt.status === "begun" && order.payBy > now
      ? replaceAttempt(next, { ...attempt, status: "confirming", paymentKey, confirmingAt: now })
      : replaceAttempt(next, { ...attempt, paymentKey });
  return accept({ ok: true, kind: "order", order: changed }, ...orderChanges(changed, order, now));
}

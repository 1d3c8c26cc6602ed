/** Giving money back through Stripe, each part once, and the numbers of ours by which it is found again. */
import type { Stripe } from "stripe";
import { z } from "zod";
import type { ProviderTask, RefundOutcome, RefundTask } from "../../durable-objects/performance/contract.ts";
import { ask, type Refused } from "./stripe-call.ts";

const refundShape = z.looseObject({
  id: z.string(),
  amount: z.number().int(),
  status: z.string().nullish(),
  created: z.number().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
export const refundList = z.looseObject({ data: z.array(refundShape), has_more: z.boolean() });
type FoundRefund = z.infer<typeof refundShape>;

/**
 * A refund carries our number in its metadata, so that what was made is found before anything is asked for again. A key that
 * keeps an answer other than a refund is followed by another only once the list has shown that nothing came of it
 * (docs/decisions/0051), and so is one whose refund has failed at the bank.
 */
export async function refund(stripe: Stripe, task: RefundTask): Promise<RefundOutcome> {
  const before = await refundsMade(stripe, task);
  if (before.kind !== "found") return { result: "unknown", reason: before.reason };
  if (before.standing !== undefined) return outcomeOfRefund(before.standing);
  const request: Stripe.RefundCreateParams = {
    payment_intent: task.paymentKey,
    amount: task.amount,
    reason: "requested_by_customer",
    metadata: { ...metadataOf(task), refund: task.idempotencyKey },
  };
  const idempotencyKey = keyOf(task.idempotencyKey, task.keysSpent + before.failed + 1);
  const answer = await ask(refundShape, () => stripe.refunds.create(request, { idempotencyKey }));
  if (answer.kind === "found") return outcomeOfRefund(answer.value);
  if (answer.kind === "open" && !answer.answered) return { result: "unknown", reason: answer.reason };
  const after = await refundsMade(stripe, task);
  if (after.kind !== "found") return { result: "unknown", reason: after.reason };
  if (after.standing !== undefined) return outcomeOfRefund(after.standing);
  return { result: "key-spent", keysSpent: task.keysSpent + 1, reason: answer.reason };
}

/** What was made of a refund of ours: one that stands, and how many that have failed since. */
async function refundsMade(
  stripe: Stripe,
  { paymentKey, idempotencyKey }: RefundTask,
): Promise<{ readonly kind: "found"; readonly standing: FoundRefund | undefined; readonly failed: number } | Refused> {
  const made = await ask(refundList, () => stripe.refunds.list({ payment_intent: paymentKey, limit: 100 }));
  if (made.kind !== "found") return made;
  if (made.value.has_more) return { kind: "open", reason: "more refunds than one page", answered: false };
  const ours = made.value.data.filter((one) => one.metadata?.["refund"] === idempotencyKey);
  const stands = ({ status }: FoundRefund): boolean => status !== "failed" && status !== "canceled";
  return { kind: "found", standing: ours.find(stands), failed: ours.filter((one) => !stands(one)).length };
}

function outcomeOfRefund(found: FoundRefund): RefundOutcome {
  if (found.status !== "succeeded") return { result: "unknown", reason: `refund ${found.status ?? "without status"}` };
  return { result: "refunded", transaction: found.id, amount: found.amount, at: (found.created ?? 0) * 1_000 };
}

export function keyOf(base: string, number: number): string {
  return number === 1 ? base : `${base}:${number}`;
}

export function metadataOf(task: ProviderTask): Record<string, string> {
  return { order_id: task.orderId, attempt: String(task.attempt) };
}

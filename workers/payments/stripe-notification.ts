/**
 * Stripe's notifications are signed over the raw body and a time. The SDK refuses old ones and would accept one from the
 * future, so both bounds are checked. Repeated and reordered ones are normal: they are hints, the intent is what counts.
 */
import { Stripe } from "stripe";
import { z } from "zod";
import type { Notification, NotificationReading } from "./provider.ts";

/** How far the signature's time may be from ours, to either side. */
const TOLERANCE_SECONDS = 300;

/** What a buyer has agreed to. Everything else (created, failed, processing) only says that there is something to read. */
const AGREED = new Set(["payment_intent.amount_capturable_updated", "payment_intent.succeeded"]);

const event = z.looseObject({
  id: z.string().min(1).max(255),
  type: z.string().max(100),
  data: z.looseObject({
    object: z.looseObject({
      id: z.string().max(255),
      object: z.string().max(60).optional(),
      payment_intent: z.string().max(255).nullish(),
      metadata: z.record(z.string(), z.string()).nullish(),
    }),
  }),
});

export async function readStripeNotification(
  stripe: Stripe,
  secret: string,
  { body, header, now }: Notification,
): Promise<NotificationReading> {
  const signature = header("stripe-signature");
  if (signature === null) return { kind: "refused", why: "not-verified", reason: "no signature" };
  const time = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1];
  if (time === undefined || Math.abs(now / 1_000 - Number(time)) > TOLERANCE_SECONDS) {
    return { kind: "refused", why: "not-verified", reason: "signed at another time" };
  }
  let verified: unknown;
  try {
    const crypto = Stripe.createSubtleCryptoProvider();
    verified = await stripe.webhooks.constructEventAsync(body, signature, secret, TOLERANCE_SECONDS, crypto, now);
  } catch {
    return { kind: "refused", why: "not-verified", reason: "signature or body" };
  }
  const parsed = event.safeParse(verified);
  if (!parsed.success) return { kind: "refused", why: "malformed", reason: "not a known event" };
  const { id: eventKey, type, data } = parsed.data;
  const { metadata } = data.object;
  const orderId = metadata?.["order_id"] ?? null;
  const attempt = Number(metadata?.["attempt"]);
  const paymentKey = data.object.object === "payment_intent" ? data.object.id : (data.object.payment_intent ?? null);
  const named =
    AGREED.has(type) && orderId !== null && Number.isSafeInteger(attempt) && attempt > 0 && paymentKey !== null;
  return {
    kind: "hint",
    eventKey,
    event: parsed.data,
    signed: true,
    orderId,
    verified: named ? { provider: "stripe", attempt, paymentKey } : null,
    proof: null,
  };
}

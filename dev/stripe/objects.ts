/**
 * Objects as the API shows them (version 2026-10-28): https://docs.stripe.com/api/payment_intents/object and its neighbours.
 * They are typed as the official SDK has them, which Stripe makes from its own specification: a field that is not documented,
 * or of another type, does not compile.
 */
import type { Stripe } from "stripe";
import { z } from "zod";
import { StripeRefusal, type IntentRow, type RefundRow } from "./books.ts";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** It goes on and on after its end. */
  readonly oversized?: true;
}

/** As much of an object as is shown. */
type Shown<T> = T extends readonly (infer Item)[]
  ? readonly Shown<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Shown<T[Key]> }
    : T;

const Metadata = z.record(z.string(), z.string());

export function intentObject(intent: IntentRow, origin: string, expanded: boolean): Shown<Stripe.PaymentIntent> {
  return {
    id: intent.id,
    object: "payment_intent",
    amount: intent.amount,
    amount_capturable: intent.status === "requires_capture" ? intent.amount : 0,
    amount_received: intent.captured,
    automatic_payment_methods: { allow_redirects: "always", enabled: true },
    canceled_at: null,
    cancellation_reason: intent.status === "canceled" ? "abandoned" : null,
    capture_method: "manual",
    client_secret: intent.secret,
    confirmation_method: "automatic",
    created: intent.created,
    currency: intent.currency,
    description: intent.description,
    last_payment_error:
      intent.decline === null
        ? null
        : {
            type: "card_error",
            code: "card_declined",
            decline_code: intent.decline,
            message: "Your card was declined.",
          },
    latest_charge:
      intent.charge === null ? null : expanded ? chargeObject(intent.charge, intent, origin) : intent.charge,
    livemode: false,
    metadata: Metadata.parse(JSON.parse(intent.metadata)),
    next_action: null,
    payment_method_types: ["card"],
    status: intent.status,
  };
}

function chargeObject(id: string, intent: IntentRow, origin: string): Shown<Stripe.Charge> {
  return {
    id,
    object: "charge",
    amount: intent.amount,
    amount_captured: intent.captured,
    captured: true,
    created: intent.created,
    currency: intent.currency,
    livemode: false,
    paid: true,
    payment_intent: intent.id,
    payment_method_details: { type: "card", card: { brand: "visa", last4: "4242" } },
    receipt_url: `${origin}/receipt/${intent.id}`,
    status: "succeeded",
  };
}

export function refundObject(refund: RefundRow, currency: string): Shown<Stripe.Refund> {
  return {
    id: refund.id,
    object: "refund",
    amount: refund.amount,
    created: refund.created,
    currency,
    metadata: Metadata.parse(JSON.parse(refund.metadata)),
    payment_intent: refund.intent,
    reason: "requested_by_customer",
    status: "succeeded",
  };
}

export function eventObject(
  id: string,
  type: string,
  object: unknown,
  now: number,
  idempotencyKey: string | null,
): Record<string, unknown> {
  return {
    id,
    object: "event",
    api_version: "2026-10-28.endive",
    created: Math.floor(now / 1_000),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: idempotencyKey },
    type,
  };
}

export function refusalAnswer(refusal: StripeRefusal): Answer {
  const { status, type, code, message, declineCode } = refusal;
  const decline = declineCode === null ? {} : { decline_code: declineCode };
  return { status, body: { error: { type, code, message, ...decline } } };
}

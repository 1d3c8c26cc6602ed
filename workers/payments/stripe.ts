/**
 * Stripe, by its own SDK. A payment is authorised in the browser and captured here, after the seats are fenced
 * (`capture_method: manual`): until our capture nothing has been taken, and cancelling gives the authorisation back.
 * What came of an attempt nobody has heard of is found by cancelling it: a cancel that fails says that the money moved.
 *
 * The SDK makes a random idempotency key where none is given, and repeats a request whose connection broke: whatever
 * moves money is therefore always given its key. Keys keep their first answer, 500s included: see refunds below.
 * Shapes: https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/api/refunds, https://docs.stripe.com/webhooks
 */
import { Stripe } from "stripe";
import { z } from "zod";
import type { Order, PaymentOutcome, ProviderBooks, ProviderTask } from "../../durable-objects/performance/contract.ts";
import type { Line } from "./line.ts";
import { type Checkout, type Provider, ProviderUnavailable } from "./provider.ts";
import { type Answer, ask, type Refused } from "./stripe-call.ts";
import { readStripeNotification } from "./stripe-notification.ts";
import { keyOf, metadataOf, refund, refundList } from "./stripe-refund.ts";

/** The SDK's own; the line's deadline comes first (calls/dependencies.ts). */
const SDK_TIMEOUT_MS = 20_000;
/** So many keys are tried for an intent that nobody knows of yet. */
const KEYS_MAX = 4;

export interface StripeSettings {
  readonly apiUrl: string;
  readonly sdkUrl: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly webhookSecret: string;
}

const charge = z.looseObject({
  id: z.string(),
  receipt_url: z.string().nullish(),
  created: z.number().nullish(),
  payment_method_details: z.looseObject({ type: z.string().nullish() }).nullish(),
});

const intent = z.looseObject({
  id: z.string().max(255),
  status: z.string(),
  amount: z.number().int(),
  amount_received: z.number().int().nullish(),
  currency: z.string(),
  created: z.number().nullish(),
  client_secret: z.string().nullish(),
  latest_charge: z.union([z.string(), charge]).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  last_payment_error: z
    .looseObject({ code: z.string().nullish(), decline_code: z.string().nullish(), message: z.string().nullish() })
    .nullish(),
});
type Intent = z.infer<typeof intent>;

export function stripePayments(settings: StripeSettings, line: Line): Provider {
  const stripe = connect(settings, line);
  return {
    name: "stripe",
    methods: ["CARD"],
    currencies: null,
    begin: (order, task, pages) => begin(stripe, settings, order, task, pages.successUrl),
    confirm: (task) => confirm(stripe, task),
    read: (task) => readOutcome(stripe, task),
    conclude: (task) => conclude(stripe, task),
    refund: (task) => refund(stripe, task),
    look: (task) => look(stripe, task),
    refundAccounts: null,
    readNotification: (notification) => readStripeNotification(stripe, settings.webhookSecret, notification),
  };
}

function connect({ apiUrl, secretKey }: StripeSettings, line: Line): Stripe {
  const { protocol, hostname, port } = new URL(apiUrl);
  const insecure = protocol === "http:";
  return new Stripe(secretKey, {
    host: hostname,
    port: port === "" ? (insecure ? 80 : 443) : Number(port),
    protocol: insecure ? "http" : "https",
    httpClient: Stripe.createFetchHttpClient(async (input: string | URL | Request, init: RequestInit = {}) => {
      const url = input instanceof Request ? input.url : input;
      return anObject(await line(url, { ...init, method: init.method ?? "GET" }));
    }),
    timeout: SDK_TIMEOUT_MS,
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/**
 * The answer as it came, which is a JSON object.
 * @throws SyntaxError or TypeError: from anything else the SDK makes an error that nobody can catch, and never answers.
 */
async function anObject(answer: Response): Promise<Response> {
  const text = await answer.text();
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new TypeError("no JSON object");
  return new Response(text, answer);
}

async function begin(
  stripe: Stripe,
  { sdkUrl, publishableKey }: StripeSettings,
  order: Order,
  task: ProviderTask,
  returnUrl: string,
): Promise<Checkout> {
  const request: Stripe.PaymentIntentCreateParams = {
    amount: task.amount,
    currency: task.currency.toLowerCase(),
    capture_method: "manual",
    automatic_payment_methods: { enabled: true },
    description: `${order.title} (${order.seats.length})`.slice(0, 500),
    metadata: metadataOf(task),
  };
  // An intent nobody was told of cannot be paid, so a key burnt by a server error may simply be followed by another.
  for (let key = 1; key <= KEYS_MAX; key++) {
    const answer = await ask(intent, () =>
      stripe.paymentIntents.create(request, { idempotencyKey: keyOf(`${task.orderId}:${task.attempt}:create`, key) }),
    );
    if (answer.kind === "found") {
      const { client_secret: clientSecret, id } = answer.value;
      if (clientSecret == null) throw new ProviderUnavailable("no client secret");
      const { amount, currency } = task;
      return { provider: "stripe", sdkUrl, publishableKey, clientSecret, paymentKey: id, amount, currency, returnUrl };
    }
    if (!(answer.kind === "open" && answer.answered)) throw new ProviderUnavailable(answer.reason);
  }
  throw new ProviderUnavailable("server errors");
}

async function confirm(stripe: Stripe, task: ProviderTask): Promise<PaymentOutcome> {
  const found = await read(stripe, task.paymentKey);
  if (found.kind !== "found") return outcomeOfRefusal(found);
  if (!isOf(found.value, task)) return FOREIGN;
  if (found.value.status !== "requires_capture") return settledOrEnded(stripe, found.value, task);
  const captured = await ask(intent, () =>
    stripe.paymentIntents.capture(
      task.paymentKey,
      { expand: ["latest_charge"] },
      { idempotencyKey: task.idempotencyKey },
    ),
  );
  if (captured.kind === "found") return outcomeOf(captured.value, task);
  if (captured.kind === "open") return { result: "unknown", reason: captured.reason };
  // A refused capture (the authorisation has lapsed) leaves nothing to wait for.
  return end(stripe, task);
}

async function readOutcome(stripe: Stripe, task: ProviderTask): Promise<PaymentOutcome> {
  const found = await read(stripe, task.paymentKey);
  if (found.kind !== "found") return outcomeOfRefusal(found);
  return isOf(found.value, task) ? outcomeOf(found.value, task) : FOREIGN;
}

/** Cancels, then reads: afterwards the intent is cancelled for good, or the money had moved before. */
async function conclude(stripe: Stripe, task: ProviderTask): Promise<PaymentOutcome> {
  const found = await read(stripe, task.paymentKey);
  if (found.kind !== "found") return outcomeOfRefusal(found);
  // Somebody else's payment is neither cancelled nor counted.
  return isOf(found.value, task) ? settledOrEnded(stripe, found.value, task) : FOREIGN;
}

async function settledOrEnded(stripe: Stripe, found: Intent, task: ProviderTask): Promise<PaymentOutcome> {
  const outcome = outcomeOf(found, task);
  return outcome.result === "unknown" ? end(stripe, task, found) : outcome;
}

async function end(stripe: Stripe, task: ProviderTask, before?: Intent): Promise<PaymentOutcome> {
  // No key of our own: cancelling twice is harmless, and a kept server error must not stand in the way.
  const cancelled = await ask(intent, () =>
    stripe.paymentIntents.cancel(task.paymentKey, { cancellation_reason: "abandoned" }),
  );
  if (cancelled.kind === "open") return { result: "unknown", reason: cancelled.reason };
  const after = cancelled.kind === "found" ? cancelled : await read(stripe, task.paymentKey);
  if (after.kind !== "found") return outcomeOfRefusal(after);
  const outcome = outcomeOf(after.value, task);
  if (outcome.result !== "declined" || before === undefined) return outcome;
  // Why the buyer's bank said no is worth more than that we then ended the intent.
  const { code, decline_code: decline, message } = before.last_payment_error ?? {};
  return { ...outcome, code: decline ?? code ?? outcome.code, message: message ?? outcome.message };
}

function outcomeOf(found: Intent, task: ProviderTask): PaymentOutcome {
  switch (found.status) {
    case "succeeded": {
      const paid = typeof found.latest_charge === "string" ? null : found.latest_charge;
      const transaction = typeof found.latest_charge === "string" ? found.latest_charge : (paid?.id ?? found.id);
      return {
        result: "approved",
        transaction,
        amount: found.amount_received ?? found.amount,
        method: paid?.payment_method_details?.type?.toUpperCase() ?? task.method,
        at: (paid?.created ?? found.created ?? 0) * 1_000,
        receiptUrl: paid?.receipt_url ?? null,
      };
    }
    case "canceled":
      return { result: "declined", code: "payment_canceled", message: "The payment was not completed." };
    default:
      return { result: "unknown", reason: found.status };
  }
}

const FOREIGN: PaymentOutcome = {
  result: "declined",
  code: "foreign_payment",
  message: "This payment belongs to something else.",
};

/** A payment key comes from a browser: what it names must be this very attempt, in amount and currency too. */
function isOf(found: Intent, task: ProviderTask): boolean {
  return (
    found.metadata?.["order_id"] === task.orderId &&
    found.metadata["attempt"] === String(task.attempt) &&
    found.amount === task.amount &&
    found.currency === task.currency.toLowerCase()
  );
}

/** Two reads: the payment, and what has gone back of it. Refunds that failed gave nothing back. */
async function look(stripe: Stripe, task: ProviderTask): Promise<ProviderBooks> {
  const { paymentKey } = task;
  const nothing = { paymentKey, transaction: null, method: task.method, at: 0, receiptUrl: null, refunds: [] };
  // Only a capture takes money, it is ours to make, and the payment's name is written down before.
  if (paymentKey === "") return { result: "known", captured: 0, ...nothing };
  const found = await read(stripe, paymentKey);
  if (found.kind === "refused") return { result: "known", captured: 0, ...nothing };
  if (found.kind === "open") return { result: "unknown", reason: found.reason };
  const outcome = outcomeOf(found.value, task);
  if (outcome.result !== "approved" || !isOf(found.value, task)) return { result: "known", captured: 0, ...nothing };
  const made = await ask(refundList, () => stripe.refunds.list({ payment_intent: task.paymentKey, limit: 100 }));
  if (made.kind !== "found") return { result: "unknown", reason: made.reason };
  if (made.value.has_more) return { result: "unknown", reason: "more refunds than one page" };
  const { amount: captured, transaction, method, at, receiptUrl } = outcome;
  const refunds = made.value.data
    .filter(({ status }) => status === "succeeded")
    .map(({ id, amount, created }) => ({ transaction: id, amount, at: (created ?? 0) * 1_000 }));
  return { result: "known", captured, paymentKey, transaction, method, at, receiptUrl, refunds };
}

function outcomeOfRefusal(refused: Refused): PaymentOutcome {
  if (refused.kind === "open") return { result: "unknown", reason: refused.reason };
  return { result: "declined", code: refused.code, message: refused.reason };
}

function read(stripe: Stripe, paymentKey: string): Promise<Answer<Intent>> {
  return ask(intent, () => stripe.paymentIntents.retrieve(paymentKey, { expand: ["latest_charge"] }));
}

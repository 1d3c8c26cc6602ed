/**
 * The provider's REST API, as far as payment intents and refunds go. Requests are forms; the first answer under an
 * idempotency key is kept for a day with its status, server errors included, and the same key for something else is refused.
 */
import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { readBody } from "../http-server.ts";
import { transact } from "../toss/ledger-file.ts";
import type { WebhookCourier } from "../webhook-courier.ts";
import { StripeRefusal, type StripeBooks } from "./books.ts";
import type { Operation, StripeFaults } from "./faults.ts";
import { eventObject, intentObject, refundObject, refusalAnswer, type Answer } from "./objects.ts";
import { letterOf } from "./signature.ts";

const MAX_BODY_BYTES = 64 * 1024;
const KEPT_MS = 24 * 3_600_000;
const Stored = z.object({ request: z.string(), status: z.number(), body: z.string() });

export interface StripeApi {
  readonly ledger: DatabaseSync;
  readonly books: StripeBooks;
  readonly faults: StripeFaults;
  readonly courier: WebhookCourier;
  readonly secretKey: string;
  readonly publishableKey: string;
  readonly webhookSecret: string;
  readonly now: () => number;
  readonly origin: () => string;
  readonly running: Set<string>;
}

/** What a request does: its answer's body, and the kind of event it causes. */
interface Effect {
  readonly body: Record<string, unknown>;
  readonly event: string | null;
}

/** The answer, or "lost" when the connection must break instead. */
export async function answerStripe(api: StripeApi, request: IncomingMessage, url: URL): Promise<Answer | "lost"> {
  const form = new URLSearchParams((await readBody(request, MAX_BODY_BYTES)) ?? "");
  const given = bearerOf(request) ?? form.get("key");
  const route = /^\/v1\/(payment_intents|refunds)(?:\/(\w+))?(?:\/(confirm|capture|cancel))?$/.exec(url.pathname);
  const [, collection, id = "", action] = route ?? [];
  // The browser has the publishable key, which opens one door only.
  const allowed = given === api.secretKey || (given === api.publishableKey && action === "confirm");
  if (!allowed) return refusalAnswer(new StripeRefusal(401, "invalid_request_error", "", "Invalid API Key provided."));
  const { books } = api;
  const expanded = form.has("expand[0]") || url.searchParams.has("expand[0]");
  const show = (intentId: string): Record<string, unknown> =>
    intentObject(books.find(intentId), api.origin(), expanded);
  if (request.method === "GET") {
    return work(api, "read", null, "", () => {
      if (collection === "payment_intents") return { body: show(id), event: null };
      const intent = books.find(url.searchParams.get("payment_intent") ?? "");
      const data = books.refunds(intent.id).map((refund) => refundObject(refund, intent.currency));
      return { body: { object: "list", data, has_more: false, url: "/v1/refunds" }, event: null };
    });
  }
  const key = headerOf(request, "idempotency-key");
  const said = createHash("sha256").update(`${url.pathname}?${form.toString()}`).digest("hex");
  if (collection === "refunds") return work(api, "refund", key, said, () => refund(api, form));
  if (id === "") return work(api, "create", key, said, () => create(api, form));
  if (action === "capture") {
    return work(api, "capture", key, said, () => {
      books.capture(id);
      return { body: show(id), event: "payment_intent.succeeded" };
    });
  }
  if (action === "cancel") {
    return work(api, "cancel", key, said, () => {
      books.cancel(id);
      return { body: show(id), event: "payment_intent.canceled" };
    });
  }
  return work(api, null, null, "", () => {
    books.agree(id, form.get("client_secret") ?? "", form.get("payment_method") ?? "");
    return { body: show(id), event: "payment_intent.amount_capturable_updated" };
  });
}

function create({ books, now, origin }: StripeApi, form: URLSearchParams): Effect {
  const amount = wholeOf(form.get("amount"));
  const currency = form.get("currency") ?? "";
  if (amount === null || !/^[a-z]{3}$/.test(currency) || form.get("capture_method") !== "manual") {
    throw new StripeRefusal(400, "invalid_request_error", "parameter_invalid", "amount, currency or capture_method.");
  }
  const description = form.get("description") ?? "";
  const intent = books.create({ amount, currency, description, metadata: metadataOf(form) }, now());
  return { body: intentObject(intent, origin(), false), event: "payment_intent.created" };
}

function refund({ books, now }: StripeApi, form: URLSearchParams): Effect {
  const amount = wholeOf(form.get("amount"));
  const intent = form.get("payment_intent") ?? "";
  const made = books.refund({ intent, amount, metadata: metadataOf(form) }, now());
  return { body: refundObject(made, books.find(intent).currency), event: "refund.created" };
}

async function work(
  api: StripeApi,
  operation: Operation | null,
  key: string | null,
  said: string,
  effect: () => Effect,
): Promise<Answer | "lost"> {
  const kept = key === null ? null : stored(api, key);
  if (kept !== null) {
    if (kept.request === said) return { status: kept.status, body: JSON.parse(kept.body) as unknown };
    return refusalAnswer(
      new StripeRefusal(400, "idempotency_error", "", "Keys can only be used with the same request."),
    );
  }
  if (key !== null && api.running.has(key)) {
    return refusalAnswer(
      new StripeRefusal(409, "idempotency_error", "idempotency_key_in_use", "Another request uses this key."),
    );
  }
  const active = operation === null ? null : api.faults.take(operation);
  if (key !== null) api.running.add(key);
  try {
    if (active?.fault === "slow") await sleep(active.slowMs);
    const change = (): Answer => {
      const done = active?.fault === "error-500" ? BROKEN : perform(api, key, effect);
      const answer = active?.fault === "error-500-after" ? BROKEN : done;
      if (key !== null) keep(api, key, said, answer);
      return answer;
    };
    // The change and its kept answer are one: a crash leaves both or neither.
    const answer = key === null ? change() : transact(api.ledger, change);
    if (active?.fault === "oversized") return { ...answer, oversized: true };
    return active?.fault === "lose-answer" ? "lost" : answer;
  } catch (error) {
    // What fails validation, or finds a state it cannot work on, is not kept under its key.
    if (error instanceof StripeRefusal) return refusalAnswer(error);
    throw error;
  } finally {
    if (key !== null) api.running.delete(key);
  }
}

const BROKEN: Answer = { status: 500, body: { error: { type: "api_error", message: "Something went wrong." } } };

function perform(api: StripeApi, key: string | null, effect: () => Effect): Answer {
  const { body, event } = effect();
  if (event !== null) {
    const id = `evt_${randomBytes(12).toString("hex")}`;
    const text = JSON.stringify(eventObject(id, event, body, api.now(), key));
    api.courier.send((manner) => letterOf(text, api.webhookSecret, manner, api.now()));
  }
  return { status: 200, body };
}

function stored(api: StripeApi, key: string): z.infer<typeof Stored> | null {
  const found = api.ledger
    .prepare("select request, status, body from answers where idempotency_key = ? and answered_at > ?")
    .get(key, api.now() - KEPT_MS);
  return found === undefined ? null : Stored.parse(found);
}

function keep(api: StripeApi, key: string, said: string, answer: Answer): void {
  api.ledger
    .prepare("insert or replace into answers values (?, ?, ?, ?, ?)")
    .run(key, said, answer.status, JSON.stringify(answer.body), api.now());
}

function metadataOf(form: URLSearchParams): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [name, value] of form) {
    const field = /^metadata\[([^\]]+)\]$/.exec(name)?.[1];
    if (field !== undefined) metadata[field] = value;
  }
  return metadata;
}

function wholeOf(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,11}$/.test(text) ? Number(text) : null;
}

function bearerOf(request: IncomingMessage): string | null {
  return /^Bearer (\S+)$/.exec(headerOf(request, "authorization") ?? "")?.[1] ?? null;
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : null;
}

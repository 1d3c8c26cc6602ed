/** The Stripe provider, by the real SDK, against the sandbox with its own books: what it says must be what they say. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { ListeningServer } from "../../dev/http-server.ts";
import { signatureOf } from "../../dev/stripe/signature.ts";
import { startStripeSandbox } from "../../dev/stripe/server.ts";
import type { Order, ProviderTask, RefundTask } from "../../durable-objects/performance/contract.ts";
import type { Provider } from "./provider.ts";
import { lineTo } from "./line.ts";
import { stripePayments } from "./stripe.ts";

/** One that knows nothing of what others met. */
const line = () => lineTo({}, "stripe", true);

const keys = { secretKey: "sk_test_1", publishableKey: "pk_test_1", webhookSecret: "whsec_12345678" };
const folder = mkdtempSync(path.join(tmpdir(), "ticketping-stripe-"));
let sandbox: ListeningServer;
let stripe: Provider;
let task: ProviderTask;
let orders = 0;

beforeAll(async () => {
  sandbox = await startStripeSandbox({ port: 0, file: path.join(folder, "stripe.sqlite"), ...keys });
  stripe = stripePayments({ apiUrl: sandbox.url, sdkUrl: `${sandbox.url}/clover/stripe.js`, ...keys }, line());
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(() => vi.unstubAllGlobals());

beforeEach(() => {
  orders += 1;
  const orderId = `order-${orders}`;
  task = {
    orderId,
    attempt: 1,
    provider: "stripe",
    method: "CARD",
    providerOrderId: `${orderId}-1`,
    paymentKey: "",
    amount: 110_000,
    currency: "KRW",
    idempotencyKey: `${orderId}:1:confirm`,
    depositBy: null,
  };
});

const begun = z.object({ clientSecret: z.string(), paymentKey: z.string(), publishableKey: z.string() });

/** From begin to the buyer's consent in the browser. */
async function agreed(card = "pm_card_visa"): Promise<ProviderTask> {
  const order = { id: task.orderId, title: "햄릿", seats: [{}] } as unknown as Order;
  const checkout = begun.parse(await stripe.begin(order, task, { successUrl: "http://s/", failUrl: "http://f/" }));
  const body = new URLSearchParams({
    key: checkout.publishableKey,
    client_secret: checkout.clientSecret,
    payment_method: card,
  });
  await fetch(`${sandbox.url}/v1/payment_intents/${checkout.paymentKey}/confirm`, { method: "POST", body });
  return { ...task, paymentKey: checkout.paymentKey };
}

const refundOf = (of: ProviderTask, number: number, amount: number): RefundTask => ({
  ...of,
  amount,
  refund: number,
  reason: "requested",
  keysSpent: 0,
  account: null,
  idempotencyKey: `${of.orderId}:1:refund:${number}`,
});

async function trouble(order: Readonly<Record<string, unknown>>): Promise<void> {
  const response = await fetch(`${sandbox.url}/sandbox/faults`, { method: "POST", body: JSON.stringify(order) });
  expect(response.status).toBe(200);
}

const money = z.looseObject({
  byOrder: z.record(z.string(), z.object({ captured: z.number(), refunded: z.number() })),
});

async function books(): Promise<{ captured: number; refunded: number } | undefined> {
  const { byOrder } = money.parse(await (await fetch(`${sandbox.url}/sandbox/books`)).json());
  const found = byOrder[task.orderId];
  return found && { captured: found.captured, refunded: found.refunded };
}

describe("Stripe", () => {
  it("takes money once, at confirm, however often it is asked", async () => {
    const agreedTask = await agreed();
    expect(await books()).toEqual({ captured: 0, refunded: 0 });
    const first = await stripe.confirm(agreedTask);
    expect(first).toMatchObject({ result: "approved", amount: 110_000, method: "CARD" });
    expect(await stripe.confirm(agreedTask)).toEqual(first);
    expect(await stripe.conclude(agreedTask)).toEqual(first);
    expect(await books()).toEqual({ captured: 110_000, refunded: 0 });
  });

  it("begins the same intent again, also after an answer that got lost or a server error kept under the key", async () => {
    await trouble({ create: "lose-answer", times: 1 });
    await expect(agreed()).rejects.toThrow();
    const one = await agreed();
    expect((await agreed()).paymentKey).toBe(one.paymentKey);
    task = { ...task, attempt: 2, idempotencyKey: `${task.orderId}:2:confirm` };
    await trouble({ create: "error-500", times: 1 });
    expect(await stripe.confirm(await agreed())).toMatchObject({ result: "approved" });
  });

  it.each(["lose-answer", "error-500-after", "oversized"])(
    "finds the money that moved although the answer was: %s",
    async (fault) => {
      const agreedTask = await agreed();
      await trouble({ capture: fault, times: 1 });
      expect(await stripe.confirm(agreedTask)).toMatchObject({ result: "unknown" });
      expect(await stripe.conclude(agreedTask)).toMatchObject({ result: "approved", amount: 110_000 });
      expect(await books()).toEqual({ captured: 110_000, refunded: 0 });
    },
  );

  it("ends what a kept server error would block for a day: cancelled for good, nothing taken", async () => {
    const agreedTask = await agreed();
    await trouble({ capture: "error-500", times: 1 });
    expect(await stripe.confirm(agreedTask)).toMatchObject({ result: "unknown" });
    expect(await stripe.confirm(agreedTask)).toMatchObject({ result: "unknown" });
    expect(await stripe.conclude(agreedTask)).toMatchObject({ result: "declined" });
    expect(await stripe.confirm(agreedTask)).toMatchObject({ result: "declined" });
    expect(await books()).toEqual({ captured: 0, refunded: 0 });
  });

  it("says why the bank declined, and lets go of the intent", async () => {
    const declined = await agreed("pm_card_chargeDeclined");
    expect(await stripe.confirm(declined)).toMatchObject({ result: "declined", code: "generic_decline" });
    expect(await stripe.conclude(declined)).toMatchObject({ result: "declined" });
  });

  it("takes nothing for another order's payment, another amount, or one that does not exist", async () => {
    const foreign = await agreed();
    expect(await stripe.confirm({ ...foreign, orderId: "order-0" })).toMatchObject({ code: "foreign_payment" });
    expect(await stripe.conclude({ ...foreign, amount: 1 })).toMatchObject({ code: "foreign_payment" });
    expect(await stripe.confirm({ ...foreign, currency: "USD" })).toMatchObject({ code: "foreign_payment" });
    expect(await stripe.confirm({ ...foreign, paymentKey: "pi_none" })).toMatchObject({ code: "resource_missing" });
    expect(await stripe.confirm(foreign)).toMatchObject({ result: "approved" });
  });

  it("gives back every part once, also when answers are lost or server errors are kept", async () => {
    const paid = await agreed();
    await stripe.confirm(paid);
    await trouble({ refund: "lose-answer", times: 1 });
    expect(await stripe.refund(refundOf(paid, 1, 40_000))).toMatchObject({ result: "unknown" });
    const first = await stripe.refund(refundOf(paid, 1, 40_000));
    expect(first).toMatchObject({ result: "refunded", amount: 40_000 });
    expect(await stripe.refund(refundOf(paid, 1, 40_000))).toEqual(first);
    // A second part of the same amount is another refund.
    await trouble({ refund: "error-500", times: 1 });
    expect(await stripe.refund(refundOf(paid, 2, 40_000))).toMatchObject({ result: "key-spent", keysSpent: 1 });
    expect(await stripe.refund({ ...refundOf(paid, 2, 40_000), keysSpent: 1 })).toMatchObject({ result: "refunded" });
    await trouble({ refund: "error-500-after", times: 1 });
    expect(await stripe.refund(refundOf(paid, 3, 30_000))).toMatchObject({ result: "refunded", amount: 30_000 });
    expect(await books()).toEqual({ captured: 110_000, refunded: 110_000 });
  });

  it("takes an answer that goes on and on for none, and finds what it was about afterwards", async () => {
    await trouble({ create: "oversized", times: 1 });
    await expect(agreed()).rejects.toThrow();
    const paid = await agreed();
    // A read is asked again at once, so that one such answer alone is not noticed.
    await trouble({ read: "oversized", times: 2 });
    expect(await stripe.confirm(paid)).toMatchObject({ result: "unknown" });
    expect(await books()).toEqual({ captured: 0, refunded: 0 });
    await stripe.confirm(paid);
    await trouble({ read: "oversized", times: 4 });
    expect(await stripe.refund(refundOf(paid, 1, 110_000))).toMatchObject({ result: "unknown" });
    expect(await stripe.look(paid)).toMatchObject({ result: "unknown" });
    await trouble({ refund: "oversized", times: 1 });
    expect(await stripe.refund(refundOf(paid, 1, 110_000))).toMatchObject({ result: "unknown" });
    expect(await stripe.refund(refundOf(paid, 1, 110_000))).toMatchObject({ result: "refunded", amount: 110_000 });
    expect(await books()).toEqual({ captured: 110_000, refunded: 110_000 });
  });

  it("is understood with fields missing and fields nobody knows, and not guessed where what counts is missing", async () => {
    const ours = { ...task, paymentKey: "pi_1" };
    const answered = (body: unknown) => {
      vi.stubGlobal("fetch", () => Promise.resolve(Response.json(body)));
      return stripe.read(ours);
    };
    const known = {
      ...{ id: "pi_1", status: "succeeded", amount: 110_000, currency: "krw", brand_new: [{ deep: null }] },
      metadata: { order_id: task.orderId, attempt: "1" },
    };
    expect(await answered(known)).toEqual({
      ...{ result: "approved", transaction: "pi_1", amount: 110_000, method: "CARD", at: 0, receiptUrl: null },
    });
    expect(await answered({ ...known, amount_received: null, latest_charge: { id: "ch_1" } })).toMatchObject({
      ...{ result: "approved", transaction: "ch_1", amount: 110_000 },
    });
    expect(await answered({ ...known, status: "something_new" })).toEqual({
      result: "unknown",
      reason: "something_new",
    });
    for (const wrong of [
      ...["110000", 0.5, null, undefined].map((amount) => ({ ...known, amount })),
      ...[7, null, undefined].map((currency) => ({ ...known, currency })),
      ...[
        { ...known, status: undefined },
        { ...known, id: 7 },
        { ...known, metadata: "none" },
      ],
      ...[null, [], "paid", 7, {}],
    ])
      expect(await answered(wrong), JSON.stringify(wrong)).toMatchObject({ result: "unknown" });
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("<html>", { status: 200 })));
    expect(await stripe.read(ours)).toMatchObject({ result: "unknown" });
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("<html>", { status: 502 })));
    // A gateway's page is no answer of Stripe's: what is behind it may still be at work, and its key is not spent.
    expect(await stripe.refund(refundOf(ours, 1, 1))).toMatchObject({ result: "unknown" });
    for (const list of [{ data: [] }, { has_more: false }, { data: [{ id: "re_1", amount: "1" }], has_more: false }]) {
      vi.stubGlobal("fetch", () => Promise.resolve(Response.json(list)));
      expect(await stripe.refund(refundOf(ours, 1, 1))).toEqual({ result: "unknown", reason: "unreadable answer" });
    }
    // Ours may be on a page that was not read.
    vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ data: [], has_more: true })));
    expect(await stripe.refund(refundOf(ours, 1, 1))).toMatchObject({ result: "unknown" });
  });

  it("takes a refund that a bank is still at for none, and one that failed for none either", async () => {
    const ours = { ...task, paymentKey: "pi_1" };
    const asked: Request[] = [];
    let made: unknown[] = [];
    const refund = (status: string | undefined) => ({
      ...{ id: "re_1", amount: 40_000, status, created: 1 },
      metadata: { refund: refundOf(ours, 1, 1).idempotencyKey },
    });
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
      const request = new Request(url, { method: init.method ?? "GET", headers: init.headers ?? {} });
      asked.push(request);
      return Promise.resolve(
        Response.json(request.method === "GET" ? { data: made, has_more: false } : refund("pending")),
      );
    });
    expect(await stripe.refund(refundOf(ours, 1, 40_000))).toEqual({ result: "unknown", reason: "refund pending" });
    made = [refund("pending")];
    expect(await stripe.refund(refundOf(ours, 1, 40_000))).toMatchObject({ result: "unknown" });
    made = [refund(undefined)];
    expect(await stripe.refund(refundOf(ours, 1, 40_000))).toMatchObject({ result: "unknown" });
    made = [refund("failed")];
    await stripe.refund({ ...refundOf(ours, 1, 40_000), keysSpent: 2 });
    const keys = asked.filter(({ method }) => method === "POST").map((one) => one.headers.get("idempotency-key"));
    const base = refundOf(ours, 1, 1).idempotencyKey;
    expect(keys).toEqual([base, `${base}:4`]);
  });

  it("answers unknown, and changes nothing, while it cannot be reached or its answers cannot be read", async () => {
    const agreedTask = await agreed();
    const away = stripePayments({ apiUrl: "http://127.0.0.1:9", sdkUrl: "", ...keys }, line());
    expect(await away.confirm(agreedTask)).toMatchObject({ result: "unknown" });
    expect(await away.conclude(agreedTask)).toMatchObject({ result: "unknown" });
    expect(await away.refund(refundOf(agreedTask, 1, 1))).toMatchObject({ result: "unknown" });
    const stranger = stripePayments({ apiUrl: sandbox.url, sdkUrl: "", ...keys, secretKey: "sk_test_other" }, line());
    expect(await stranger.confirm(agreedTask)).toMatchObject({ result: "unknown" });
    expect(await books()).toEqual({ captured: 0, refunded: 0 });
  });
});

describe("notifications of Stripe", () => {
  const now = Date.UTC(2026, 10, 23);
  const body = JSON.stringify({
    id: "evt_1",
    object: "event",
    type: "payment_intent.amount_capturable_updated",
    data: { object: { id: "pi_1", object: "payment_intent", metadata: { order_id: "o", attempt: "2" } } },
  });
  const read = (signature: string | null, text = body) =>
    stripe.readNotification({ body: text, header: () => signature, now });
  const at = (seconds: number, text = body, secret = keys.webhookSecret): string =>
    signatureOf(text, secret, now / 1_000 + seconds);

  it("name the payment they are about, once their signature holds", async () => {
    expect(await read(at(0))).toMatchObject({
      kind: "hint",
      eventKey: "evt_1",
      orderId: "o",
      verified: { provider: "stripe", attempt: 2, paymentKey: "pi_1" },
    });
    expect(await read(`${at(-299)},v1=${"0".repeat(64)}`)).toMatchObject({ kind: "hint" });
  });

  it.each([
    ["no signature", null, body],
    ["another key", at(0, body, "whsec_other"), body],
    ["another body", at(0), body.replace("pi_1", "pi_2")],
    ["a year ago", at(-365 * 86_400), body],
    ["from the future", at(100_000), body],
    ["no time", at(0).replace(/^t=\d+,/, ""), body],
    ["rubbish", "v1", body],
  ])("are refused with %s", async (_name, signature, text) => {
    expect(await read(signature, text)).toMatchObject({ kind: "refused", why: "not-verified" });
  });

  it("are hints of nothing when they are about nothing of ours, and refused when they are no events", async () => {
    const other = JSON.stringify({ id: "evt_2", type: "charge.updated", data: { object: { id: "ch_1" } } });
    expect(await read(at(0, other), other)).toMatchObject({ kind: "hint", orderId: null, verified: null });
    // Only consent names a payment: an intent that was merely made must not be confirmed.
    const created = body.replace("amount_capturable_updated", "created");
    expect(await read(at(0, created), created)).toMatchObject({ kind: "hint", orderId: "o", verified: null });
    const none = JSON.stringify({ id: 7 });
    expect(await read(at(0, none), none)).toMatchObject({ kind: "refused", why: "malformed" });
  });
});

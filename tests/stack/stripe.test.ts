/** Paying with Stripe: its SDK on the real runtime, the sandbox's books, its script in a real browser. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { signatureOf } from "../../dev/stripe/signature.ts";
import { demoFans, demoPassword } from "../../dev/demo/accounts.ts";
import { readSecrets } from "../../dev/secrets.ts";
import { look } from "./axe.ts";
import { Buyer, type Order } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { onStage, PHONE, type Stage } from "./stage.ts";

const SOON = { timeout: 60_000, interval: 250 };

let stage: Stage;
let house: House;
let show: Show;

onStage(
  async (set) => {
    stage = set;
    ({ house } = set);
    show = await house.open({ title: "리처드 3세", rows: 6, columns: 10 });
  },
  () => startHouse({ demoData: true }),
);

async function ordered(seat: string): Promise<{ buyer: Buyer; order: Order }> {
  const buyer = await Buyer.inside(house, show);
  return { buyer, order: await buyer.order((await buyer.hold([seat])).id) };
}

const paidOnce = (order: Order) => ({ payments: 1, captured: order.amount, refunded: 0 });

describe("with Stripe", () => {
  it("a card is authorised in the browser and charged once at the confirm, and given back on cancelling", async () => {
    const { buyer, order } = await ordered("r1s1");
    const consent = await buyer.agree(await buyer.beginStripe(order.id));
    const paid = await buyer.confirm(order.id, consent);
    expect(paid).toMatchObject({ status: "paid", attempts: [{ status: "approved" }] });
    expect(await buyer.confirm(order.id, consent)).toEqual(paid);
    expect(await house.moneyOf(order.id)).toEqual(paidOnce(order));
    expect((await buyer.cancel(order.id)).status).toBe("cancelled");
    expect(await house.moneyOf(order.id)).toMatchObject({ captured: order.amount, refunded: order.amount });
    await expect.poll(async () => (await house.recordOf(order.id))["entries"], SOON).toBe(4);
    expect(await house.recordOf(order.id)).toMatchObject({ status: "cancelled", money: 0, balance: 0 });
  });

  it("a tab closed on the way back is paid all the same: the signed notification says that the buyer agreed", async () => {
    const { buyer, order } = await ordered("r1s2");
    await buyer.agree(await buyer.beginStripe(order.id));
    await expect.poll(async () => (await buyer.read(order.id)).status, SOON).toBe("paid");
    expect(await house.moneyOf(order.id)).toEqual(paidOnce(order));
  });

  it("a payment agreed to after it was given up is let go of, and takes nothing", async () => {
    const { buyer, order } = await ordered("r1s3");
    const checkout = await buyer.beginStripe(order.id);
    await buyer.cancel(order.id);
    await buyer.agree(checkout);
    const status = async (): Promise<unknown> => {
      const url = new URL(`/v1/payment_intents/${checkout.paymentKey}`, house.where.stripeUrl);
      const headers = { authorization: `Bearer ${readSecrets().STRIPE_SECRET_KEY}` };
      return z.looseObject({ status: z.string() }).parse(await (await fetch(url, { headers })).json()).status;
    };
    await expect.poll(status, SOON).toBe("canceled");
    expect(await house.moneyOf(order.id)).toMatchObject({ captured: 0 });
  });

  it.each([
    ["an answer that gets lost", "lose-answer", "paid"],
    ["a server error that hides a charge", "error-500-after", "paid"],
    ["a server error kept under the key", "error-500", "pending"],
  ])("%s ends by itself, charged at most once", async (_name, fault, end) => {
    const { buyer, order } = await ordered(`r2s${["lose-answer", "error-500-after", "error-500"].indexOf(fault) + 1}`);
    const checkout = await buyer.beginStripe(order.id);
    await house.trouble({ capture: fault, webhooks: "off", times: 1 }, "stripe");
    const consent = await buyer.agree(checkout);
    await buyer.confirm(order.id, consent);
    await expect.poll(async () => (await buyer.read(order.id)).status, { ...SOON, timeout: 120_000 }).toBe(end);
    await house.trouble({ webhooks: "normal" }, "stripe");
    expect(await house.moneyOf(order.id)).toMatchObject({ captured: end === "paid" ? order.amount : 0 });
    if (end === "pending") expect((await buyer.pay(order.id)).status).toBe("paid");
  });

  it("a declined card may be followed by another one", async () => {
    const { buyer, order } = await ordered("r3s1");
    const declined = await buyer.agree(await buyer.beginStripe(order.id), "pm_card_chargeDeclined");
    await expect(buyer.confirm(order.id, declined)).rejects.toMatchObject({ status: 402, code: "payment-declined" });
    const second = await buyer.agree(await buyer.beginStripe(order.id));
    expect((await buyer.confirm(order.id, second)).status).toBe("paid");
    expect(await house.moneyOf(order.id)).toMatchObject({ captured: order.amount, refunded: 0 });
  });

  it.each(["duplicate", "reordered", "late", "forged"])("notifications that come %s do no harm", async (webhooks) => {
    await house.trouble({ webhooks }, "stripe");
    const { buyer, order } = await ordered(`r4s${["duplicate", "reordered", "late", "forged"].indexOf(webhooks) + 1}`);
    const consent = await buyer.agree(await buyer.beginStripe(order.id));
    await expect.poll(() => buyer.confirm(order.id, consent).then(({ status }) => status), SOON).toBe("paid");
    await house.trouble({ webhooks: "normal" }, "stripe");
    expect(await house.moneyOf(order.id)).toEqual(paidOnce(order));
    expect((await buyer.read(order.id)).refunds).toEqual([]);
  });

  it("notifications are refused unsigned, and received for orders nobody knows", async () => {
    const send = async (body: string, signature?: string): Promise<{ status: number; code: string | undefined }> => {
      const headers = { "content-type": "application/json", ...(signature && { "stripe-signature": signature }) };
      const response = await fetch(`${house.where.origin}/api/webhooks/stripe`, { method: "POST", body, headers });
      const { code } = z.looseObject({ code: z.string().optional() }).parse(await response.json());
      return { status: response.status, code };
    };
    const secret = readSecrets().STRIPE_WEBHOOK_SECRET;
    const now = Math.floor(Date.now() / 1_000);
    const metadata = { order_id: `${"0".repeat(32)}-${"0".repeat(24)}`, attempt: "1" };
    const object = { id: "pi_unknown", object: "payment_intent", metadata };
    const body = JSON.stringify({ id: "evt_unknown", type: "payment_intent.succeeded", data: { object } });
    expect(await send(body)).toEqual({ status: 401, code: "notification-not-verified" });
    expect(await send(body, signatureOf(body, "whsec_wrong_secret", now))).toMatchObject({ status: 401 });
    expect(await send(body, signatureOf(body, secret, now - 86_400 * 365))).toMatchObject({ status: 401 });
    expect(await send(body, signatureOf(body, secret, now + 3_600))).toMatchObject({ status: 401 });
    for (const _ of [1, 2]) expect(await send(body, signatureOf(body, secret, now))).toMatchObject({ status: 200 });
    expect(await house.count("provider_events where event_key = 'evt_unknown'")).toBe(1);
    const huge = JSON.stringify({ id: "x".repeat(1_000_000) });
    expect(await send(huge, signatureOf(huge, secret, now))).toEqual({ status: 413, code: "body-too-large" });
  });

  it("the checkout page offers both providers and pays with the one that is chosen", async () => {
    const visit = await stage.visit(PHONE);
    const { page } = visit;
    const [, fan] = demoFans;
    await page.goto(`/performance?id=${show.id}`);
    await visit.press("join");
    await page.waitForURL(/\/login/);
    await visit.signIn(fan.email, demoPassword);
    await page.waitForURL(({ pathname }) => pathname === "/waiting");
    await page.locator("#enter:visible").click();
    await page.waitForURL(({ pathname }) => pathname === "/seats");
    await visit.pick(["r6s1"]);
    await visit.press("hold");
    await page.waitForSelector("[data-hold-id]");
    await visit.press("order");
    await page.waitForURL(/\/checkout/);
    await page.check('input[value="stripe-CARD"]');
    await visit.press("pay");
    await page.waitForSelector('input[name="sandbox-card"]');
    await page.check('input[value="pm_card_chargeDeclined"]');
    await visit.press("pay-card");
    await page.waitForSelector(".pay .alert");
    await look(visit, "checkout-stripe", { dark: false });
    await page.check('input[value="pm_card_visa"]');
    await visit.press("pay-card");
    await page.waitForSelector('[data-outcome="paid"]');
    const id = (await page.getAttribute("[data-order-id]", "data-order-id")) ?? "";
    expect(await house.moneyOf(id)).toMatchObject({ payments: 1, refunded: 0 });
    // The declined card is the one complaint: the provider answers it with 402.
    expect(visit.complaints.filter((line) => !line.includes("402"))).toEqual([]);
  });
});

/**
 * Money that arrives when its sale is over, and its object has forgotten everything: it goes back, or waits where somebody
 * sees it, and is never lost, also where the provider that told of it does not answer in that very moment.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { signatureOf } from "../../dev/stripe/signature.ts";
import { readSecrets } from "../../dev/secrets.ts";
import { Buyer, type Order, type StripeCheckout } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { atTheBank, openTransfer } from "./transfers.ts";

const PATIENCE = { timeout: 90_000, interval: 250 };

interface Abandoned {
  readonly buyer: Buyer;
  readonly order: Order;
  readonly checkout: StripeCheckout;
}

let house: House;
let show: Show;
let agreed: Abandoned;
let captured: Abandoned;
let unheard: Abandoned;
let refunding: Abandoned;
let transfer: { readonly buyer: Buyer; readonly order: Order };
let paid: { readonly buyer: Buyer; readonly order: Order };

beforeAll(async () => {
  house = await startHouse({ demoData: false, settings: { ARCHIVE_AFTER_DAYS: "0" } });
  show = await house.open({ title: "늦은 돈", rows: 1, columns: 6 });
  await house.trouble({ webhooks: "off" }, "stripe");
  agreed = await abandoned("r1s1");
  captured = await abandoned("r1s2");
  unheard = await abandoned("r1s3");
  refunding = await abandoned("r1s6");
  const buyer = await Buyer.inside(house, show);
  paid = { buyer, order: await buyer.buy(["r1s4"]) };
  await house.trouble({ depositSeconds: 2 });
  transfer = await openTransfer(house, show, ["r1s5"]);
  await vi.waitFor(async () => expect(await statusOf(transfer)).toBe("expired"), PATIENCE);
  await house.trouble({ webhooks: "off", depositSeconds: null });
  await empty();
}, 240_000);

afterAll(() => house?.close());

/** An attempt to pay that nobody has finished, of an order that is no more. */
async function abandoned(seat: string): Promise<Abandoned> {
  const buyer = await Buyer.inside(house, show);
  const order = await buyer.order((await buyer.hold([seat])).id);
  const checkout = await buyer.beginStripe(order.id);
  await buyer.cancel(order.id);
  return { buyer, order, checkout };
}

async function empty(): Promise<void> {
  const { organiser: token } = house;
  const operate = (what: string, body?: unknown): Promise<unknown> => {
    const request = `POST /api/organizer/performances/${show.id}/${what}`;
    return house.api.call(request, z.unknown(), { token, ...(body === undefined ? {} : { body }) });
  };
  await operate("revoke-all");
  await operate("close");
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
  await operate(`schedules/${show.scheduleId}/move`, { startsAt: at(3_000), freeUntil: at(2_000) });
  const emptied = async (): Promise<number> => {
    await fetch(`${house.where.origin}/cdn-cgi/handler/scheduled`);
    return house.count("performances where id = $1 and emptied_at is not null", show.id);
  };
  await vi.waitFor(async () => expect(await emptied()).toBe(1), PATIENCE);
}

const statusOf = async ({ buyer, order }: Pick<Abandoned, "buyer" | "order">): Promise<string> =>
  (await buyer.read(order.id)).status;
const keptMoney = ({ order }: Pick<Abandoned, "order">): Promise<unknown> => house.moneyOf(order.id);
const givenBack = ({ order }: Pick<Abandoned, "order">) => ({
  payments: 1,
  captured: order.amount,
  refunded: order.amount,
});

/** The provider's own hands: what somebody does in its dashboard. */
async function atStripe(path: string, method: "GET" | "POST" = "POST"): Promise<string> {
  const headers = { authorization: `Bearer ${readSecrets().STRIPE_SECRET_KEY}` };
  const answer = await fetch(new URL(`/v1/payment_intents/${path}`, house.where.stripeUrl), { method, headers });
  return z.looseObject({ status: z.string() }).parse(await answer.json()).status;
}

/** Delivers a notification by hand, and answers how it was received. */
async function notify(provider: "toss" | "stripe", body: string): Promise<number> {
  const time = Math.floor(Date.now() / 1_000);
  const signed = signatureOf(body, readSecrets().STRIPE_WEBHOOK_SECRET, time);
  const headers = { "content-type": "application/json", ...(provider === "stripe" && { "stripe-signature": signed }) };
  return (await fetch(`${house.where.origin}/api/webhooks/${provider}`, { method: "POST", body, headers })).status;
}

function succeeded({ order, checkout }: Abandoned, id: string): string {
  const metadata = { order_id: order.id, attempt: "1" };
  const object = { id: checkout.paymentKey, object: "payment_intent", metadata };
  return JSON.stringify({ id, object: "event", type: "payment_intent.succeeded", data: { object } });
}

describe("after the object was emptied", () => {
  it("the metrics say so", async () => {
    const headers = { authorization: `Bearer ${readSecrets().METRICS_TOKEN}` };
    const text = await (await fetch(new URL("/metrics", house.where.origin), { headers })).text();
    for (const [state, count] of Object.entries({ kept: 0, waiting: 0, emptied: 1 })) {
      expect(text).toContain(`ticketping_records_finished_sales{state="${state}"} ${count}\n`);
    }
  });

  it("a card that is agreed to is let go of, and nothing is taken", async () => {
    await house.trouble({ webhooks: "normal" }, "stripe");
    await agreed.buyer.agree(agreed.checkout);
    await expect.poll(() => atStripe(agreed.checkout.paymentKey, "GET"), PATIENCE).toBe("canceled");
    expect(await keptMoney(agreed)).toMatchObject({ captured: 0 });
    await house.trouble({ webhooks: "off" }, "stripe");
  });

  it("money that was taken all the same goes back by itself, and the books balance", async () => {
    await captured.buyer.agree(captured.checkout);
    await house.trouble({ webhooks: "duplicate" }, "stripe");
    expect(await atStripe(`${captured.checkout.paymentKey}/capture`)).toBe("succeeded");
    await expect.poll(() => keptMoney(captured), PATIENCE).toEqual(givenBack(captured));
    await expect.poll(() => house.recordOf(captured.order.id), PATIENCE).toMatchObject(booked);
    await house.trouble({ webhooks: "off" }, "stripe");
  });

  it("a provider that does not answer about it is made to say it again, and the money goes back once", async () => {
    await unheard.buyer.agree(unheard.checkout);
    expect(await atStripe(`${unheard.checkout.paymentKey}/capture`)).toBe("succeeded");
    const body = succeeded(unheard, "evt_unheard");
    await house.trouble({ read: "error-500" }, "stripe");
    for (const _ of [1, 2]) expect(await notify("stripe", body)).toBe(504);
    expect(await keptMoney(unheard)).toMatchObject({ captured: unheard.order.amount, refunded: 0 });
    await house.trouble({ read: null }, "stripe");
    for (const _ of [1, 2]) expect(await notify("stripe", body)).toBe(200);
    expect(await keptMoney(unheard)).toEqual(givenBack(unheard));
    await expect.poll(() => house.recordOf(unheard.order.id), PATIENCE).toMatchObject(booked);
    expect(await house.count("provider_events where event_key = 'evt_unheard'")).toBe(1);
  });

  it("a refund whose answer is lost is asked about again by the minute's cron, and made once", async () => {
    await refunding.buyer.agree(refunding.checkout);
    expect(await atStripe(`${refunding.checkout.paymentKey}/capture`)).toBe("succeeded");
    await house.trouble({ refund: "lose-answer", times: 1 }, "stripe");
    expect(await notify("stripe", succeeded(refunding, "evt_refunding"))).toBe(200);
    expect(await refunding.buyer.read(refunding.order.id)).toMatchObject({ refunds: [{ status: "requested" }] });
    const settled = async (): Promise<unknown> => {
      await fetch(`${house.where.origin}/cdn-cgi/handler/scheduled`);
      return (await refunding.buyer.read(refunding.order.id)).refunds;
    };
    await expect.poll(settled, PATIENCE).toMatchObject([{ status: "refunded" }]);
    expect(await keptMoney(refunding)).toEqual(givenBack(refunding));
    await expect.poll(() => house.recordOf(refunding.order.id), PATIENCE).toMatchObject(booked);
  });

  it("a transfer that comes too late is written down, and says that it waits for an account", async () => {
    expect(await atTheBank(house, transfer.order, "late")).toBe(200);
    const data = { orderId: `${transfer.order.id}-1`, status: "DONE" };
    const body = JSON.stringify({ eventType: "PAYMENT_STATUS_CHANGED", data });
    await house.trouble({ read: "error-500" });
    expect(await notify("toss", body)).toBe(504);
    expect(await transfer.buyer.read(transfer.order.id)).toMatchObject({ status: "expired", refunds: [] });
    await house.trouble({ read: null });
    for (const _ of [1, 2]) expect(await notify("toss", body)).toBe(200);
    const { amount } = transfer.order;
    const waits = [{ status: "requested", account: "needed", amount }];
    expect(await transfer.buyer.read(transfer.order.id)).toMatchObject({ status: "expired", refunds: waits });
    expect(await house.recordOf(transfer.order.id)).toMatchObject({ approved: 1, refunds: 0, balance: 0 });
  });

  it("a notification about what was paid in time, and about nobody's order, changes nothing", async () => {
    const before = await house.recordOf(paid.order.id);
    const about = (orderId: string): string =>
      JSON.stringify({ eventType: "PAYMENT_STATUS_CHANGED", data: { orderId, status: "DONE" } });
    const nobodys = `${show.id.replaceAll("-", "")}-${"0".repeat(24)}`;
    for (const order of [paid.order.id, nobodys]) expect(await notify("toss", about(`${order}-1`))).toBe(200);
    expect(await house.recordOf(paid.order.id)).toEqual(before);
    expect(await house.moneyOf(paid.order.id)).toEqual({ payments: 1, captured: paid.order.amount, refunded: 0 });
  });
});

/** Taken, given back, and no seat of it sold. */
const booked = { sold: 0, tickets: 0, approved: 1, refunds: 1, entries: 4, money: 0, balance: 0 };

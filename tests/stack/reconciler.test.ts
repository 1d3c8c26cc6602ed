/** Object, records and provider made to differ for real: found by the script, repaired by the minute's run, or reported. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSecrets } from "../../dev/secrets.ts";
import { Buyer, type Order } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { comparison, leaveAlone, reconcilerRun } from "./reconciling.ts";

const SOON = { timeout: 60_000, interval: 500 };

let house: House;
let show: Show;

beforeAll(async () => {
  house = await startHouse({ demoData: false });
  show = await house.open({ title: "장부", rows: 3, columns: 6 });
  await leaveAlone(house, show);
}, 180_000);

afterAll(() => house?.close());

/** What `npm run reconcile` says, and how it ends. */
const compared = (performanceId = show.id) => comparison(house, performanceId);
const minute = () => reconcilerRun(house, show);

async function bought(...seats: readonly string[]): Promise<{ readonly buyer: Buyer; readonly order: Order }> {
  const buyer = await Buyer.inside(house, show);
  const order = await buyer.buy(seats);
  await recorded();
  return { buyer, order };
}

const recorded = () => expect.poll(async () => (await house.figures(show)).outboxDepth, SOON).toBe(0);

async function metric(line: string): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${readSecrets().METRICS_TOKEN}` };
  const text = await (await fetch(new URL("/metrics", house.where.origin), { headers })).text();
  return text
    .split("\n")
    .find((one) => one.startsWith(`ticketping_${line} `))
    ?.split(" ")
    .at(-1);
}

const keyOf = async (orderId: string): Promise<string> => {
  const { rows } = await house.sql.query<{ key: string }>(
    "select payment_key as key from payments where order_id = $1",
    [orderId],
  );
  return rows[0]?.key ?? "";
};

/** The provider's own API, as somebody in its console would use it. */
async function atProvider(path: string, body: unknown): Promise<void> {
  const response = await fetch(new URL(path, house.where.tossUrl), {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`${readSecrets().TOSS_SECRET_KEY}:`)}`,
      "content-type": "application/json",
      "idempotency-key": crypto.randomUUID(),
    },
    body: JSON.stringify(body),
  });
  expect(response.status, await response.text()).toBe(200);
}

describe("a sale", () => {
  it("whose books agree is said to, and what does not exist is not compared", async () => {
    const { buyer, order } = await bought("r1s1", "r1s2");
    await bought("r1s3");
    await buyer.cancel(order.id);
    await expect.poll(async () => (await buyer.read(order.id)).status, SOON).toBe("cancelled");
    await recorded();
    const agreed = await compared();
    expect(agreed.said).toContain("2 orders compared with the records: 0 differences.");
    expect(agreed.said).toContain("2 orders compared with the providers, 2 payments asked about: 0 differences.");
    expect(agreed).toMatchObject({ code: 0 });
    expect(await compared(crypto.randomUUID())).toMatchObject({ code: 1 });
    expect((await compared("everything")).said).toContain("npm run reconcile -- PERFORMANCE");
    const path = `/api/operations/performances/${show.id}/comparison?side=records`;
    expect((await fetch(new URL(path, house.where.origin))).status).toBe(401);
  });

  it("whose records lost rows has them again after a minute, with a line in the audit log for each repair", async () => {
    const { order: whole } = await bought("r2s1");
    const { order: parts } = await bought("r2s2", "r2s3");
    for (const table of ["tickets", "order_seats", "payments", "ledger_entries"]) {
      await house.sql.query(`delete from ${table} where order_id = $1`, [whole.id]);
    }
    await house.sql.query("delete from orders where id = $1", [whole.id]);
    await house.sql.query("delete from tickets where order_id = $1 and seat_id = 'r2s2'", [parts.id]);
    await house.sql.query("update tickets set status = 'cancelled' where order_id = $1 and seat_id = 'r2s3'", [
      parts.id,
    ]);
    await house.sql.query("update order_seats set status = 'released' where order_id = $1 and seat_id = 'r2s3'", [
      parts.id,
    ]);
    await house.sql.query("update payments set status = 'declined' where order_id = $1", [parts.id]);
    await house.sql.query("delete from ledger_entries where order_id = $1 and debit > 0", [parts.id]);
    await house.sql.query("update orders set amount = 1 where id = $1", [parts.id]);

    const { code, said } = await compared();
    expect(code).toBe(1);
    for (const kind of ["ticket-missing", "ticket-differs", "seat-differs", "payment-differs", "ledger-missing"]) {
      expect(said).toMatch(new RegExp(`${kind} +${parts.id}`));
    }
    expect(said).toMatch(new RegExp(`order-missing +${whole.id}`));
    expect(said).toContain("sold-seats");
    expect(said).toContain("The books differ in");

    await minute();
    await expect.poll(async () => (await house.recordOf(whole.id))["tickets"], SOON).toBe(1);
    await expect.poll(async () => (await house.recordOf(parts.id))["tickets"], SOON).toBe(2);
    await recorded();
    // The amount of an order is written once: that one is left, and reported.
    expect((await compared()).said).toMatch(/order-differs .*: amount .*for somebody/);
    await house.sql.query("update orders set amount = $2 where id = $1", [parts.id, parts.amount]);
    expect(await compared()).toMatchObject({ code: 0 });
    expect(await house.recordOf(parts.id)).toMatchObject({ sold: 2, approved: 1, entries: 2, balance: 0 });

    await minute();
    expect(await house.count("reconciler_drifts")).toBe(0);
    const { rows } = await house.sql.query<{ detail: { orderId: string; found: string[] } }>(
      "select detail from audit_log where action = 'reconciler.repaired' and performance_id = $1",
      [show.id],
    );
    expect(new Set(rows.map(({ detail }) => detail.orderId))).toEqual(new Set([whole.id, parts.id]));
    expect(JSON.stringify(rows)).not.toContain("@");
    await expect.poll(() => metric('reconciler_repairs_total{kind="ticket-missing"}'), SOON).toBe("1");
  });

  it("that somebody changed by hand is reported until it is put right, and nothing is written over", async () => {
    const { order } = await bought("r2s4");
    const amounts = "update ledger_entries set debit = debit + $2 where order_id = $1 and debit > 0";
    await house.sql.query(amounts, [order.id, 7]);
    await minute();
    expect(await metric('reconciler_drift{kind="ledger-differs"}')).toBe("1");
    expect(Number(await metric("reconciler_age_seconds"))).toBeGreaterThanOrEqual(0);
    expect((await compared()).said).toMatch(
      /ledger-differs .*debit is 90007 instead of 90000 .*for somebody to look at/,
    );
    await minute();
    expect(await house.count("reconciler_drifts")).toBe(1);
    await house.sql.query(amounts, [order.id, -7]);
    await minute();
    expect(await metric('reconciler_drift{kind="ledger-differs"}')).toBe("0");
  });
});

describe("a provider", () => {
  it("that gave money back by itself is followed: part of it is booked, all of it ends the order", async () => {
    const { buyer, order } = await bought("r3s1", "r3s2");
    const path = `/v1/payments/${await keyOf(order.id)}/cancel`;
    await atProvider(path, { cancelReason: "goodwill", cancelAmount: 20_000 });
    expect((await compared()).said).toMatch(/provider-refund-unknown .*gave back 20000/);
    await minute();
    expect(await buyer.read(order.id)).toMatchObject({
      status: "paid",
      refunds: [{ amount: 20_000, status: "refunded" }],
    });
    await recorded();
    expect(await house.recordOf(order.id)).toMatchObject({ money: 120_000, balance: 0, tickets: 2 });
    await expect
      .poll(
        () =>
          atProvider(path, { cancelReason: "console" }).then(
            () => "done",
            () => "not yet",
          ),
        SOON,
      )
      .toBe("done");
    await minute();
    expect((await buyer.read(order.id)).status).toBe("cancelled");
    await recorded();
    expect(await house.recordOf(order.id)).toMatchObject({ money: 0, balance: 0, tickets: 0, sold: 0 });
    const next = await Buyer.inside(house, show);
    expect((await next.seats()).slice(12, 14)).toBe("00");
    expect(await compared()).toMatchObject({ code: 0 });
  });

  it("of another kind is read as well: what it gave back by itself is booked", async () => {
    const buyer = await Buyer.inside(house, show);
    const { id } = await buyer.order((await buyer.hold(["r3s5"])).id);
    const consent = await buyer.agree(await buyer.beginStripe(id));
    expect(await buyer.confirm(id, consent)).toMatchObject({ status: "paid" });
    const response = await fetch(new URL("/v1/refunds", house.where.stripeUrl), {
      method: "POST",
      headers: { authorization: `Bearer ${readSecrets().STRIPE_SECRET_KEY}`, "idempotency-key": crypto.randomUUID() },
      body: new URLSearchParams({ payment_intent: consent.paymentKey, amount: "5000" }),
    });
    expect(response.status, await response.text()).toBe(200);
    await minute();
    expect(await buyer.read(id)).toMatchObject({ status: "paid", refunds: [{ amount: 5_000, status: "refunded" }] });
    await recorded();
    expect(await compared()).toMatchObject({ code: 0 });
    await buyer.cancel(id);
    await expect.poll(async () => (await house.moneyOf(id)).refunded, { ...SOON, timeout: 120_000 }).toBe(70_000);
  });

  it("that took money nobody told us of gives it back", async () => {
    const buyer = await Buyer.inside(house, show);
    const { id } = await buyer.order((await buyer.hold(["r3s3"])).id);
    const checkout = await buyer.begin(id);
    const { paymentKey, amount } = await buyer.consent(checkout);
    await atProvider("/v1/payments/confirm", { paymentKey, orderId: checkout.orderId, amount });
    await buyer.cancel(id);
    expect(await house.moneyOf(id)).toMatchObject({ captured: 70_000, refunded: 0 });
    expect((await compared()).said).toMatch(/capture-unknown .*took 70000/);
    await minute();
    await expect.poll(async () => (await house.moneyOf(id)).refunded, { ...SOON, timeout: 120_000 }).toBe(70_000);
    await recorded();
    expect(await compared()).toMatchObject({ code: 0 });
    expect(await house.recordOf(id)).toMatchObject({ status: "cancelled", money: 0, balance: 0, sold: 0 });
  });

  it("that denies a card's payment is reported, every time, and no seat, ticket or entry is touched by a program", async () => {
    const { buyer, order } = await bought("r3s6");
    const before = await house.recordOf(order.id);
    await house.trouble({ read: "not-found" });
    expect((await compared()).said).toMatch(
      new RegExp(`capture-missing +${order.id}.*took 0, we have booked ${order.amount}.*for somebody to look at`),
    );
    await minute();
    await minute();
    expect(Number(await metric('reconciler_drift{kind="capture-missing"}'))).toBeGreaterThan(0);
    expect(await buyer.read(order.id)).toMatchObject({ status: "paid", version: order.version });
    expect(await house.recordOf(order.id)).toEqual(before);
    await house.trouble({ read: null });
    await minute();
    expect(await metric('reconciler_drift{kind="capture-missing"}')).toBe("0");
    expect(await compared()).toMatchObject({ code: 0 });
  });

  it("that does not answer changes nothing of what is known", async () => {
    const { order } = await bought("r3s4");
    await house.sql.query(
      `insert into reconciler_drifts (key, performance_id, side, kind, subject, detail, found_at)
       values ('k', $1, 'provider', 'capture-missing', $2, 'as it was found', now())`,
      [show.id, order.id],
    );
    await house.trouble({ read: "error-500" });
    await minute();
    expect(await house.count("reconciler_drifts where key = 'k'")).toBe(1);
    expect((await compared()).said).toContain("the provider said nothing");
    await house.trouble({ read: null });
    await minute();
    expect(await house.count("reconciler_drifts where key = 'k'")).toBe(0);
  });
});

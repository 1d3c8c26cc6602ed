/** Buying, from the first request to the books: over HTTP and WebSocket against everything there is. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ApiFailure } from "../../dev/demo/client.ts";
import { Buyer } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { Live } from "./live.ts";
import { send } from "./raw.ts";

/** Records follow a sale within a second or two; this is for a machine that is busy with something else. */
const RECORDED = { timeout: 30_000, interval: 200 };

let house: House;
let show: Show;

beforeAll(async () => {
  house = await startHouse({ demoData: true });
  show = await house.open({ title: "오이디푸스", rows: 6, columns: 10 });
}, 120_000);

afterAll(() => house?.close());

describe("a purchase", () => {
  it("goes from signing up to a ticket, and is in the records exactly once", async () => {
    const account = { email: "buyer@ticketping.test", password: "a long enough one", nickname: "관객" };
    await house.api.call("POST /api/auth/signup", z.unknown(), { body: account });
    const session = z.looseObject({ accessToken: z.string(), member: z.looseObject({ nickname: z.literal("관객") }) });
    const { accessToken } = await house.api.call("POST /api/auth/login", session, { body: account });
    const buyer = new Buyer(house, show, accessToken);

    expect((await buyer.look()).state).toBe("none");
    const joined = await buyer.join();
    expect((await buyer.join()).number).toBe(joined.number);
    const live = await Live.open(house.where.origin, `${buyer.room}/live`, buyer.token);
    expect(live.protocol).toBe("ticketping.v1");
    await live.told(({ type, state }) => type === "state" && state === "admitted");
    expect(await buyer.look()).toMatchObject({ state: "admitted", number: joined.number });
    await buyer.enter();
    expect(await buyer.seats()).toBe("0".repeat(60));

    const seats = await watchSeats(buyer);
    const hold = await buyer.hold(["r1s1", "r1s2"]);
    expect(hold).toMatchObject({ amount: 220_000, currency: "KRW", seats: [{ id: "r1s1" }, { id: "r1s2" }] });
    expect(Date.parse(hold.expiresAt)).toBeGreaterThan(Date.now());
    await expect.poll(() => buyer.seats(), RECORDED).toMatch(/^2200/);
    // What changes within a tenth of a second comes in one frame.
    await seats.told(({ changes }) => JSON.stringify(changes ?? []).includes("[0,0,2],[0,1,2]"));

    const order = await buyer.order(hold.id);
    expect(order).toMatchObject({ status: "pending", amount: 220_000, attempts: [], refunds: [] });
    expect(await buyer.holds()).toEqual([]);
    const checkout = await buyer.begin(order.id);
    expect(checkout).toMatchObject({ amount: { currency: "KRW", value: 220_000 }, orderId: `${order.id}-1` });
    expect(await house.moneyOf(order.id)).toEqual({ payments: 0, captured: 0, refunded: 0 });
    await expect.poll(() => buyer.seats(), RECORDED).toMatch(/^3300/);
    const consent = await buyer.consent(checkout);
    const paid = await buyer.confirm(order.id, consent);
    expect(paid).toMatchObject({ status: "paid", attempts: [{ number: 1, status: "approved" }] });
    expect(await buyer.confirm(order.id, consent)).toEqual(paid);
    expect(await house.moneyOf(order.id)).toEqual({ payments: 1, captured: 220_000, refunded: 0 });
    await live.told(({ type, state }) => type === "state" && state === "ended");
    live.close();
    seats.close();

    await expect.poll(() => buyer.orders(), RECORDED).toEqual([paid]);
    const once = {
      status: "paid",
      sold: 2,
      tickets: 2,
      approved: 1,
      refunds: 0,
      entries: 2,
      money: 220_000,
      balance: 0,
    };
    expect(await house.recordOf(order.id)).toEqual(once);
    const ticket = z.looseObject({ id: z.string(), token: z.string(), seat: z.looseObject({ id: z.string() }) });
    const path = `GET /api/orders/${order.id}/tickets`;
    const { items } = await house.api.call(path, z.object({ items: z.array(ticket) }), { token: accessToken });
    expect(items.map(({ seat }) => seat.id).toSorted()).toEqual(["r1s1", "r1s2"]);
    expect(new Set(items.map(({ token }) => token)).size).toBe(2);
  });

  it("that is cancelled gives the money back and the seats to somebody else", async () => {
    const first = await Buyer.inside(house, show);
    const order = await first.buy(["r2s1", "r2s2"]);
    const cancelled = await first.cancel(order.id);
    expect(cancelled).toMatchObject({ status: "cancelled", refunds: [{ amount: order.amount, status: "refunded" }] });
    expect((await first.cancel(order.id)).refunds).toHaveLength(1);
    expect(await house.moneyOf(order.id)).toEqual({ payments: 1, captured: order.amount, refunded: order.amount });

    const second = await Buyer.inside(house, show);
    await expect.poll(async () => (await second.seats()).slice(10, 12), RECORDED).toBe("00");
    const again = await second.buy(["r2s1", "r2s2"]);
    await expect.poll(async () => (await house.recordOf(again.id))["sold"], RECORDED).toBe(2);
    const returned = {
      status: "cancelled",
      sold: 0,
      tickets: 0,
      approved: 1,
      refunds: 1,
      entries: 4,
      money: 0,
      balance: 0,
    };
    expect(await house.recordOf(order.id)).toEqual(returned);
  });

  it("that the card declines may be tried again, and only the second try takes money", async () => {
    const buyer = await Buyer.inside(house, show);
    const { id } = await buyer.order((await buyer.hold(["r3s1"])).id);
    const declined = await buyer.consent(await buyer.begin(id), "decline");
    await expect(buyer.confirm(id, declined)).rejects.toMatchObject({
      status: 402,
      code: "payment-declined",
      evidence: { declineCode: "REJECT_CARD_PAYMENT" },
    });
    expect(await buyer.read(id)).toMatchObject({ status: "pending", attempts: [{ status: "declined" }] });
    expect(await buyer.pay(id)).toMatchObject({
      status: "paid",
      attempts: [{ number: 1 }, { number: 2, status: "approved" }],
    });
    expect(await house.moneyOf(id)).toMatchObject({ captured: 90_000, refunded: 0 });
  });

  it("whose answer the provider loses after the charge is found paid all the same", async () => {
    const buyer = await Buyer.inside(house, show);
    const { id, amount } = await buyer.order((await buyer.hold(["r3s2"])).id);
    const consent = await buyer.consent(await buyer.begin(id));
    await house.trouble({ confirm: "lose-answer", times: 1 });
    await buyer.confirm(id, consent);
    await expect.poll(async () => (await buyer.read(id)).status, { timeout: 60_000, interval: 250 }).toBe("paid");
    expect(await house.moneyOf(id)).toEqual({ payments: 1, captured: amount, refunded: 0 });
  });
});

describe("a tab", () => {
  it("closed on the way back from the window has taken nothing, and the order is paid in another one", async () => {
    const buyer = await Buyer.inside(house, show);
    const { id, amount } = await buyer.order((await buyer.hold(["r3s3"])).id);
    // Agreed to at the provider; the page that would have confirmed it never opened.
    await buyer.consent(await buyer.begin(id));
    expect(await house.moneyOf(id)).toMatchObject({ captured: 0 });
    expect((await buyer.read(id)).attempts).toMatchObject([{ number: 1, status: "begun" }]);
    expect(await buyer.pay(id)).toMatchObject({ status: "paid" });
    expect((await buyer.read(id)).attempts.map(({ status }) => status)).toEqual(["abandoned", "approved"]);
    expect(await house.moneyOf(id)).toMatchObject({ captured: amount, refunded: 0 });
  });
});

describe("a notification", () => {
  it("of a payment that was made comes again a year later, when the money has long gone back: nothing happens", async () => {
    const buyer = await Buyer.inside(house, show);
    const { id, amount } = await buyer.order((await buyer.hold(["r3s4"])).id);
    const consent = await buyer.consent(await buyer.begin(id));
    expect(await buyer.confirm(id, consent)).toMatchObject({ status: "paid" });
    await buyer.cancel(id);
    await expect.poll(async () => (await buyer.read(id)).status, { timeout: 60_000, interval: 250 }).toBe("cancelled");
    const before = await buyer.read(id);
    const { paymentKey } = consent;
    const body = {
      ...{ eventType: "PAYMENT_STATUS_CHANGED", createdAt: "2025-11-28T10:00:00.000000" },
      data: { orderId: `${id}-1`, paymentKey, status: "DONE", totalAmount: amount },
    };
    for (let time = 0; time < 3; time += 1) {
      const path = "/api/webhooks/toss";
      expect(await send(house.where.origin, { method: "POST", path, body })).toMatchObject({ status: 200 });
    }
    // The provider's own may still be arriving: these say another moment.
    expect(await house.count("provider_events where body ->> 'createdAt' like '2025-11-28%'")).toBe(1);
    expect(await buyer.read(id)).toEqual(before);
    expect(await house.moneyOf(id)).toEqual({ payments: 1, captured: amount, refunded: amount });
  });
});

describe("asking twice", () => {
  it("under the same key gives the same answer, and does nothing twice", async () => {
    const buyer = await Buyer.inside(house, show);
    const holds = await Promise.all([1, 2, 3].map(() => buyer.hold(["r4s1"], "same-hold-key")));
    expect(new Set(holds.map(({ id }) => id)).size).toBe(1);
    const holdId = holds[0]?.id ?? "";
    const orders = await Promise.all([1, 2, 3].map(() => buyer.order(holdId, "same-order-key")));
    expect(new Set(orders.map(({ id }) => id)).size).toBe(1);
    const id = orders[0]?.id ?? "";
    const checkouts = await Promise.all([1, 2, 3].map(() => buyer.begin(id, "same-payment-key")));
    expect(new Set(checkouts.map(({ orderId }) => orderId))).toEqual(new Set([`${id}-1`]));
    const consent = await buyer.consent(checkouts[0] ?? (await buyer.begin(id)));
    await Promise.all([1, 2, 3, 4, 5].map(() => buyer.confirm(id, consent)));
    await expect.poll(async () => (await buyer.read(id)).status, RECORDED).toBe("paid");
    expect(await house.moneyOf(id)).toMatchObject({ payments: 1, captured: 90_000 });
    expect((await buyer.read(id)).attempts).toHaveLength(1);
  });

  it("under the same key for something else is refused", async () => {
    const buyer = await Buyer.inside(house, show);
    const reused = { status: 422, code: "idempotency-key-reused" };
    const { id: first } = await buyer.hold(["r4s3"], "reused-hold-key");
    await expect(buyer.hold(["r4s4"], "reused-hold-key")).rejects.toMatchObject(reused);
    const { id: second } = await buyer.hold(["r4s5"]);
    const order = await buyer.order(first, "reused-order-key");
    await expect(buyer.order(second, "reused-order-key")).rejects.toMatchObject(reused);
    // A hold becomes one order for ever: under another key it is the same one.
    expect(await buyer.order(first)).toMatchObject({ id: order.id });
    expect(await buyer.order(first, "reused-order-key")).toMatchObject({ id: order.id });
    expect((await buyer.seats()).slice(32, 35)).toBe("202");
  });

  it("by different members never meets: their keys are their own", async () => {
    const [one, other] = await Promise.all([Buyer.inside(house, show), Buyer.inside(house, show)]);
    const [a, b] = await Promise.all([one.hold(["r4s7"], "a-common-key"), other.hold(["r4s8"], "a-common-key")]);
    expect(a.id).not.toBe(b.id);
  });
});

describe("many who want the same seat", () => {
  it("end with one buyer and no half-taken pair", async () => {
    const crowd = await Promise.all(Array.from({ length: 8 }, () => Buyer.inside(house, show)));
    const ends = await Promise.all(
      crowd.map(async (buyer, index) => {
        try {
          return await buyer.hold(index % 2 === 0 ? ["r5s1", "r5s2"] : ["r5s2", "r5s3"]);
        } catch (error) {
          if (error instanceof ApiFailure) return error.code;
          throw error;
        }
      }),
    );
    const won = ends.filter((end) => typeof end !== "string");
    expect(won).toHaveLength(1);
    expect(ends.filter((end) => end === "seats-taken")).toHaveLength(7);
    const taken = won[0]?.seats.map(({ id }) => id);
    expect((await crowd[0]?.seats())?.slice(40, 43)).toBe(taken?.includes("r5s1") === true ? "220" : "022");
  });
});

/** A socket that is told of seats. When it began to listen is not said, so a seat is held and released until it notices. */
async function watchSeats(buyer: Buyer): Promise<Live> {
  const live = await Live.open(house.where.origin, `${buyer.room}/live?booking=1`, buyer.token, buyer.pass);
  live.send({ type: "watch", scheduleId: show.scheduleId });
  const noticed = async (): Promise<boolean> => {
    await buyer.release((await buyer.hold(["r6s10"])).id);
    return live.frames.some(({ type }) => type === "seats");
  };
  await expect.poll(noticed, RECORDED).toBe(true);
  return live;
}

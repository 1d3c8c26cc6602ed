/** Bank transfers of which no notification ever arrives: what the bank did is found by comparing books, and put right. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { Buyer, orderShape, type Order } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { send } from "./raw.ts";
import { comparison, leaveAlone, reconcilerRun } from "./reconciling.ts";
import { atTheBank, openTransfer } from "./transfers.ts";

const SOON = { timeout: 60_000, interval: 250 };
const answer = z.object({ order: orderShape });
const account = { bank: "20", accountNumber: "1002123456789", holderName: "김하늘" };

let house: House;
let show: Show;

beforeAll(async () => {
  house = await startHouse({ demoData: false });
  show = await house.open({ title: "들리지 않는 소식", rows: 2, columns: 5 });
  await leaveAlone(house, show);
  // For all of them: the provider tells nobody anything.
  await house.trouble({ webhooks: "off" });
}, 180_000);

afterAll(() => house?.close());

const statusOf = (buyer: Buyer, order: Order) => async (): Promise<string> => (await buyer.read(order.id)).status;
const recorded = () => expect.poll(async () => (await house.figures(show)).outboxDepth, SOON).toBe(0);
const agree = async (): Promise<void> => {
  await recorded();
  expect(await comparison(house, show.id)).toMatchObject({ code: 0 });
};

it("money that came after the order had ended goes back, once its buyer has said where to", async () => {
  await house.trouble({ depositSeconds: 2 });
  const { buyer, order } = await openTransfer(house, show, ["r1s1"]);
  await house.trouble({ depositSeconds: null });
  await expect.poll(statusOf(buyer, order), SOON).toBe("expired");
  expect(await atTheBank(house, order, "late")).toBe(200);
  expect((await comparison(house, show.id)).said).toMatch(/capture-unknown .*took 110000/);
  expect(await buyer.read(order.id)).toMatchObject({ status: "expired", refunds: [] });

  await reconcilerRun(house, show);
  expect(await buyer.read(order.id)).toMatchObject({
    status: "expired",
    refunds: [{ amount: 110_000, status: "requested", account: "needed" }],
  });
  const { order: paidBack } = await house.api.call(`POST /api/orders/${order.id}/refund-account`, answer, {
    token: buyer.token,
    body: account,
  });
  expect(paidBack.refunds).toMatchObject([{ status: "refunded" }]);
  expect(await house.moneyOf(order.id)).toEqual({ payments: 1, captured: 110_000, refunded: 110_000 });
  await agree();
  expect(await house.recordOf(order.id)).toMatchObject({
    status: "expired",
    sold: 0,
    tickets: 0,
    money: 0,
    balance: 0,
  });
});

it("money that came in time is sold, and not only after the hour in which the provider is asked anyway", async () => {
  const { buyer, order } = await openTransfer(house, show, ["r1s2"]);
  expect(await atTheBank(house, order, "deposit")).toBe(200);
  await reconcilerRun(house, show);
  expect(await statusOf(buyer, order)()).toBe("paid");
  await agree();
  expect(await house.recordOf(order.id)).toMatchObject({ sold: 1, tickets: 1, money: order.amount, balance: 0 });
});

it("money that the bank took back is waited for again; without it the seat is nobody's in the end", async () => {
  const { buyer, order } = await openTransfer(house, show, ["r1s3"]);
  await atTheBank(house, order, "deposit");
  await reconcilerRun(house, show);
  await expect.poll(statusOf(buyer, order), SOON).toBe("paid");
  await recorded();
  await atTheBank(house, order, "undo");
  expect((await comparison(house, show.id)).said).toMatch(/capture-missing .*took 0, we have booked 110000/);
  expect(await statusOf(buyer, order)()).toBe("paid");

  await reconcilerRun(house, show);
  await expect.poll(statusOf(buyer, order), SOON).toBe("awaiting-deposit");
  await agree();
  expect(await house.recordOf(order.id)).toMatchObject({ sold: 0, tickets: 0, money: 0, balance: 0 });
  expect((await buyer.cancel(order.id)).status).toBe("cancelled");
  await agree();
});

it("money that the bank took back before some of it could go back ends the order: no refund, no fee, no seat", async () => {
  const { buyer, order } = await openTransfer(house, show, ["r2s1", "r2s2"]);
  await atTheBank(house, order, "deposit");
  await reconcilerRun(house, show);
  await expect.poll(statusOf(buyer, order), SOON).toBe("paid");
  await recorded();
  await atTheBank(house, order, "undo");
  // The fan knows as little of it as we do.
  await house.api.call(`POST /api/orders/${order.id}/cancel`, answer, {
    token: buyer.token,
    body: { seats: ["r2s2"], account },
  });

  // Whoever says that there is news only makes us ask.
  const data = { orderId: `${order.id}-1`, status: "WAITING_FOR_DEPOSIT" };
  const hint = { eventType: "PAYMENT_STATUS_CHANGED", createdAt: "2026-12-24T10:00:00.000000", data };
  expect((await send(house.where.origin, { method: "POST", path: "/api/webhooks/toss", body: hint })).status).toBe(200);
  await expect.poll(statusOf(buyer, order), SOON).toBe("cancelled");
  expect(await buyer.read(order.id)).toMatchObject({ refunds: [{ status: "void" }] });
  expect(await house.moneyOf(order.id)).toEqual({ payments: 1, captured: 0, refunded: 0 });
  expect((await (await Buyer.inside(house, show)).seats()).slice(5, 7)).toBe("00");
  const closed = async (): Promise<unknown> => (await buyer.read(order.id)).attempts.at(-1)?.status;
  await expect.poll(closed, SOON).toBe("abandoned");
  expect(await atTheBank(house, order, "deposit")).not.toBe(200);
  await agree();
  expect(await house.recordOf(order.id)).toMatchObject({
    ...{ status: "cancelled", sold: 0, tickets: 0, money: 0, balance: 0 },
  });
});

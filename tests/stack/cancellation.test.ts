/** Giving back, against everything there is: the provider's books, the records, the ledger, a browser. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { demoFans, demoPassword } from "../../dev/demo/accounts.ts";
import { orderNumber } from "../../durable-objects/performance/order-number.ts";
import { look } from "./axe.ts";
import type { Visit } from "./browser.ts";
import { Buyer, orderShape, type Order } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { onStage, PHONE, type Stage } from "./stage.ts";

const SOON = { timeout: 60_000, interval: 250 };
/** Every day costs, so that fees are met whatever the date of the show. */
const LADDER = { rules: [{ daysBefore: 0, daysSince: null, percent: 10, perSeat: 4_000 }] };
const answer = z.object({ order: orderShape });
const quoted = z.object({ quote: z.looseObject({ fee: z.number(), refund: z.number(), because: z.string() }) });

let stage: Stage;
let house: House;
let show: Show;

onStage(
  async (set) => {
    stage = set;
    ({ house } = set);
    show = await house.open({ title: "세일즈맨의 죽음", rows: 6, columns: 10, settings: { cancellation: LADDER } });
  },
  () => startHouse({ demoData: true }),
);

async function bought(seats: readonly string[], where: Show = show): Promise<{ buyer: Buyer; order: Order }> {
  const buyer = await Buyer.inside(house, where);
  return { buyer, order: await buyer.buy(seats) };
}

const operate = (path: string, body: unknown): Promise<unknown> =>
  house.api.call(`POST /api/organizer/performances/${show.id}/${path}`, z.null(), { token: house.organiser, body });

describe("giving back", () => {
  it("some seats costs what was said before, in the provider's books, the records and the ledger alike", async () => {
    const { buyer, order } = await bought(["r1s1", "r1s2"]);
    const at = `/api/orders/${order.id}`;
    const { token } = buyer;
    const { quote } = await house.api.call(`GET ${at}/cancellation?seats=r1s1`, quoted, { token });
    expect(quote).toMatchObject({ fee: 4_000, refund: 106_000, because: "policy" });
    const cancel = (body: unknown): Promise<z.infer<typeof answer>> =>
      house.api.call(`POST ${at}/cancel`, answer, { token, body });
    await expect(cancel({ seats: ["r1s1"], fee: 0 })).rejects.toMatchObject({ status: 409, code: "fee-changed" });
    await expect(cancel({ seats: ["r1s1"], fee: 4000.5 })).rejects.toMatchObject({ status: 422 });
    const { order: part } = await cancel({ seats: ["r1s1"], fee: 4_000 });
    expect(part).toMatchObject({ status: "paid", refunds: [{ amount: 106_000, status: "refunded" }] });
    expect((await cancel({ seats: ["r1s1"], fee: 4_000 })).order.version).toBe(part.version);
    expect(await house.moneyOf(order.id)).toEqual({ payments: 1, captured: 220_000, refunded: 106_000 });
    await expect.poll(async () => (await house.recordOf(order.id))["entries"], SOON).toBe(6);
    expect(await house.recordOf(order.id)).toMatchObject({ sold: 1, tickets: 1, money: 114_000, balance: 0 });
    const { rows } = await house.sql.query<{ fees: string }>(
      "select sum(credit - debit) as fees from ledger_entries where order_id = $1 and account like 'fees:%'",
      [order.id],
    );
    expect(Number(rows[0]?.fees)).toBe(4_000);
    await expect.poll(() => mailsAbout(order.id), SOON).toContain("좌석 일부를 취소하셨습니다: 세일즈맨의 죽음");
    expect(await mailsAbout(order.id)).toContain("환불 금액: ₩106,000\\n취소 수수료: ₩4,000");
    const next = await Buyer.inside(house, show);
    await expect.poll(async () => (await next.seats()).slice(0, 2), SOON).toBe("05");
    // Two seats of one price in one order: the second refund is another one.
    const { order: rest } = await cancel({});
    expect(rest.status === "cancelled" ? "cancelled" : await settled(buyer, order.id)).toBe("cancelled");
    expect(await house.moneyOf(order.id)).toMatchObject({ refunded: 212_000 });
  });

  it("money whose answer gets lost, or whose key keeps a server error, goes back once all the same", async () => {
    for (const [index, fault] of ["lose-answer", "error-500"].entries()) {
      const { buyer, order } = await bought([`r2s${index + 1}`]);
      await house.trouble({ cancel: fault, times: 1 });
      await house.api.call(`POST /api/orders/${order.id}/cancel`, answer, { token: buyer.token, body: {} });
      expect(await settled(buyer, order.id)).toBe("cancelled");
      expect(await house.moneyOf(order.id)).toMatchObject({ captured: order.amount, refunded: order.amount - 4_000 });
    }
  });

  it("is shown in the browser with its fee before anything is given up", async () => {
    const [fan] = demoFans;
    const visit = await stage.visit(PHONE);
    const { page } = visit;
    await page.goto("/login");
    await visit.signIn(fan.email, demoPassword);
    await page.waitForURL(({ pathname }) => pathname !== "/login");
    const { id } = await boughtBy(visit);
    await page.goto(`/order?id=${id}`);
    await visit.press("cancel");
    await page.waitForSelector('[data-fee="8000"]');
    await page.uncheck('.cancel-choice input[value="r3s2"]');
    await page.waitForSelector('[data-fee="4000"]');
    expect(await visit.overflow()).toBeLessThanOrEqual(0);
    await visit.press("cancel-go");
    await visit.press("cancel-confirm");
    await page.waitForSelector(".given-back");
    expect(await page.locator(".given-back").count()).toBe(1);
    await expect.poll(async () => (await house.moneyOf(id)).refunded, SOON).toBe(86_000);
    await page.reload();
    await page.waitForSelector("[data-ticket-id]");
    expect(await page.locator("[data-ticket-id]").count()).toBe(1);
    // Two seats of 90,000 won, one given back at a fee of 4,000.
    await page.waitForSelector('[data-receipt-total="94000"]');
    expect(await page.locator(".receipt .code").textContent()).toBe(orderNumber(id));
    await page.waitForSelector(`dd[data-order-number="${orderNumber(id)}"]`);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".receipt").isVisible()).toBe(true);
    expect(await page.locator(".card:not(.receipt)").first().isVisible()).toBe(false);
    await page.emulateMedia({ media: "screen" });
    expect(visit.complaints).toEqual([]);
  });
});

describe("the organiser", () => {
  it("takes a seat out of an order that stays: its whole price goes back, and the buyer is told by mail", async () => {
    const { buyer, order } = await bought(["r6s1", "r6s2"]);
    await operate(`orders/${order.id}/cancel`, { seats: ["r6s1"], reason: "camera" });
    await expect.poll(async () => (await house.moneyOf(order.id)).refunded, SOON).toBe(order.amount / 2);
    await expect.poll(async () => (await house.recordOf(order.id))["refunds"], SOON).toBe(1);
    const mails = (): Promise<string> => mailsAbout(order.id);
    await expect.poll(mails, SOON).toContain("주최 측에서 좌석을 취소했습니다: 세일즈맨의 죽음");
    expect(await mails()).toContain(`₩${(order.amount / 2).toLocaleString("ko")}`);
    expect(await buyer.read(order.id)).toMatchObject({ status: "paid" });
    expect(await house.recordOf(order.id)).toMatchObject({
      ...{ sold: 1, tickets: 1, money: order.amount / 2, balance: 0 },
    });
  });

  it("moves a date: buyers are told by mail, have new tickets, and see on the page what they can do", async () => {
    const fan = demoFans[1] ?? demoFans[0];
    const visit = await stage.visit(PHONE);
    const { page } = visit;
    await page.goto("/login");
    await visit.signIn(fan.email, demoPassword);
    await page.waitForURL(({ pathname }) => pathname !== "/login");
    const { id } = await boughtBy(visit, ["r4s1", "r4s2"]);
    const tickets = async () =>
      (
        await house.sql.query<{ version: number; code: string }>(
          "select version, code from tickets where order_id = $1 order by seat_id",
          [id],
        )
      ).rows;
    await expect.poll(async () => (await tickets()).length, SOON).toBe(2);
    const [old] = await tickets();
    const startsAt = new Date(Date.now() + 35 * 86_400_000).toISOString();
    const freeUntil = new Date(Date.now() + 86_400_000).toISOString();
    await operate(`schedules/${show.scheduleId}/move`, { startsAt, freeUntil });
    await expect.poll(async () => (await tickets()).map(({ version }) => version), SOON).toEqual([2, 2]);
    const door = `POST /api/door/performances/${show.id}/schedules/${show.scheduleId}/scans`;
    const scan = async (code = ""): Promise<string | undefined> => {
      const body = { device: "A", scans: [{ id: crypto.randomUUID(), code }] };
      const items = z.looseObject({ items: z.array(z.looseObject({ result: z.string() })) });
      return (await house.api.call(door, items, { token: house.organiser, body })).items[0]?.result;
    };
    expect(await scan(old?.code)).not.toBe("admitted");
    expect(await scan((await tickets())[0]?.code)).toBe("admitted");
    const mails = async (): Promise<string> =>
      (await fetch(new URL(`/mails?to=${encodeURIComponent(fan.email)}`, house.where.inboxUrl))).text();
    await expect.poll(mails, SOON).toContain("공연 일정이 바뀌었습니다: 세일즈맨의 죽음");
    expect(await mails()).toContain(`/order?id=${id}`);
    await page.goto(`/order?id=${id}`);
    await page.waitForSelector('[data-moved="free"]');
    await look(visit, "order-moved", { dark: false });
    await visit.press("cancel");
    await page.waitForSelector('[data-fee="0"]');
    expect(await visit.overflow()).toBeLessThanOrEqual(0);
    await visit.press("cancel-go");
    await visit.press("cancel-confirm");
    await expect.poll(async () => (await house.moneyOf(id)).refunded, SOON).toBe(180_000);
    expect(visit.complaints).toEqual([]);
  });

  it("moves a date: kept, or given back without a fee; then cancels it: everything goes back by itself", async () => {
    const one = await bought(["r5s1"]);
    const two = await bought(["r5s2", "r5s3"]);
    const startsAt = new Date(Date.now() + 40 * 86_400_000);
    startsAt.setMilliseconds(0);
    const freeUntil = new Date(Date.now() + 86_400_000).toISOString();
    await operate(`schedules/${show.scheduleId}/move`, { startsAt: startsAt.toISOString(), freeUntil });
    const moved = async (): Promise<unknown> => (await one.buyer.read(one.order.id))["startsAt"];
    await expect.poll(moved, SOON).toBe(startsAt.toISOString());
    const { quote } = await house.api.call(`GET /api/orders/${one.order.id}/cancellation`, quoted, {
      token: one.buyer.token,
    });
    expect(quote).toMatchObject({ fee: 0, because: "moved" });

    await operate(`schedules/${show.scheduleId}/cancel`, { reason: "storm" });
    for (const { buyer, order } of [one, two]) {
      expect(await settled(buyer, order.id)).toBe("cancelled");
      expect(await house.moneyOf(order.id)).toMatchObject({ captured: order.amount, refunded: order.amount });
    }
    await expect.poll(async () => (await house.recordOf(two.order.id))["status"], SOON).toBe("cancelled");
    expect(await house.recordOf(two.order.id)).toMatchObject({ sold: 0, tickets: 0, money: 0, balance: 0 });
    const schedules = z.looseObject({ items: z.array(z.looseObject({ cancelled: z.boolean() })) });
    const { items } = await house.api.call(`GET /api/performances/${show.id}/schedules`, schedules);
    expect(items).toMatchObject([{ cancelled: true }]);
    const unbalanced = "select currency from ledger_entries group by currency having sum(debit) <> sum(credit)";
    expect((await house.sql.query(unbalanced)).rows).toEqual([]);
  });
});

/** What the buyer of an order finds in the inbox, as the inbox says it. */
async function mailsAbout(orderId: string): Promise<string> {
  const { rows } = await house.sql.query<{ email: string }>(
    "select m.email from members m join orders o on o.member_id = m.id where o.id = $1",
    [orderId],
  );
  return (await fetch(new URL(`/mails?to=${encodeURIComponent(rows[0]?.email ?? "")}`, house.where.inboxUrl))).text();
}

async function settled(buyer: Buyer, orderId: string): Promise<string> {
  let status = "";
  await expect
    .poll(async () => (status = (await buyer.read(orderId)).status), { timeout: 120_000, interval: 250 })
    .not.toBe("cancelling");
  return status;
}

/** A purchase of two seats by whoever is signed in there. */
async function boughtBy(visit: Visit, seats: readonly string[] = ["r3s1", "r3s2"]): Promise<{ readonly id: string }> {
  const { page } = visit;
  await page.goto(`/performance?id=${show.id}`);
  await page.locator('[data-action="join"]:visible').first().click();
  await page.waitForURL(({ pathname }) => pathname === "/waiting");
  await page.locator("#enter:visible").click();
  await page.waitForURL(({ pathname }) => pathname === "/seats");
  await visit.pick(seats);
  await page.locator('[data-action="hold"]:visible').first().click();
  await page.waitForSelector("[data-hold-id]");
  await page.locator('[data-action="order"]:visible').first().click();
  await page.waitForURL(/\/checkout/);
  await page.locator('[data-action="pay"]:visible').first().click();
  await page.waitForURL((url) => url.origin === house.where.tossUrl);
  await page.click('button[value="approve"]');
  await page.waitForSelector('[data-outcome="paid"]');
  return { id: (await page.getAttribute("[data-order-id]", "data-order-id")) ?? "" };
}

/** Paying by bank transfer, against everything there is: the provider's books, its notifications, the records, a browser. */
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { demoFans, demoPassword } from "../../dev/demo/accounts.ts";
import { accessible, look } from "./axe.ts";
import { Buyer, orderShape, type Order } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { send } from "./raw.ts";
import { DESK, onStage, type Stage } from "./stage.ts";
import { atTheBank, openTransfer } from "./transfers.ts";

const SOON = { timeout: 60_000, interval: 250 };
const answer = z.object({ order: orderShape });
const attempts = z.array(
  z.looseObject({
    status: z.string(),
    deposit: z.object({
      number: z.string(),
      dueAt: z.iso.datetime(),
      bank: z.object({ code: z.string(), ko: z.string(), en: z.string() }),
      holder: z.string().nullable(),
    }),
  }),
);
const account = { bank: "20", accountNumber: "1002123456789", holderName: "김하늘" };

let stage: Stage;
let house: House;
let show: Show;

onStage(
  async (set) => {
    stage = set;
    ({ house } = set);
    show = await house.open({ title: "시라노", rows: 6, columns: 10 });
  },
  () => startHouse({ demoData: true }),
);

afterEach(() => house?.trouble({ depositSeconds: null, webhooks: "normal", cancel: null }));

const waiting = (seats: readonly string[]) => openTransfer(house, show, seats);

const depositOf = (order: Order) => attempts.parse(order.attempts).at(-1)?.deposit;

const bank = (order: Order, action: "deposit" | "late" | "undo") => atTheBank(house, order, action);

const statusOf = (buyer: Buyer, order: Order) => async (): Promise<string> => (await buyer.read(order.id)).status;

const post = (buyer: Buyer, path: string, body: unknown): Promise<z.infer<typeof answer>> =>
  house.api.call(`POST ${path}`, answer, { token: buyer.token, body });

async function seat(index: number): Promise<string> {
  return (await (await Buyer.inside(house, show)).seats()).charAt(index);
}

describe("a bank transfer", () => {
  it("is waited for, told by mail, and when it arrives it is sold, ticketed and booked, once", async () => {
    await house.trouble({ webhooks: "duplicate" });
    const { buyer, order } = await waiting(["r1s1", "r1s2"]);
    expect(order.status).toBe("awaiting-deposit");
    const deposit = depositOf(order);
    expect(Date.parse(deposit?.dueAt ?? "") - Date.now()).toBeGreaterThan(23 * 3_600_000);
    expect([await seat(0), await seat(1)]).toEqual(["4", "4"]);
    await expect.poll(async () => (await house.recordOf(order.id))["status"], SOON).toBe("awaiting-deposit");
    expect(await house.recordOf(order.id)).toMatchObject({ sold: 0, tickets: 0, entries: 0 });
    expect(await house.moneyOf(order.id)).toMatchObject({ captured: 0 });
    await expect.poll(() => mailsWith(deposit?.number ?? "none"), SOON).toHaveLength(1);
    const [mail] = await mailsWith(deposit?.number ?? "none");
    expect(mail).toContain(deposit?.bank.ko);
    expect(mail).toContain("220,000");
    expect(mail).toContain("입금 기한");

    expect(await bank(order, "deposit")).toBe(200);
    await expect.poll(statusOf(buyer, order), SOON).toBe("paid");
    await expect.poll(async () => (await house.recordOf(order.id))["tickets"], SOON).toBe(2);
    expect(await house.recordOf(order.id)).toMatchObject({
      status: "paid",
      sold: 2,
      entries: 2,
      money: 220_000,
      balance: 0,
    });
    expect(await house.moneyOf(order.id)).toEqual({ payments: 1, captured: 220_000, refunded: 0 });
    // What was kept of the notifications has neither the account's secret nor anybody's account.
    expect(await house.count("provider_events where body ->> 'eventType' = 'DEPOSIT_CALLBACK'")).toBeGreaterThan(0);
    expect(await house.count("provider_events where body::text like '%ps\\_%'")).toBe(0);
    expect(await house.count("orders where snapshot::text like '%ps\\_%'")).toBe(0);
  });

  it("that nobody makes ends by itself: the seats are back once, and what comes late goes back in full", async () => {
    await house.trouble({ depositSeconds: 2 });
    const { buyer, order } = await waiting(["r2s1"]);
    await expect.poll(statusOf(buyer, order), SOON).toBe("expired");
    expect(await seat(10)).toBe("0");
    const next = await Buyer.inside(house, show);
    const { id } = await next.hold(["r2s1"]);

    expect(await bank(order, "late")).toBe(200);
    const refunds = async (): Promise<unknown> => (await buyer.read(order.id)).refunds;
    await expect.poll(refunds, SOON).toMatchObject([{ amount: 110_000, status: "requested", account: "needed" }]);
    expect(await seat(10)).toBe("2");
    await expect.poll(() => mailsWith("환불받을 계좌를 알려 주세요"), SOON).not.toHaveLength(0);
    const path = `/api/orders/${order.id}/refund-account`;
    await expect(post(next, path, account)).rejects.toMatchObject({ status: 404, code: "order-not-found" });
    const wrong = [
      { ...account, accountNumber: "12-34" },
      { ...account, bank: "99" },
      { ...account, holderName: "" },
      {},
    ];
    for (const body of wrong) await expect(post(buyer, path, body)).rejects.toMatchObject({ code: "invalid-request" });
    const { order: refused } = await post(buyer, path, { ...account, accountNumber: "10020000" });
    expect(refused.refunds).toMatchObject([{ status: "requested", account: "refused" }]);
    const here = await stage.visit(DESK, buyer.token);
    await here.page.goto(`/order?id=${order.id}`);
    await here.page.waitForSelector('[data-refund-account="refused"] #refund-bank');
    await look(here, "order-account-refused", { dark: false });
    const { order: after } = await post(buyer, path, account);
    expect(after).toMatchObject({ status: "expired", refunds: [{ status: "refunded" }] });
    expect(await house.moneyOf(order.id)).toEqual({ payments: 1, captured: 110_000, refunded: 110_000 });
    await expect.poll(async () => (await house.recordOf(order.id))["refunds"], SOON).toBe(1);
    expect(await house.recordOf(order.id)).toMatchObject({ sold: 0, tickets: 0, money: 0, balance: 0 });
    expect(await next.pay((await next.order(id)).id)).toMatchObject({ status: "paid" });
    for (const table of [
      "orders where snapshot",
      "provider_events where body",
      "applied_events where applied_events",
    ]) {
      expect(await house.count(`${table}::text like '%${account.accountNumber}%'`)).toBe(0);
    }
  });

  it("nobody made is not believed, whoever says so, and costs the one who waits for it nothing", async () => {
    const { buyer, order } = await waiting(["r3s1"]);
    const kept = (): Promise<number> => house.count("provider_events where body ->> 'eventType' = 'DEPOSIT_CALLBACK'");
    const before = await kept();
    const lie = {
      createdAt: "2026-12-24T10:00:00.000000",
      status: "DONE",
      orderId: `${order.id}-1`,
      transactionKey: "t",
    };
    const tell = (body: unknown) => send(house.where.origin, { method: "POST", path: "/api/webhooks/toss", body });
    expect(await tell({ ...lie, secret: "ps_forged" })).toMatchObject({
      status: 401,
      code: "notification-not-verified",
    });
    expect(await tell({ ...lie, secret: 7 })).toMatchObject({ status: 400, code: "notification-unreadable" });
    expect(await kept()).toBe(before);
    const hint = {
      eventType: "PAYMENT_STATUS_CHANGED",
      createdAt: lie.createdAt,
      data: { orderId: lie.orderId, status: "DONE" },
    };
    expect((await tell(hint)).status).toBe(200);
    expect(await buyer.read(order.id)).toMatchObject({ status: "awaiting-deposit" });
    expect(await house.moneyOf(order.id)).toMatchObject({ captured: 0 });
    // Its own notifications were forged on the way; the next look finds it all the same.
    await house.trouble({ webhooks: "forged" });
    await bank(order, "deposit");
    await house.trouble({ webhooks: "normal" });
    await expect.poll(statusOf(buyer, order), SOON).toBe("paid");
  });

  it("of an order that is given up has no account any more; one the bank takes back is waited for again", async () => {
    const { buyer, order } = await waiting(["r4s1"]);
    expect(await buyer.cancel(order.id)).toMatchObject({ status: "cancelled" });
    const closed = async (): Promise<unknown> => (await buyer.read(order.id)).attempts.at(-1)?.status;
    await expect.poll(closed, SOON).toBe("abandoned");
    expect(await bank(order, "deposit")).not.toBe(200);

    const other = await waiting(["r4s2"]);
    await bank(other.order, "deposit");
    await expect.poll(statusOf(other.buyer, other.order), SOON).toBe("paid");
    await expect.poll(async () => (await house.recordOf(other.order.id))["tickets"], SOON).toBe(1);
    await bank(other.order, "undo");
    await expect.poll(statusOf(other.buyer, other.order), SOON).toBe("awaiting-deposit");
    await expect.poll(async () => (await house.recordOf(other.order.id))["tickets"], SOON).toBe(0);
    expect(await house.recordOf(other.order.id)).toMatchObject({ sold: 0, entries: 4, money: 0, balance: 0 });
    await bank(other.order, "deposit");
    await expect.poll(async () => (await house.recordOf(other.order.id))["tickets"], SOON).toBe(1);
    expect(await house.recordOf(other.order.id)).toMatchObject({
      status: "paid",
      sold: 1,
      money: other.order.amount,
      balance: 0,
    });
  });

  it("goes back to the account its buyer names when the order is cancelled, although the first answer gets lost", async () => {
    const { buyer, order } = await waiting(["r5s1"]);
    // A notification that seems to come a year late is a hint like any other.
    await house.trouble({ webhooks: "late" });
    await bank(order, "deposit");
    await expect.poll(statusOf(buyer, order), SOON).toBe("paid");
    const path = `/api/orders/${order.id}/cancel`;
    await expect(post(buyer, path, {})).rejects.toMatchObject({ status: 422, code: "refund-account-required" });
    await house.trouble({ cancel: "lose-answer", times: 1 });
    await post(buyer, path, { account });
    await expect.poll(statusOf(buyer, order), { timeout: 120_000, interval: 250 }).toBe("cancelled");
    expect(await house.moneyOf(order.id)).toEqual({ payments: 1, captured: order.amount, refunded: order.amount });
    expect(await seat(40)).toBe("0");
  });
});

describe("in the browser", () => {
  it("a fan transfers the money, is shown where to and until when, gets the ticket, and is paid back", async () => {
    const [fan] = demoFans;
    const visit = await stage.visit(DESK);
    const { page } = visit;
    await page.goto("/login");
    await visit.signIn(fan.email, demoPassword);
    await page.waitForURL(({ pathname }) => pathname !== "/login");
    await page.goto(`/performance?id=${show.id}`);
    await visit.press("join");
    await page.waitForURL(({ pathname }) => pathname === "/waiting");
    await page.locator("#enter:visible").click();
    await page.waitForURL(({ pathname }) => pathname === "/seats");
    await page.click('[data-seat-id="r3s5"][data-mark="free"]');
    await visit.press("hold");
    await page.waitForSelector("[data-hold-id]");
    await visit.press("order");
    await page.waitForURL(/\/checkout/);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.check('input[value="toss-VIRTUAL_ACCOUNT"]');
    await visit.press("pay");
    await page.waitForURL((url) => url.origin === house.where.tossUrl);
    await page.click('button[value="approve"]');
    await page.waitForSelector('[data-outcome="deposit"] [data-deposit="due"]');
    const number = await page.getAttribute("[data-account]", "data-account");
    expect(await page.innerText("[data-deposit]")).toContain("90,000");
    expect(await page.innerText("[data-deposit] [role=timer]")).toMatch(/23|0일|1일/);
    await look(visit, "deposit");
    await page.reload();
    await page.waitForSelector(`[data-account="${number}"]`);
    const id = (await page.getAttribute("[data-order-id]", "data-order-id")) ?? "";
    await expect.poll(async () => (await house.recordOf(id))["status"], SOON).toBe("awaiting-deposit");
    await page.goto("/orders");
    await page.waitForSelector(`[data-order-id="${id}"] [data-status="awaiting-deposit"]`);
    await visit.press("language");
    await page.goto(`/order?id=${id}`);
    await page.waitForSelector(`[data-deposit="due"] [data-account="${number}"]`);
    expect(await page.innerText("[data-deposit] h2")).toMatch(/^[\x20-\x7e]+$/);
    expect(await visit.overflow()).toBeLessThanOrEqual(0);

    const atTheBank = await page.context().newPage();
    await atTheBank.goto(`${house.where.tossUrl}/bank`);
    // Closed any sooner, the bank would never hear of it.
    const heard = atTheBank.waitForResponse((response) => response.request().method() === "POST");
    await atTheBank.click(`[data-account="${number}"] button[value="deposit"]`);
    await heard;
    await atTheBank.close();
    // Nobody has to reload the page that waits.
    await page.waitForSelector("[data-ticket-id]", { timeout: 60_000 });
    expect(await page.innerText(".receipt")).toContain("Bank transfer · Toss Payments");

    await visit.press("cancel");
    await page.waitForSelector("#refund-bank");
    await visit.press("give-account");
    const wrong = page.locator(".field-error");
    expect(await wrong.count()).toBe(3);
    await page.waitForSelector("#refund-bank:focus");
    await look(visit, "order-refund-account-wrong", { dark: false });
    await visit.speak("en");
    // Each is said until its field is right, and no longer; a number may be written as banks print it.
    await page.selectOption("#refund-bank", account.bank);
    await expect.poll(() => wrong.count()).toBe(2);
    await page.fill("#refund-number", "12");
    await page.fill("#refund-holder", account.holderName);
    await expect.poll(() => wrong.count()).toBe(1);
    await page.fill("#refund-number", "1002-123-456789");
    await expect.poll(() => wrong.count()).toBe(0);
    await accessible(visit, "order-refund-account", { widths: [320], dark: false });
    await visit.press("give-account");
    await visit.press("cancel-confirm");
    await page.waitForSelector('[data-status="cancelled"]');
    expect(await page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")).not.toContain(
      account.accountNumber,
    );
    expect(await house.moneyOf(id)).toEqual({ payments: 1, captured: 90_000, refunded: 90_000 });
    expect(visit.complaints).toEqual([]);
  });
});

async function mailsWith(words: string): Promise<readonly string[]> {
  const found = await fetch(new URL("/mails", house.where.inboxUrl));
  const { items } = (await found.json()) as { items: readonly { subject: string; text: string }[] };
  return items.map(({ subject, text }) => `${subject}\n${text}`).filter((mail) => mail.includes(words));
}

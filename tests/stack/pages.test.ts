/** Every page in its main states, for people who do not see, hear or hold a mouse: axe in both languages, light and dark. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { orderNumber } from "../../durable-objects/performance/order-number.ts";
import { accessible, look } from "./axe.ts";
import { Buyer } from "./buyer.ts";
import type { House, Show } from "./house.ts";
import { DESK, onStage, type Stage } from "./stage.ts";
import { operate } from "./waiting-journey.ts";

const LATE = { timeout: 30_000 };
/** A page's own 401, 403, 404 and 409 are how it learns what to show. */
const unexpected = (complaint: string): boolean => !/status of 4\d\d/.test(complaint);

let stage: Stage;
let house: House;
let show: Show;

onStage(async (set) => {
  stage = set;
  ({ house } = set);
  show = await house.open({ title: "헤드윅", rows: 4, columns: 6 });
});

/** In the payment window, which is somebody else's page. */
async function decide(page: Page, choice: "approve" | "decline" | "cancel"): Promise<void> {
  await page.waitForURL((url) => url.origin === house.where.tossUrl);
  await page.click(`button[value="${choice}"]`);
}

it("what strangers see", async () => {
  const here = await stage.visit(DESK);
  const { page } = here;
  await page.goto("/");
  await page.waitForSelector("[data-performance-id]");
  await look(here, "catalogue");
  await page.goto("/?q=nothing");
  await page.waitForSelector(".empty");
  await look(here, "catalogue-empty", { dark: false });
  await page.goto(`/performance?id=${show.id}`);
  await page.waitForSelector('[data-action="join"]');
  await look(here, "performance");
  await page.goto(`/performance?id=${crypto.randomUUID()}`);
  await page.waitForSelector(".alert");
  await look(here, "performance-unknown", { dark: false });
  await page.goto(`/draw?performance=${show.id}`);
  await page.waitForSelector("h1:not(.page-name)");
  await look(here, "draw-arrival", { dark: false });
  await page.goto("/nowhere");
  await page.waitForSelector("h1:not(.page-name)");
  await look(here, "404");
  await page.goto("/login");
  await here.signIn("nobody@ticketping.test", "not the password");
  await page.waitForSelector(".alert");
  await look(here, "login");
  await page.goto("/signup");
  await here.press("signup");
  await page.waitForSelector('[aria-invalid="true"]');
  await look(here, "signup");
  expect(here.complaints.filter(unexpected)).toEqual([]);
});

it("a purchase: the payment window closed first, then a card that is declined, then paid", async () => {
  const { token } = await house.member();
  const here = await stage.visit(DESK, token);
  const { page } = here;
  await page.goto(`/waiting?performance=${show.id}`);
  await page.locator("#enter:visible").click();
  await page.waitForSelector('[data-live="true"]');
  await look(here, "seats-map");
  await here.press("view-list");
  await page.click('[data-seat-id="r2s2"]');
  await page.click('[data-seat-id="r2s3"]');
  await look(here, "seats-list");
  await here.press("hold");
  await page.waitForSelector("[data-hold-id]");
  await look(here, "seats-held");
  await here.press("order");
  await page.waitForSelector('[data-action="pay"]:enabled');
  await look(here, "checkout");
  await here.press("pay");
  await decide(page, "cancel");
  await page.waitForSelector('[data-outcome="failed"] [data-action="pay-again"]');
  await look(here, "fail");
  await here.press("pay-again");
  await page.waitForURL(/\/checkout/);
  await page.waitForSelector('[data-action="pay"]:enabled');
  await here.press("pay");
  await decide(page, "decline");
  await page.waitForSelector('[data-outcome="unpaid"]');
  await look(here, "declined");
  await page.locator('[data-outcome="unpaid"] a[href^="/checkout"]').click();
  await page.waitForSelector('[data-action="pay"]:enabled');
  await here.press("pay");
  await decide(page, "approve");
  await page.waitForSelector('[data-outcome="paid"]');
  await look(here, "success");
  const orderId = (await page.getAttribute("[data-order-id]", "data-order-id")) ?? "";
  await expect.poll(async () => (await house.recordOf(orderId))["tickets"], LATE).toBe(2);
  await page.goto("/orders");
  await page.waitForSelector('[data-status="paid"]');
  expect(await page.locator(".order-number").innerText()).toContain(orderNumber(orderId));
  await look(here, "orders");
  await page.goto(`/order?id=${orderId}`);
  await page.waitForSelector("[data-ticket-id]");
  await look(here, "order");
  await here.press("cancel");
  await page.waitForSelector('[data-action="cancel-go"]');
  await look(here, "order-cancel", { dark: false });
  await here.press("show-ticket");
  await page.waitForSelector('[data-action="reissue"]');
  await look(here, "ticket");
  await page.goto("/account");
  await page.waitForSelector("#nickname");
  expect(await house.recordOf(orderId)).toMatchObject({ sold: 2, tickets: 2, approved: 1, balance: 0 });
  expect(here.complaints.filter(unexpected)).toEqual([]);
});

it("what organisers see", async () => {
  const sold = await house.open({ title: "지킬 앤 하이드", rows: 3, columns: 4 });
  const buyer = await Buyer.inside(house, sold);
  const order = await buyer.buy(["r1s1", "r1s2"]);
  await expect.poll(async () => (await house.recordOf(order.id))["tickets"], LATE).toBe(2);
  await operate(house, sold, "POST blocks", { scheduleId: sold.scheduleId, reason: "초대석", seats: ["r3s1", "r3s2"] });
  const here = await stage.visit(DESK, house.organiser);
  const { page } = here;
  await page.goto("/organizer");
  await page.waitForSelector(`[data-performance-id="${sold.id}"]`);
  await look(here, "organizer");
  await here.press("create");
  await page.fill("#new-title", "초안");
  await here.press("begin");
  await page.waitForSelector("#ageRating");
  for (const step of ["basics", "venue", "dates", "prices", "sale", "check"]) {
    await page.click(`[data-step="${step}"]`);
    await page.waitForSelector(`[data-step="${step}"][aria-current]`);
    await look(here, `edit-${step}`, { dark: step === "venue" });
  }
  await page.goto(`/organizer/sale?id=${sold.id}`);
  await page.waitForSelector('[data-figure="sold"]');
  await page.locator("#seats-of").selectOption({ index: 1 });
  await page.waitForSelector("[data-block]");
  await page.waitForSelector('[data-seats-sold="2"]');
  await page.waitForSelector(".chart canvas");
  await here.press("grant");
  await page.click('[data-action="change-date"]');
  await here.press("find");
  await here.press("give-back");
  await here.press("audit");
  await page.waitForSelector(".audit li");
  await look(here, "sale");
  await here.press("pause");
  await page.waitForSelector("dialog[open]");
  await accessible(here, "sale-pausing", { widths: [320] });
  await here.press("pause-keep");
  await page.goto(`/organizer/rehearsal?id=${sold.id}`);
  await page.waitForSelector('[data-action="rehearse"]');
  await look(here, "rehearsal", { dark: false });
  await page.fill("#fans", "40");
  await here.press("rehearse");
  await page.waitForSelector('[data-rehearsal="running"] progress[value], [data-rehearsal="done"]');
  await page.waitForSelector('[data-rehearsal="done"]');
  expect(await page.locator('[data-check="good"]').count()).toBeGreaterThan(0);
  expect(await page.locator('[data-check="bad"]').count()).toBe(0);
  await look(here, "rehearsal-done");
  expect(here.complaints.filter(unexpected)).toEqual([]);
});

it("an order that was drawn, checked in the browser with one's own receipt", async () => {
  const now = Date.now();
  const iso = (ms: number): string => new Date(ms).toISOString();
  const settings = { gatherAt: iso(now - 1_000), openAt: iso(now + 20_000) };
  const drawn = await house.open({ title: "추첨", rows: 2, columns: 5, settings });
  const { token } = await house.member();
  const here = await stage.visit(DESK, token);
  const { page } = here;
  await page.goto(`/waiting?performance=${drawn.id}`);
  await page.waitForSelector('[data-screen="gathering"], [data-screen="sealed"]');
  await page.waitForSelector('[data-screen="admitted"]', { timeout: 60_000 });
  // The lobby may hear whose turn it is before it has worked out the order that was drawn.
  await expect.poll(() => page.innerText("#place"), LATE).toBe("1");
  await page.goto(`/draw?performance=${drawn.id}`);
  await here.press("check");
  // Without a beacon the operator could have influenced the order, and the page says so.
  await page.waitForSelector('[data-verdict="careful"]', LATE);
  await look(here, "draw");
  expect(here.complaints.filter(unexpected)).toEqual([]);
});

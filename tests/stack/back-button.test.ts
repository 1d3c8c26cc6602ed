/**
 * The back button, in a real browser: what was held and ordered is found again, or it is said what became of it. The
 * browser of these tests keeps no page as it was left; that it had is said to the page the way a browser would say it.
 */
import { expect, it } from "vitest";
import { look } from "./axe.ts";
import { Buyer } from "./buyer.ts";
import type { House, Show } from "./house.ts";
import { onStage, PHONE, type Stage } from "./stage.ts";

const LIVE = { timeout: 30_000 };

let stage: Stage;
let house: House;

onStage((set) => {
  stage = set;
  ({ house } = set);
});

type Settings = Readonly<Record<string, unknown>>;

/** Two seats held, on the only page of this visit. */
async function holding(title: string, settings: Settings = {}) {
  const show = await house.open({ title, rows: 2, columns: 6, settings });
  const { token } = await house.member();
  const begun = await stage.visit(PHONE, token);
  const { page } = begun;
  await page.goto(`/waiting?performance=${show.id}`);
  await page.locator("#enter:visible").click();
  await page.waitForSelector('[data-live="true"]');
  await begun.press("hold-best");
  await page.waitForSelector("[data-hold-id]");
  return { visit: begun, page, show, buyer: new Buyer(house, show, token) };
}

/** The same, ordered: before the checkout. */
async function ordering(title: string, settings: Settings = {}) {
  const held = await holding(title, settings);
  await held.visit.press("order");
  await held.page.waitForSelector('[data-action="pay"]:enabled');
  const orderId = new URL(held.page.url()).searchParams.get("order") ?? "";
  return { ...held, orderId };
}

const heldSeats = async (show: Show): Promise<number> => (await house.figures(show)).seatsByStatus["held"] ?? 0;
const kept = (state: string): string => `[data-kept-order][data-pay-state="${state}"]`;

it("loses no hold on the way to the waiting room and forward again, and no order on the way from the checkout", async () => {
  const { visit: here, page } = await holding("되돌아오기");
  const holdId = await page.getAttribute("[data-hold-id]", "data-hold-id");
  await page.goBack();
  await page.waitForSelector('[data-screen="entered"]');
  await page.goForward();
  await page.waitForSelector(`[data-hold-id="${holdId}"]`);
  const clock = page.locator("[data-hold-id] .countdown-clock");
  const before = await clock.innerText();
  await expect.poll(() => clock.innerText(), LIVE).not.toBe(before);

  await here.press("order");
  await page.waitForSelector('[data-action="pay"]:enabled');
  const checkout = page.url();
  await page.goBack();
  const unpaid = page.locator(`${kept("payable")} .countdown-clock`);
  await unpaid.waitFor();
  const left = await unpaid.innerText();
  await expect.poll(() => unpaid.innerText(), LIVE).not.toBe(left);
  await look(here, "seats-unpaid");
  await here.press("pay-order");
  await page.waitForURL(checkout);
  await page.waitForSelector('[data-action="pay"]:enabled');
});

it("says that a hold ended while its owner was on another page", async () => {
  const { page, show } = await holding("선점 만료", { holdSeconds: 5 });
  await page.goBack();
  await page.waitForSelector('[data-screen="entered"]');
  await expect.poll(() => heldSeats(show), LIVE).toBe(0);
  await page.goForward();
  await page.waitForSelector(".summary .alert");
  expect(await page.innerText(".summary .alert")).toContain("선점이 끝났습니다");
  expect(await page.locator("[data-hold-id]").count()).toBe(0);
  // Said once: after that there is nothing to be told.
  await page.reload();
  await page.waitForSelector('[data-live="true"]');
  expect(await page.locator(".summary .alert").count()).toBe(0);
});

it("says that the time to pay ended, until other seats are chosen", async () => {
  const { visit: here, page, orderId } = await ordering("결제 만료", { paymentSeconds: 10 });
  await page.waitForSelector('main [data-pay-state="expired"]');
  await page.goBack();
  await page.waitForSelector(`[data-kept-order="${orderId}"][data-pay-state="expired"]`);
  expect(await page.innerText(kept("expired"))).toContain("좌석이 풀렸습니다");
  await look(here, "seats-order-over", { dark: false });
  await here.press("hold-best");
  await page.waitForSelector("[data-hold-id]");
  expect(await page.locator("[data-kept-order]").count()).toBe(0);
});

it("says that an order is paid, and offers it to be paid no more", async () => {
  const { visit: here, page, orderId } = await ordering("결제 완료");
  await here.press("pay");
  await page.waitForURL((url) => url.origin === house.where.tossUrl);
  await page.click('button[value="approve"]');
  await page.waitForSelector('[data-outcome="paid"]');
  while (!page.url().includes("/seats?")) {
    await page.goBack({ waitUntil: "commit" });
    // A browser that is between two pages of different sites can be told to go nowhere: first the one has to be there.
    await page.waitForLoadState("domcontentloaded");
  }
  await page.waitForSelector(`[data-outcome="session-over"] ${kept("paid")}`);
  expect(await page.locator('[data-hold-id], [data-action="pay-order"], [data-action="order"]').count()).toBe(0);
  await look(here, "seats-paid");
  await here.press("see-order");
  await page.waitForURL(`**/order?id=${orderId}`);
});

it("a page that the browser kept as it was left asks again what is true: seats and checkout", async () => {
  const { page, buyer, orderId, visit: here } = await ordering("보관된 페이지");
  const { context } = here;
  const checkout = await context.newPage();
  await page.goBack();
  await page.waitForSelector(kept("payable"));
  await checkout.goto(`/checkout?order=${orderId}`);
  await checkout.waitForSelector('[data-action="pay"]:enabled');
  for (const one of [page, checkout]) await one.evaluate("window.asItWasLeft_ = true");
  await buyer.pay(orderId);
  const shown = 'dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))';
  await page.evaluate(shown);
  await page.waitForFunction("window.asItWasLeft_ === undefined");
  await page.waitForSelector(kept("paid"));
  await checkout.evaluate(shown);
  await checkout.waitForSelector('[data-outcome="paid"]');
});

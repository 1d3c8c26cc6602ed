/** A whole purchase without a mouse: from the list of performances to the paid order, on keys alone. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { z } from "zod";
import type { House, Show } from "./house.ts";
import { DESK, onStage, type Stage } from "./stage.ts";

/** So many presses of Tab must lead anywhere on a page. */
const FAR = 60;
const account = { email: "keys@ticketping.test", password: "a long enough one", nickname: "키보드" };
const OUTLINED = `(() => {
  for (let at = document.activeElement; at !== null; at = at.parentElement)
    if (getComputedStyle(at).outlineStyle !== "none") return true;
  return false;
})()`;

let stage: Stage;
let house: House;
let show: Show;

onStage(async (set) => {
  stage = set;
  ({ house } = set);
  show = await house.open({ title: "건반", rows: 3, columns: 4 });
  await house.api.call("POST /api/auth/signup", z.unknown(), { body: account });
});

/** Presses Tab until what has the focus is what was meant; it, or what it lies in, shows so. */
async function tabTo(page: Page, selector: string): Promise<void> {
  await page.locator(selector).first().waitFor();
  const reached = `document.activeElement?.matches(${JSON.stringify(selector)}) === true`;
  for (let presses = 0; presses < FAR; presses++) {
    if ((await page.evaluate(reached)) === true) {
      expect([selector, await page.evaluate(OUTLINED)]).toEqual([selector, true]);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${selector}`);
}

it("leads from the list to the ticket, and from the ticket to the money back", async () => {
  const visit = await stage.visit(DESK);
  const { page } = visit;
  const { keyboard } = page;
  const enter = async (selector: string): Promise<void> => {
    await tabTo(page, selector);
    await keyboard.press("Enter");
  };
  await page.goto("/");
  await enter(`[data-performance-id="${show.id}"] a`);
  await page.waitForURL(/\/performance/);
  await enter('[data-action="join"]');
  await page.waitForURL(/\/login/);
  await tabTo(page, "#email");
  await keyboard.type(account.email);
  await tabTo(page, "#password");
  await keyboard.type(account.password);
  await keyboard.press("Enter");
  // Whose turn it is has the focus where it is needed.
  await page.waitForSelector("#enter:focus");
  await keyboard.press("Enter");
  await page.waitForSelector('[data-live="true"]');
  await enter('[data-action="view-list"]');
  // The plan has seats of the same names until the list has taken its place.
  await tabTo(page, ".seat-list [data-seat-id]");
  await keyboard.press("ArrowRight");
  await keyboard.press("ArrowDown");
  const seat = (await page.locator("[data-seat-id]:focus").getAttribute("data-seat-id")) ?? "";
  expect(seat).toBe("r2s2");
  await keyboard.press("Space");
  await page.waitForSelector(`[data-seat-id="${seat}"][aria-pressed="true"]`);
  await enter('[data-action="hold"]:enabled');
  await page.waitForSelector("[data-hold-id]");
  await enter('[data-action="order"]');
  await page.waitForURL(/\/checkout/);
  await enter('[data-action="pay"]:enabled');
  await page.waitForURL((url) => url.origin === house.where.tossUrl);
  await tabTo(page, 'button[value="approve"]');
  await keyboard.press("Enter");
  await page.waitForSelector('[data-outcome="paid"]');
  const orderId = (await page.getAttribute("[data-order-id]", "data-order-id")) ?? "";
  await expect.poll(async () => (await house.recordOf(orderId))["tickets"], { timeout: 30_000 }).toBe(1);
  await enter('[data-action="tickets"]');
  await page.waitForSelector("[data-ticket-id]");
  // And back again: the order is cancelled, after a question that has the focus and gives it back.
  await enter('[data-action="cancel"]');
  await enter('[data-action="cancel-go"]');
  await page.waitForSelector("dialog[open] :focus");
  await keyboard.press("Escape");
  await page.waitForSelector('[data-action="cancel-go"]:focus');
  await keyboard.press("Enter");
  await enter('[data-action="cancel-confirm"]');
  await page.waitForSelector('[data-status="cancelled"]');
  await expect.poll(async () => (await house.moneyOf(orderId)).refunded, { timeout: 30_000 }).toBe(90_000);
  expect(visit.complaints.filter((text) => !/status of 401/.test(text))).toEqual([]);
});

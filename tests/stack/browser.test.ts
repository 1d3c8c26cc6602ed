/** What a fan sees, in a real browser, on the built pages: from the list of performances to the tickets. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { demoFans, demoPassword } from "../../dev/demo/accounts.ts";
import { look } from "./axe.ts";
import type { Visit } from "./browser.ts";
import { startHouse, type House } from "./house.ts";
import { DESK, onStage, PHONE, type Stage } from "./stage.ts";

const performances = z.looseObject({ items: z.array(z.looseObject({ id: z.string(), title: z.string() })) });
const [one, two] = demoFans;

let stage: Stage;
let house: House;
let hamlet: string;

onStage(
  async (set) => {
    stage = set;
    ({ house } = set);
    const { items } = await house.api.call("GET /api/performances", performances);
    hamlet = items.find(({ title }) => title === "햄릿")?.id ?? "";
  },
  () => startHouse({ demoData: true }),
);

describe("in the browser", () => {
  it("a fan buys a seat in Korean, and finds it among the orders", async () => {
    const visit = await stage.visit(DESK);
    const { page } = visit;
    await page.goto("/");
    expect(await visit.language()).toBe("ko");
    await page.waitForSelector(`[data-performance-id="${hamlet}"]`);
    await look(visit, "catalogue-demo");
    await page.getByRole("link", { name: "데스노트" }).first().click();
    await page.waitForSelector(".calendar");
    await look(visit, "performance-dates");
    await page.goBack();
    await page.click(`[data-performance-id="${hamlet}"] a`);
    await page.waitForURL(/\/performance/);
    await visit.press("join");
    await page.waitForURL(/\/login/);
    await visit.signIn(one.email, demoPassword);
    await throughTheQueue(visit);

    await page.click('[data-seat-id="r3s4"][data-mark="free"]');
    expect(await page.getAttribute('[data-seat-id="r3s4"]', "data-mark")).toBe("picked");
    await visit.press("hold");
    await page.waitForSelector("[data-hold-id]");
    expect(await page.getAttribute('[data-seat-id="r3s4"]', "data-mark")).toBe("mine");
    await visit.press("order");
    await page.waitForURL(/\/checkout/);
    await visit.press("pay");
    await page.waitForURL((url) => url.origin === house.where.tossUrl);
    await page.click('button[value="approve"]');
    await page.waitForSelector('[data-outcome="paid"]');
    const orderId = await page.getAttribute("[data-order-id]", "data-order-id");
    await page.reload();
    await page.waitForSelector(`[data-outcome="paid"] [data-order-id="${orderId}"]`);

    await expect.poll(async () => (await house.recordOf(orderId ?? ""))["status"], { timeout: 30_000 }).toBe("paid");
    await page.goto("/orders");
    await page.waitForSelector(`[data-order-id="${orderId}"] [data-status="paid"]`);
    await page.click(`[data-order-id="${orderId}"] a`);
    await page.waitForSelector("[data-ticket-id]");
    expect(await page.locator("[data-ticket-id]").count()).toBe(1);
    expect(await house.recordOf(orderId ?? "")).toMatchObject({ sold: 1, tickets: 1, approved: 1, balance: 0 });
    expect(visit.complaints).toEqual([]);
  });

  it("a fan with a small phone gets as far as holding a seat in English", async () => {
    const visit = await stage.visit(PHONE);
    const { page } = visit;
    await page.goto("/");
    await visit.press("language");
    await expect.poll(() => visit.language()).toBe("en");
    expect(await visit.overflow()).toBe(0);
    await page.click(`[data-performance-id="${hamlet}"] a`);
    await page.waitForURL(/\/performance/);
    const join = page.locator('[data-action="join"]:visible').first();
    await join.waitFor();
    expect(await join.innerText()).toMatch(/^[\x20-\x7e]+$/);
    expect(await visit.overflow()).toBe(0);
    await join.click();
    await page.waitForURL(/\/login/);
    await page.waitForSelector("#email");
    expect(await visit.overflow()).toBe(0);
    await visit.signIn(two.email, demoPassword);
    await throughTheQueue(visit);
    expect(await visit.language()).toBe("en");
    expect(await visit.overflow()).toBe(0);

    await page.click('[data-seat-id="r5s2"][data-mark="free"]');
    const hold = page.locator('[data-action="hold"]:visible').first();
    expect(await hold.innerText()).toMatch(/^[\x20-\x7e]+$/);
    await hold.click();
    await page.waitForSelector("[data-hold-id]");
    expect(await visit.overflow()).toBe(0);
    // The first fan's seat, sold or not yet, cannot be had.
    await visit.press("release");
    await page.waitForSelector("[data-hold-id]", { state: "detached" });
    expect(await page.getAttribute('[data-seat-id="r5s2"]', "data-mark")).not.toBe("mine");
    expect(visit.complaints).toEqual([]);
  });

  it("the pages run no script that is not theirs, and the visit would have noticed", async () => {
    const visit = await stage.visit(PHONE);
    const { page } = visit;
    for (const path of ["/", "/waiting", "/seats", "/checkout", "/success", "/login"]) {
      await page.goto(path);
      const injected =
        "const s = document.createElement('script'); s.textContent = 'window.ran = true'; document.head.append(s)";
      await page.evaluate(injected);
      expect([path, await page.evaluate("window.ran")]).toEqual([path, undefined]);
      await expect.poll(() => visit.complaints.join()).toMatch(/Content Security Policy/);
      visit.complaints.length = 0;
    }
  });
});

/** Waits in the room, goes in when asked to, and ends before the seats. */
async function throughTheQueue({ page }: Visit): Promise<void> {
  await page.waitForURL(({ pathname }) => pathname === "/waiting");
  await page.locator("#enter:visible").click();
  await page.waitForURL(({ pathname }) => pathname === "/seats");
  await page.waitForSelector('[data-seat-id="r1s1"]');
}

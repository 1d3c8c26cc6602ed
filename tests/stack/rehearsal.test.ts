/** A sale that is played through from the console, in a real browser, beside a real one that must not notice. */
import { describe, expect, it } from "vitest";
import { look } from "./axe.ts";
import { Buyer } from "./buyer.ts";
import type { House, Show } from "./house.ts";
import { DESK, onStage, type Stage } from "./stage.ts";

const LATE = { timeout: 120_000, interval: 250 };
/** So many, for so large a house, that the page looks often before it is over. */
const CROWD = "100000";

let stage: Stage;
let house: House;
let show: Show;

onStage(async (set) => {
  stage = set;
  ({ house } = set);
  show = await house.open({
    title: "리허설과 실전",
    rows: 60,
    columns: 100,
    settings: { capacity: 300, ratePerMinute: 40 },
  });
});

/** All that a sale leaves anywhere: its object's figures, its rows, the provider's books. */
async function realSale(orderId: string): Promise<unknown> {
  const { outboxDepth, seatsByStatus, ordersByStatus, admittedTotal, status } = await house.figures(show);
  const rows = [];
  for (const table of [
    "orders",
    "order_seats",
    "payments",
    "tickets",
    "ledger_entries",
    "members",
    "performances",
    "schedules",
  ])
    rows.push([table, await house.count(table)]);
  const { joined, sessions } = status;
  return {
    outboxDepth,
    seatsByStatus,
    ordersByStatus,
    admittedTotal,
    joined,
    sessions,
    rows,
    money: await house.moneyOf(orderId),
  };
}

describe("a rehearsal", () => {
  it("is seen to move, goes on while nobody looks, can be stopped, and touches nothing", async () => {
    const buyer = await Buyer.inside(house, show);
    const order = await buyer.buy(["r1s1", "r1s2"]);
    await expect.poll(async () => (await house.figures(show)).outboxDepth, LATE).toBe(0);
    await expect.poll(async () => (await house.recordOf(order.id))["tickets"], LATE).toBe(2);
    const before = await realSale(order.id);

    const visit = await stage.visit(DESK, house.organiser);
    const { page } = visit;
    await page.goto(`/organizer/rehearsal?id=${show.id}`);
    await page.waitForSelector('[data-action="rehearse"]');
    await look(visit, "rehearsal-idle", { dark: false });
    for (const wrong of ["0", "100001", "a few", "1.5", ""]) {
      await page.fill("#fans", wrong);
      await visit.press("rehearse");
      await page.waitForSelector("#fans-error");
    }
    await look(visit, "rehearsal-wrong", { dark: false });
    await page.fill("#fans", CROWD);
    await visit.press("rehearse");

    // A bar with values that rise, and the same in words beside it.
    const bar = page.getByRole("progressbar", { name: "진행" });
    await bar.waitFor();
    const seen: number[] = [];
    for (let last = -1; seen.length < 3; last = seen.at(-1) ?? last) {
      const further = `document.querySelector("progress")?.value > ${last} || document.querySelector('[data-rehearsal="done"]') !== null`;
      await expect.poll(() => page.evaluate(further), { ...LATE, interval: 50 }).toBe(true);
      seen.push(Number(await bar.getAttribute("value", { timeout: 1_000 })));
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
    expect(new Set(seen).size).toBe(3);
    expect(seen.every((value) => value >= 0 && value < 1)).toBe(true);
    const words = `document.querySelector('[data-rehearsal="running"] p')?.innerText
      .includes(Math.floor(document.querySelector("progress").value * 100) + "%")`;
    expect(await page.evaluate(words)).toBe(true);
    expect(await page.locator('[data-action="rehearse"]:disabled').count()).toBe(1);

    // Left and opened again: the same one, further on, if not over by now.
    await page.goto("/organizer");
    await page.waitForSelector(`[data-performance-id="${show.id}"]`);
    await page.goto(`/organizer/rehearsal?id=${show.id}`);
    await page.waitForSelector('[data-rehearsal="running"], [data-rehearsal="done"]');
    expect(await page.innerText("main")).toContain("100,000명");
    if ((await page.locator('[data-rehearsal="running"]').count()) === 1)
      expect(Number(await bar.getAttribute("value"))).toBeGreaterThanOrEqual(seen.at(-1) ?? 1);

    expect(await page.inputValue("#fans")).toBe(CROWD);

    // Stopped: said, with how far it was, also to who comes later. One that was over before is played anew.
    let begun = 1;
    const cancelled = page.locator('[data-rehearsal="cancelled"]');
    const settled = page.locator('[data-rehearsal="cancelled"], [data-rehearsal="done"]');
    while ((await cancelled.count()) === 0) {
      if ((await settled.count()) === 1) {
        await visit.press("rehearse");
        begun += 1;
      }
      // It may be over just before it is pressed: then the button is gone.
      await page
        .locator('[data-action="cancel-rehearsal"]')
        .click({ timeout: 5_000 })
        .catch(() => undefined);
      await settled.waitFor();
    }
    await page.reload();
    await page.waitForSelector('[data-rehearsal="cancelled"]');
    expect(await page.locator('[role="progressbar"], progress').count()).toBe(0);
    await look(visit, "rehearsal-cancelled", { dark: false });

    // Played to its end: a result that stays.
    await page.fill("#fans", "200");
    await visit.press("rehearse");
    await page.waitForSelector('[data-rehearsal="done"]', { timeout: LATE.timeout });
    await page.reload();
    await page.waitForSelector('[data-rehearsal="done"]');
    expect(await page.innerText('[data-rehearsal="done"] h2')).toContain("200명");
    expect(await page.locator('[data-check="good"]').count()).toBe(3);
    // All the places, those that are sold in the sale itself among them: the copy begins empty.
    expect(await page.innerText('[data-rehearsal="done"]')).toMatch(/6,000석 가운데/);

    expect(await realSale(order.id)).toEqual(before);
    const done = "audit_log where performance_id = $1 and action = $2";
    expect(await house.count(done, show.id, "performance.rehearsed")).toBe(begun + 1);
    expect(await house.count(done, show.id, "performance.rehearsal-cancelled")).toBe(1);
    expect(visit.complaints).toEqual([]);
  });

  it("says what is missing instead of playing half a performance, and stays when the API is away", async () => {
    const visit = await stage.visit(DESK, house.organiser);
    const { page } = visit;
    await page.goto("/organizer");
    await visit.press("create");
    await page.fill("#new-title", "반쪽 초안");
    await visit.press("begin");
    await page.click('[data-step="check"]');
    await visit.press("rehearsal");
    await page.waitForSelector('[data-action="rehearse"]');
    await visit.press("rehearse");
    await page.locator('.alert a[href$="#check"]').waitFor();
    await look(visit, "rehearsal-not-ready", { dark: false });
    await page.route("**/rehearsal", (route) =>
      route.fulfill({ status: 503, contentType: "application/problem+json", body: '{"code":"records-unavailable"}' }),
    );
    await visit.press("rehearse");
    await page.locator(".alert:not(:has(a))").waitFor({ timeout: LATE.timeout });
    expect(await page.locator('[data-action="rehearse"]:enabled').count()).toBe(1);
  });
});

/** The organiser's console in states the other tests pass through quickly: for axe in both languages, and by keys alone. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { accessible, look } from "./axe.ts";
import type { Visit } from "./browser.ts";
import { Buyer } from "./buyer.ts";
import type { House, Show } from "./house.ts";
import { DESK, onStage, type Stage } from "./stage.ts";
import { operate } from "./waiting-journey.ts";

const HOUR = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();
/** A page's own 4xx are how it learns what to show. */
const unexpected = (complaint: string): boolean => !/status of 4\d\d/.test(complaint);

let stage: Stage;
let house: House;

onStage((set) => {
  stage = set;
  ({ house } = set);
});

async function watch(show: Show): Promise<Visit> {
  const visit = await stage.visit(DESK, house.organiser);
  await visit.page.goto(`/organizer/sale?id=${show.id}`);
  await visit.page.waitForSelector('[data-figure="sold"]');
  return visit;
}

/** A question: it fits, axe finds nothing, it is called what it asks; it is left by the key that leaves everything as it is. */
async function question(visit: Visit, action: string, name: RegExp): Promise<void> {
  const { page } = visit;
  await page.locator(`[data-action="${action}"]:visible`).first().click();
  const dialog = page.getByRole("dialog", { name });
  await dialog.waitFor();
  await accessible(visit, `ask-${action}`, { widths: [320] });
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
}

/** Where the keys are. */
function focused(page: Page): Promise<unknown> {
  return page.evaluate(
    "document.activeElement?.dataset.action ?? document.activeElement?.dataset.step ?? document.activeElement?.id",
  );
}

/** Goes on by Tab until it is there, as somebody without a mouse does. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    if ((await focused(page)) === wanted) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${wanted} is not reached by Tab`);
}

describe("the console, for everybody", () => {
  it("says that there is nothing yet, what it lacks, and who it is not for", async () => {
    const stranger = await stage.visit(DESK, (await house.member()).token);
    await stranger.page.goto("/organizer");
    await stranger.page.waitForSelector(".alert");
    await look(stranger, "organizer-stranger", { dark: false });

    const visit = await stage.visit(DESK, house.organiser);
    const { page } = visit;
    await page.goto("/organizer");
    await page.waitForSelector(".empty");
    await look(visit, "organizer-empty");
    await visit.press("create");
    await page.waitForSelector("dialog[open]");
    await accessible(visit, "create", { widths: [320] });
    await visit.press("begin");
    await page.waitForSelector("#new-title-error");
    await accessible(visit, "create-error", { widths: [320] });
    await page.goto("/organizer/edit");
    await page.waitForSelector(".alert");
    await look(visit, "edit-nothing", { dark: false });
    await page.goto(`/organizer/sale?id=${crypto.randomUUID()}`);
    await page.waitForSelector(".alert");
    await look(visit, "sale-unknown", { dark: false });
    expect([...visit.complaints, ...stranger.complaints].filter(unexpected)).toEqual([]);
  });

  it("before the opening, while people gather, paused, sold out and over", async () => {
    const now = Date.now();
    const times = { openAt: iso(now + 2 * HOUR), closeAt: iso(now + 9 * HOUR) };
    const soon = await house.open({ title: "아직", rows: 2, columns: 5, settings: times });
    const before = await watch(soon);
    await before.page.waitForSelector('[data-phase="scheduled"]');
    expect(await before.page.locator('[data-action="pause"]:disabled').count()).toBe(1);
    await look(before, "sale-before");

    const drawn = { ...times, gatherAt: iso(now - 1_000) };
    const gathering = await watch(await house.open({ title: "모으는 중", rows: 2, columns: 5, settings: drawn }));
    await gathering.page.waitForSelector('[data-phase="gathering"]');
    await look(gathering, "sale-gathering", { dark: false });

    const show = await house.open({ title: "한 줄", rows: 1, columns: 3, settings: { capacity: 3 } });
    const visit = await watch(show);
    const { page } = visit;
    await visit.press("pause");
    await visit.press("pause-confirm");
    await page.waitForSelector('[data-verdict="paused"]');
    await look(visit, "sale-paused");
    await visit.press("resume");
    await page.waitForSelector('[data-verdict="good"]');
    const buyer = await Buyer.inside(house, show);
    await buyer.buy(["r1s1", "r1s2", "r1s3"]);
    await page.waitForSelector('[data-phase="soldout"]');
    await look(visit, "sale-soldout", { dark: false });
    await operate(house, show, "POST close");
    await page.waitForSelector('[data-phase="closed"]');
    await look(visit, "sale-closed", { dark: false });
    expect(visit.complaints.filter(unexpected)).toEqual([]);
  });

  it("in every question it asks, each called what it asks", async () => {
    const show = await house.open({ title: "물음", rows: 2, columns: 5, settings: { capacity: 1 } });
    const buyer = await Buyer.inside(house, show);
    const order = await buyer.buy(["r1s1"]);
    await expect.poll(async () => (await house.recordOf(order.id))["tickets"], { timeout: 60_000 }).toBe(1);
    await operate(house, show, "POST blocks", { scheduleId: show.scheduleId, reason: "초대석", seats: ["r2s1"] });
    const visit = await watch(show);
    const { page } = visit;
    await question(visit, "pause", /예매를 멈출까요/);
    await question(visit, "close-sale", /예매를 끝낼까요/);
    await question(visit, "revoke-all", /모두 내보낼까요/);
    await visit.press("find");
    await page.waitForSelector(".purchase[data-order-id]");
    await question(visit, "revoke", /이 사람의 입장을 취소할까요/);
    await visit.press("give-back");
    await page.locator('[id^="reason-"]').fill("음향 사고");
    await question(visit, "give-back-go", /이 주문을 돌려줄까요/);
    await page.locator("#seats-of").selectOption({ index: 1 });
    await page.waitForSelector("[data-block]");
    await question(visit, "release-block", /이 좌석을 판매할까요/);
    await page.click('[data-action="change-date"]');
    await page.fill("#move-to", iso(Date.now() + 40 * 24 * HOUR).slice(0, 16));
    await question(visit, "move-date", /이 회차를 옮길까요/);
    await page.fill("#cancel-date-reason", "공연장 사정");
    await question(visit, "cancel-date", /이 회차를 취소할까요/);
    // Nothing of all this was done.
    expect(await house.recordOf(order.id)).toMatchObject({ refunds: 0, tickets: 1, status: "paid" });
    expect((await house.figures(show)).status).toMatchObject({ phase: "open" });
    expect(visit.complaints.filter(unexpected)).toEqual([]);
  });

  it("by keys alone: a draft is begun and looked through, a sale paused, its limits moved", async () => {
    const show = await house.open({ title: "자판", rows: 2, columns: 5, settings: { capacity: 10 } });
    const visit = await stage.visit(DESK, house.organiser);
    const { page } = visit;
    await page.goto("/organizer");
    await page.waitForSelector(`[data-performance-id="${show.id}"]`);
    await tabTo(page, "create");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog[open]");
    // Left, and wanted after all at once.
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe("create");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog[open]");
    await tabTo(page, "new-title");
    await page.keyboard.type("자판으로 만든 공연");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#ageRating");
    await tabTo(page, "ageRating");
    await page.keyboard.type("8+");
    await page.waitForSelector('[data-saved="yes"]');
    for (const step of ["venue", "dates", "prices", "sale", "check"]) {
      await page.keyboard.press("Tab");
      await tabTo(page, "next");
      await page.keyboard.press("Enter");
      // The heading of the step has the keys, so that they go on from there.
      await expect
        .poll(() =>
          page.evaluate("document.activeElement?.tagName + document.activeElement?.parentElement?.dataset.stepShown"),
        )
        .toBe(`H2${step}`);
    }
    await tabTo(page, "discard");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog[open]");
    await tabTo(page, "discard-confirm");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/organizer$/);

    await page.goto(`/organizer/sale?id=${show.id}`);
    await page.waitForSelector('[data-figure="sold"]');
    await tabTo(page, "pause");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog[open]");
    // The keys stay in the question, and come back to where they were.
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press("Tab");
      expect(
        await page.evaluate(
          "document.activeElement === document.body || document.activeElement.closest('dialog') !== null",
        ),
      ).toBe(true);
    }
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe("pause");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog[open]");
    await tabTo(page, "pause-confirm");
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-verdict="paused"]');
    await tabTo(page, "resume");
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-verdict="good"]');
    await page.locator('[data-slider="capacity"]').focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await page.inputValue("#capacity")).toBe("12");
    await tabTo(page, "apply-limits");
    await page.keyboard.press("Enter");
    await expect
      .poll(async () => (await house.figures(show)).status, { timeout: 30_000 })
      .toMatchObject({ capacity: 12 });
    expect(visit.complaints.filter(unexpected)).toEqual([]);
  });
});

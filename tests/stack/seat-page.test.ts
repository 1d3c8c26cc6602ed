/** The seat page in a real browser: a theatre of 3,000 seats on a small phone, and the same with keys alone. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { theatreChart } from "../../dev/charts/theatre.ts";
import type { Visit } from "./browser.ts";
import { Buyer } from "./buyer.ts";
import type { House, Show } from "./house.ts";
import { onStage, PHONE, type Stage } from "./stage.ts";

const LIVE = { timeout: 20_000 };
const password = "a long enough one";

let stage: Stage;
let house: House;
let show: Show;

onStage(async (set) => {
  stage = set;
  ({ house } = set);
  const prices = { VIP: 190_000, R: 160_000, S: 120_000, A: 80_000 };
  show = await house.openIn(theatreChart, prices, { title: "대극장 공연", settings: { noSingleSeats: true } });
});

/** Signed up, through the queue, and before the seats. */
async function atTheSeats(name: string): Promise<Visit> {
  const account = { email: `${name}@ticketping.test`, password, nickname: name };
  await house.api.call("POST /api/auth/signup", z.unknown(), { body: account });
  const begun = await stage.visit(PHONE);
  await begun.page.goto(`/performance?id=${show.id}`);
  await begun.press("join");
  await begun.page.waitForURL(/\/login/);
  await begun.signIn(account.email, password);
  await begun.page.waitForURL(({ pathname }) => pathname === "/waiting");
  await begun.page.locator("#enter:visible").click();
  await begun.page.waitForSelector('[data-live="true"]');
  return begun;
}

describe("a theatre on a small phone", () => {
  it("comes nearer for a press, and shows a seat that somebody else has just taken; the countdown runs", async () => {
    const begun = await fromFarAway("nearer");
    const { page, complaints } = begun;
    expect(await begun.overflow()).toBe(0);
    const seats = page.locator('[data-seat-id][data-mark="free"]');
    const middle = seats.nth(Math.floor((await seats.count()) / 2));
    const box = await middle.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
    const id = (await middle.getAttribute("data-seat-id")) ?? "";
    const seat = page.locator(`[data-seat-id="${id}"]`);
    await seat.click();
    await expect.poll(() => seat.getAttribute("data-mark"), LIVE).toBe("picked");

    const other = await Buyer.inside(house, show);
    await other.hold([id]);
    await expect.poll(() => seat.getAttribute("data-mark"), LIVE).toBe("taken");
    await expect.poll(() => page.locator(".summary .alert").count(), LIVE).toBe(1);
    await expect.poll(() => page.locator(".chosen li").count(), LIVE).toBe(0);

    await page.selectOption('[data-field="best-count"]', "3");
    await page.locator('[data-action="hold-best"]').click();
    await page.waitForSelector("[data-hold-id]");
    expect(await page.locator("[data-hold-id] .chosen li").count()).toBe(3);
    expect(await page.locator("[data-why]").innerText()).toMatch(/\d/);
    const clock = page.locator("[data-hold-id] .countdown-clock");
    const before = await clock.innerText();
    expect(before).toMatch(/^0?[0-5]:\d\d$/);
    await expect.poll(() => clock.innerText(), LIVE).not.toBe(before);

    await page.reload();
    await page.waitForSelector("[data-hold-id]");
    await page.locator('[data-action="release"]').click();
    await page.waitForSelector("[data-hold-id]", { state: "detached" });
    expect(complaints).toEqual([]);
  });

  it("says which seat would be left alone before anything is asked for", async () => {
    const { page } = await fromFarAway("single");
    await page.locator('[data-action="view-list"]').click();
    await page.locator('[data-section="1B"] summary').click();
    const row = page.locator('[data-section="1B"] .seat-row').first().locator("[data-seat-id]");
    await row.nth(1).click();
    await page.waitForSelector("[data-alone]");
    await expect.poll(() => page.locator('[data-action="hold"]').isDisabled(), LIVE).toBe(true);
    await row.nth(0).click();
    await page.waitForSelector("[data-alone]", { state: "detached" });
    await expect.poll(() => page.locator('[data-action="hold"]').isDisabled(), LIVE).toBe(false);
  });
});

describe("with keys alone", () => {
  it("somebody opens a section of the list, walks to a seat, and holds it", async () => {
    const { page, complaints } = await atTheSeats("keys");
    const { keyboard } = page;
    await page.locator('[data-action="view-list"]').focus();
    await keyboard.press("Enter");
    await page.locator('[data-section="3A"] summary').focus();
    await keyboard.press("Enter");
    await page.waitForSelector('[data-section="3A"] [data-seat-id]');
    await keyboard.press("Tab");
    await keyboard.press("ArrowDown");
    await keyboard.press("Home");
    const focused = page.locator("[data-seat-id]:focus");
    const id = await focused.getAttribute("data-seat-id");
    await keyboard.press("Space");
    const seat = page.locator(`[data-seat-id="${id}"]`);
    await expect.poll(() => seat.getAttribute("aria-pressed"), LIVE).toBe("true");
    // The summary is drawn after the seat: a button that is still disabled takes no focus.
    const hold = page.locator('[data-action="hold"]');
    await expect.poll(() => hold.isEnabled(), LIVE).toBe(true);
    await hold.focus();
    await keyboard.press("Enter");
    await page.waitForSelector("[data-hold-id]");
    await expect.poll(() => seat.getAttribute("data-mark"), LIVE).toBe("mine");
    expect(complaints).toEqual([]);
  });

  it("somebody goes into the map and finds a seat to press there", async () => {
    const { page } = await atTheSeats("map-keys");
    await page.locator(".map").focus();
    await page.keyboard.press("Enter");
    const focused = page.locator("[data-seat-id]:focus");
    await focused.waitFor();
    const first = await focused.getAttribute("data-index");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => focused.getAttribute("data-index"), LIVE).toBe(String(Number(first) + 1));
    // Until the first snapshot is there, no seat can be had.
    await expect.poll(() => focused.getAttribute("data-mark"), LIVE).toBe("free");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused.getAttribute("data-mark"), LIVE).toBe("picked");
  });
});

async function fromFarAway(name: string): Promise<Visit> {
  const begun = await atTheSeats(name);
  const { page } = begun;
  expect(await page.locator("[data-seat-id]").count()).toBe(0);
  await page.locator(".map").click({ position: { x: 145, y: 200 } });
  await page.waitForSelector('[data-seat-id][data-mark="free"]');
  return begun;
}

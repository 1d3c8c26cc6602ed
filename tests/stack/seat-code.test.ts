/** Seats kept for whoever has a code: the seat page without it, with a wrong one, and with the right one, by keys alone. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { z } from "zod";
import { look } from "./axe.ts";
import type { Visit } from "./browser.ts";
import type { House, Show } from "./house.ts";
import { onStage, PHONE, type Stage } from "./stage.ts";
import { operate } from "./waiting-journey.ts";

const LIVE = { timeout: 20_000 };
const CODE = "fan-club-2027";
const KEPT = ["r1s1", "r1s2", "r1s3"];

let stage: Stage;
let house: House;
let show: Show;

onStage(async (set) => {
  stage = set;
  ({ house } = set);
  show = await house.open({ title: "팬클럽 좌석", rows: 2, columns: 6, settings: { noSingleSeats: true } });
  const block = { scheduleId: show.scheduleId, reason: "팬클럽", seats: KEPT };
  const made = z.looseObject({ block: z.looseObject({ number: z.number() }) });
  const { number } = made.parse(await operate(house, show, "POST blocks", block)).block;
  await operate(house, show, `PUT blocks/${number}/grant`, { channel: "팬클럽", code: CODE });
  const others = { scheduleId: show.scheduleId, reason: "카메라", seats: ["r2s6"] };
  await operate(house, show, "POST blocks", others);
});

const seat = (page: Page, id: string) => page.locator(`.seat-list [data-seat-id="${id}"]`);
const marked = (page: Page, id: string, mark: string): Promise<unknown> =>
  page.waitForSelector(`.seat-list [data-seat-id="${id}"][data-mark="${mark}"]`);

async function atTheList(): Promise<Visit> {
  const { token } = await house.member();
  const begun = await stage.visit(PHONE, token);
  const { page } = begun;
  await page.goto(`/waiting?performance=${show.id}`);
  await page.locator("#enter:visible").click();
  await page.waitForSelector('[data-live="true"]');
  await begun.press("view-list");
  await marked(page, "r2s1", "free");
  return begun;
}

/** Opens the disclosure and writes the code, all with keys. */
async function enterCode(page: Page, code: string): Promise<void> {
  const open = page.locator('[data-action="seat-code"]');
  await open.focus();
  if ((await page.locator(".seat-code[open]").count()) === 0) await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect.poll(() => page.locator('[data-field="seat-code"]:focus').count(), LIVE).toBe(1);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
  await page.waitForSelector('.seat-code[data-code="used"]');
}

it("a fan without the code cannot have the kept seats, nor one with a wrong code", async () => {
  const begun = await atTheList();
  const { page, complaints } = begun;
  await marked(page, "r1s1", "blocked");
  await seat(page, "r1s1").click({ force: true });
  await seat(page, "r2s1").click();
  await marked(page, "r2s1", "picked");
  // The list of what is picked is rendered after the mark on the seat.
  await expect.poll(() => page.locator(".chosen li").count(), LIVE).toBe(1);
  await seat(page, "r2s1").click();

  await enterCode(page, "not-the-code");
  await seat(page, "r1s1").click();
  await marked(page, "r1s1", "picked");
  await page.locator('[data-action="hold"]').click();
  await expect
    .poll(() => page.locator(".summary .alert").allInnerTexts(), LIVE)
    .toEqual(["사용할 수 없는 코드입니다."]);
  // A wrong code is forgotten: the seats are out of the sale again, and all others can be had.
  await marked(page, "r1s1", "blocked");
  await page.reload();
  await page.waitForSelector('.seat-code[data-code="none"]');
  await begun.pick(["r2s1", "r2s2"]);
  await page.locator('[data-action="hold"]').click();
  await page.waitForSelector("[data-hold-id]");
  await page.locator('[data-action="release"]').click();
  await page.waitForSelector("[data-hold-id]", { state: "detached" });
  // A refusal is a complaint of the browser's console; nothing else is.
  expect(complaints.filter((complaint) => !complaint.includes("409"))).toEqual([]);
});

it("a fan with the code holds kept seats, and is told in words which ones it does not open", async () => {
  const begun = await atTheList();
  const { page } = begun;
  await enterCode(page, CODE);
  await marked(page, "r1s1", "coded");
  expect(await seat(page, "r1s1").getAttribute("aria-disabled")).toBe("false");
  await look(begun, "seats-code");
  // Another tab knows nothing of it, and this one still does when it is loaded again.
  await page.reload();
  await page.waitForSelector('.seat-code[data-code="used"]');
  expect(await page.evaluate("JSON.stringify(localStorage)")).not.toContain(CODE);
  await begun.press("view-list");
  await marked(page, "r1s1", "coded");
  for (const id of ["r1s1", "r2s6"]) await seat(page, id).click();
  await marked(page, "r2s6", "picked");
  await page.locator('[data-action="hold"]').click();
  await expect.poll(() => page.locator(".summary .alert").innerText(), LIVE).toContain("2열 6번");
  await marked(page, "r2s6", "coded");
  await seat(page, "r1s2").click();
  await marked(page, "r1s2", "picked");
  await page.locator('[data-action="hold"]').click();
  await page.waitForSelector("[data-hold-id]");
  await marked(page, "r1s1", "mine");
  expect(await page.locator("[data-hold-id] .chosen li").count()).toBe(2);
  await page.locator('[data-action="release"]').click();
  await marked(page, "r1s1", "coded");
  await begun.press("seat-code");
  await begun.press("drop-code");
  await marked(page, "r1s1", "blocked");
});

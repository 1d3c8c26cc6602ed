/** Making a performance in a real browser, where it is hard: two people at one draft, odd names, and an API that is away. */
import type { Page, Route } from "playwright-core";
import { describe, expect, it } from "vitest";
import { look } from "./axe.ts";
import type { Visit } from "./browser.ts";
import type { House } from "./house.ts";
import { DESK, onStage, type Stage } from "./stage.ts";

const LATE = { timeout: 20_000 };
const ARABIC = "مرحبا بالعالم";
const SMALL = { width: 320, height: 700 };
/** A page's own 4xx are how it learns what to show; 503 is what these tests make it. */
const unexpected = (complaint: string): boolean => !/status of (4\d\d|503)|was answered 503/.test(complaint);

let stage: Stage;
let house: House;

onStage((set) => {
  stage = set;
  ({ house } = set);
});

const saved = (page: Page): Promise<unknown> => page.waitForSelector('[data-saved="yes"]');

async function begin(title: string, window = DESK): Promise<{ readonly visit: Visit; readonly id: string }> {
  const visit = await stage.visit(window, house.organiser);
  const { page } = visit;
  await page.goto("/organizer");
  await visit.press("create");
  await page.fill("#new-title", title);
  await visit.press("begin");
  await page.waitForSelector("#ageRating");
  return { visit, id: new URL(page.url()).searchParams.get("id") ?? "" };
}

async function valueOf(id: string, column: "title" | "title_en" | "age_rating" | "prices"): Promise<unknown> {
  const { rows } = await house.sql.query<{ value: unknown }>(
    `select ${column} as value from performances where id = $1`,
    [id],
  );
  return rows[0]?.value;
}

/** Answers what fits with 503, until told otherwise. */
async function away(page: Page, method: string, path: RegExp): Promise<() => Promise<void>> {
  const refuse = (route: Route): Promise<void> =>
    route.request().method() === method
      ? route.fulfill({
          status: 503,
          contentType: "application/problem+json",
          body: '{"code":"records-unavailable"}',
        })
      : route.fallback();
  await page.route(path, refuse);
  return () => page.unroute(path, refuse);
}

describe("two organisers at one draft", () => {
  it("do not undo each other's work, and decide where both changed the same", async () => {
    const { visit: mine, id } = await begin("함께 쓰는 초안");
    const theirs = await stage.visit(DESK, house.organiser);
    await theirs.page.goto(`/organizer/edit?id=${id}`);
    await theirs.page.waitForSelector("#ageRating");

    // Different fields: both stay, and the second one sees what the first did.
    await theirs.page.fill("#titleEn", "Written together");
    await saved(theirs.page);
    await expect.poll(() => valueOf(id, "title_en"), LATE).toBe("Written together");
    await mine.page.fill("#runTimeMinutes", "95");
    await mine.page.waitForSelector('[data-taken="titleEn"]');
    expect(await mine.page.inputValue("#titleEn")).toBe("Written together");
    await mine.press("taken-read");
    await saved(mine.page);

    // The same field: told, nothing is overwritten, everything else goes on being saved.
    await theirs.page.fill("#ageRating", "12세 이상");
    await expect.poll(() => valueOf(id, "age_rating"), LATE).toBe("12세 이상");
    await mine.page.fill("#ageRating", "15세 이상");
    await mine.page.waitForSelector('[data-conflict="ageRating"]');
    await mine.page.fill("#descriptionEn", "Still saved.");
    await expect
      .poll(() => house.count("performances where id = $1 and description_en = 'Still saved.'", id), LATE)
      .toBe(1);
    expect(await valueOf(id, "age_rating")).toBe("12세 이상");
    await mine.page.fill("#ageRating", "15세 이상 관람가");
    await expect.poll(() => mine.page.innerText('[data-conflict="ageRating"]'), LATE).toContain("15세 이상 관람가");
    await look(mine, "edit-conflict");
    // It survives a reload, which loses neither.
    mine.page.on("dialog", (dialog) => void dialog.accept());
    await mine.page.reload();
    await mine.page.waitForSelector('[data-conflict="ageRating"]');
    expect(await mine.page.inputValue("#ageRating")).toBe("15세 이상 관람가");
    expect(await valueOf(id, "age_rating")).toBe("12세 이상");
    await mine.press("keep-mine");
    await expect.poll(() => valueOf(id, "age_rating"), LATE).toBe("15세 이상 관람가");

    await theirs.page.fill("#ageRating", "전체 관람가");
    await theirs.page.waitForSelector('[data-conflict="ageRating"]');
    await theirs.press("take-theirs");
    await saved(theirs.page);
    expect(await theirs.page.inputValue("#ageRating")).toBe("15세 이상 관람가");
    expect(await valueOf(id, "age_rating")).toBe("15세 이상 관람가");
    expect([...mine.complaints, ...theirs.complaints].filter(unexpected)).toEqual([]);
  });

  it("see that it was thrown away, and lose no other page by it", async () => {
    const { visit: mine, id } = await begin("지워질 초안");
    const theirs = await stage.visit(DESK, house.organiser);
    await theirs.page.goto(`/organizer/edit?id=${id}#check`);
    await theirs.press("discard");
    await theirs.press("discard-confirm");
    await theirs.page.waitForURL(/\/organizer$/);
    await mine.page.fill("#ageRating", "8+");
    await mine.page.waitForSelector(".save-bad");
    expect(await mine.page.inputValue("#ageRating")).toBe("8+");
  });
});

describe("what people type", () => {
  it("is refused or kept in words on the smallest phone: long, right-to-left, emoji, nothing", async () => {
    const { visit, id } = await begin(`${ARABIC} 👩🏽‍🎤`, SMALL);
    const { page } = visit;
    expect(await valueOf(id, "title")).toBe(`${ARABIC} 👩🏽‍🎤`);
    await page.fill("#title", "가".repeat(200));
    await page.waitForSelector("#title-error");
    expect(await visit.overflow()).toBe(0);
    expect(await valueOf(id, "title")).toBe(`${ARABIC} 👩🏽‍🎤`);
    await page.fill("#title", "W".repeat(120));
    await page.waitForSelector("#title-error", { state: "detached" });
    await saved(page);
    expect(await visit.overflow()).toBe(0);
    await page.fill("#title", "");
    await page.waitForSelector("#title-error");
    await page.fill("#title", `${ARABIC} 👩🏽‍🎤`);
    await saved(page);
    await look(visit, "edit-odd-names", { dark: false });

    // A hall without seats is none; standing places are enough.
    await page.click('[data-step="venue"]');
    await page.fill("#hall-name", `🏟️ ${ARABIC}`);
    await page.fill("#hall-address", "가".repeat(200));
    const empty = { version: 2, name: "텅 빈 홀", sections: [] };
    await page.setInputFiles("#chart-file", {
      name: "empty.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify(empty)),
    });
    await page.waitForSelector('[data-report="bad"], .hall-form .alert');
    expect(await page.locator('[data-action="save-hall"]:enabled').count()).toBe(0);
    await look(visit, "edit-empty-hall", { dark: false });
    await page.click('[data-action="numbers"]');
    await page.fill("#rows", "2");
    await page.fill("#seats-per-row", "3");
    await visit.press("make-chart");
    await page.waitForSelector('[data-report="ok"] canvas');
    await visit.press("save-hall");
    await page.waitForSelector("[data-hall-id]:checked");

    // Zero is a price and is called what it is; words and negative amounts are none.
    await page.click('[data-step="prices"]');
    // Typed as people do, key by key: the field stays the same one when the currency comes with the first digit.
    await page.locator('[data-grade="R"]').pressSequentially("110,000");
    expect(await page.inputValue('[data-grade="R"]')).toBe("110,000");
    for (const wrong of ["-1", "만원", "1.5"]) {
      await page.fill('[data-grade="R"]', wrong);
      await page.locator('[data-grade="R"]').blur();
      await page.waitForSelector("#price-R-error");
    }
    await page.fill('[data-grade="R"]', "0");
    await page.waitForSelector("#price-R-error", { state: "detached" });
    expect(await page.innerText("#price-R-hint")).toBe("무료");
    await saved(page);
    expect(await valueOf(id, "prices")).toEqual({ R: 0 });

    // Without dates it cannot be published, and the list of what is missing leads there.
    await page.click('[data-step="check"]');
    await page.click('[data-missing="schedules"] a');
    await page.waitForSelector('[data-step="dates"][aria-current]');
    await visit.press("add-date");
    await page.locator(".field-error:visible").first().waitFor();
    expect(await visit.overflow()).toBe(0);
    expect(visit.complaints.filter(unexpected)).toEqual([]);
  });
});

describe("an API that answers 503", () => {
  it("leaves every step usable, says what happened, and is asked again", async () => {
    const { visit, id } = await begin("정전");
    const { page } = visit;
    const api = "/api/organizer";
    await page.click('[data-step="venue"]');
    await visit.press("new-hall");
    await page.fill("#hall-name", "홀");
    await page.fill("#hall-address", "서울");
    await page.click('[data-action="numbers"]');
    await page.fill("#rows", "1");
    await page.fill("#seats-per-row", "2");
    let back = await away(page, "POST", new RegExp(`${api}/charts/generate`));
    await visit.press("make-chart");
    await page.waitForSelector(".hall-form .alert");
    await back();
    await visit.press("make-chart");
    await page.waitForSelector('[data-report="ok"] canvas');
    back = await away(page, "POST", new RegExp(`${api}/halls$`));
    await visit.press("save-hall");
    await page.waitForSelector(".hall-form .alert");
    expect(await page.inputValue("#hall-name")).toBe("홀");
    await back();
    await visit.press("save-hall");
    await page.waitForSelector("[data-hall-id]:checked");

    await page.click('[data-step="dates"]');
    await visit.press("month-after");
    await page.click('.day[data-day$="-15"]');
    back = await away(page, "POST", new RegExp(`${api}/performances/.*/schedules`));
    await visit.press("add-date");
    await page.locator(".field-error:visible").first().waitFor();
    await look(visit, "edit-503", { dark: false });
    await back();
    await visit.press("add-date");
    await page.waitForSelector("[data-date-id]");
    expect(await house.count("schedules where performance_id = $1", id)).toBe(1);

    await page.click('[data-step="basics"]');
    back = await away(page, "PUT", new RegExp(`${api}/performances/.*/poster`));
    const picture = { name: "p.png", mimeType: "image/png", buffer: Buffer.from("x") };
    await page.setInputFiles("#poster", picture);
    await page.waitForSelector("#poster-error");
    await back();

    back = await away(page, "GET", new RegExp(`${api}/performances/.*/readiness`));
    await page.click('[data-step="check"]');
    await page.locator(".edit-step .alert").waitFor();
    await back();
    await visit.press("look");
    await page.waitForSelector('[data-ready="no"]');

    back = await away(page, "GET", new RegExp(`${api}/performances(\\?|$)`));
    await page.goto("/organizer");
    await page.waitForSelector(".alert");
    await look(visit, "organizer-503", { dark: false });
    await back();
    await visit.press("again");
    await page.waitForSelector(`[data-performance-id="${id}"]`);
    expect(visit.complaints.filter(unexpected)).toEqual([]);
  });
});

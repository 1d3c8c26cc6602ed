/** What an organiser sees, in a real browser: from an empty list to a performance that sells, and the day of the sale. */
import { readFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { orderNumber } from "../../durable-objects/performance/order-number.ts";
import { demoOrganiser, demoPassword } from "../../dev/demo/accounts.ts";
import { Fan } from "../../dev/demo/fan.ts";
import { accessible, look } from "./axe.ts";
import type { Visit } from "./browser.ts";
import type { House } from "./house.ts";
import { onStage, PHONE, type Stage } from "./stage.ts";

const DAY = 86_400_000;
/** What the records report comes a second or two later. */
const late = { timeout: 20_000 };
const figures = z.looseObject({ status: z.looseObject({ phase: z.string(), notice: z.string().nullable() }) });
const schedules = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });
const blocksAnswer = z.looseObject({
  items: z.array(z.looseObject({ reason: z.string(), channel: z.string().nullable(), places: z.array(z.unknown()) })),
});

let stage: Stage;
let house: House;
let id = "";

onStage((set) => {
  stage = set;
  ({ house } = set);
});

async function signedIn(width: number, height: number): Promise<Visit> {
  const begun = await stage.visit({ width, height });
  await begun.page.goto("/login?next=%2Forganizer");
  await begun.signIn(demoOrganiser.email, demoPassword);
  await begun.page.waitForURL(/\/organizer$/);
  return begun;
}

/** As a field for date and time wants it, on the wall in Seoul. */
const inSeoul = (ms: number): string => new Date(ms + 9 * 3_600_000).toISOString().slice(0, 16);
const saved = (page: Page): Promise<unknown> => page.waitForSelector('[data-saved="yes"]');

describe("an organiser", () => {
  it("creates and opens a performance step by step, and it sells", async () => {
    const visit = await signedIn(1_280, 900);
    const { page } = visit;
    await visit.press("create");
    await page.fill("#new-title", "오페라의 유령");
    await visit.press("begin");
    await page.waitForURL(/\/organizer\/edit\?id=/);
    id = new URL(page.url()).searchParams.get("id") ?? "";

    await page.fill("#titleEn", "The Phantom of the Opera");
    // What is no picture, too small a one, and too large a file are refused in words; then a good one is taken.
    const bad = [
      [Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "PNG"],
      [png(20, 20), "200"],
      [Buffer.alloc(2 * 1024 * 1024 + 1), "2MB"],
    ] as const;
    for (const [buffer, words] of bad) {
      await page.setInputFiles("#poster", { name: "poster.png", mimeType: "image/png", buffer });
      await page.locator("#poster-error", { hasText: words }).waitFor();
    }
    expect(await page.locator(".poster-field img").count()).toBe(0);
    await page.setInputFiles("#poster", { name: "poster.png", mimeType: "image/png", buffer: png(320, 200) });
    await page.waitForSelector(".poster-field img");
    await page.fill("#runTimeMinutes", "a while");
    await page.waitForSelector("#runTimeMinutes-error");
    await page.fill("#runTimeMinutes", "150");
    await page.fill("#ageRating", "8세 이상");
    await saved(page);
    // What was saved is there after a reload, and a press on the browser's own buttons moves between the steps.
    await page.reload();
    expect(await page.inputValue("#ageRating")).toBe("8세 이상");

    await page.click('[data-step="venue"]');
    await page.fill("#hall-name", "샤롯데씨어터");
    await page.fill("#hall-address", "서울특별시 송파구 올림픽로 240");
    await page.setInputFiles("#chart-file", {
      name: "hall.json",
      mimeType: "application/json",
      buffer: Buffer.from("{"),
    });
    await page.waitForSelector(".hall-form .alert");
    await page.click('[data-action="numbers"]');
    await page.fill("#rows", "4");
    await page.fill("#seats-per-row", "5");
    await visit.press("make-chart");
    await page.waitForSelector('[data-report="ok"] canvas');
    await look(visit, "edit-new-hall", { dark: false });
    await visit.press("save-hall");
    await page.waitForSelector("[data-hall-id]:checked");

    await page.click('[data-step="dates"]');
    await visit.press("month-after");
    await page.click('.day[data-day$="-15"]');
    await visit.press("add-date");
    await page.waitForSelector("[data-date-id]");
    await accessible(visit, "edit-dates-chosen", { widths: [320], dark: false });

    await page.click('[data-step="check"]');
    await page.waitForSelector('[data-ready="no"]');
    expect(await page.locator("[data-missing]").count()).toBeGreaterThan(3);
    await page.click('[data-missing="prices.R"] a');
    await page.fill('[data-grade="R"]', "110,000");

    await page.click('[data-step="sale"]');
    await page.fill("#openAt", inSeoul(Date.now() - 60_000));
    await page.fill("#closeAt", inSeoul(Date.now() + DAY));
    await page.fill("#capacity", "50");
    await saved(page);
    await page.click('[data-step="check"]');
    await page.waitForSelector('[data-ready="yes"]');
    await accessible(visit, "edit-ready", { widths: [320], dark: false });
    await visit.press("publish");
    await visit.press("publish-confirm");
    await page.waitForSelector('[data-published="yes"]');
    expect(await house.count("performances where id = $1 and published_at is not null", id)).toBe(1);

    await visit.press("live");
    await page.waitForSelector('[data-phase="open"]');
    await page.waitForSelector('[data-figure="sold"]');
    await buySeats(2);
    // Pushed: nothing was reloaded and nothing asked for.
    await expect.poll(() => page.innerText('[data-figure="sold"] strong'), late).toMatch(/^2 \/ 20/);
    await expect.poll(() => page.innerText('[data-figure="paid"] strong'), late).toBe("1");
    expect(visit.complaints.filter((one) => !/status of 4\d\d/.test(one))).toEqual([]);
  });

  it("finds the performance in the list, with its poster and its English name", async () => {
    const visit = await stage.visit(PHONE);
    const { page } = visit;
    await page.goto("/");
    await page.waitForSelector(`[data-performance-id="${id}"] img.poster`);
    await visit.press("language");
    await expect.poll(() => page.innerText(`[data-performance-id="${id}"] h2`)).toBe("The Phantom of the Opera");
    await page.fill("#q", "nothing of the kind");
    await visit.press("search");
    await page.waitForSelector(".empty");
    expect(await page.innerText(".empty")).toContain("nothing of the kind");
    await page.goBack();
    await page.waitForSelector(`[data-performance-id="${id}"]`);
    await page.fill("#q", "phantom");
    await visit.press("search");
    await page.waitForURL(/q=phantom/);
    await page.waitForSelector(`[data-performance-id="${id}"]`);
    expect(await visit.overflow()).toBe(0);
  });

  it("pauses, resumes, tells everybody, changes the limits and sends somebody out, on a small phone in English", async () => {
    const visit = await signedIn(320, 700);
    const { page } = visit;
    await visit.press("language");
    await page.click(`[data-performance-id="${id}"] [data-action="live"]`);
    await page.waitForSelector('[data-figure="sold"]');
    expect(await visit.overflow()).toBe(0);

    await visit.press("pause");
    await visit.press("pause-confirm");
    await page.waitForSelector('[data-action="resume"]');
    expect((await now()).status.phase).toBe("paused");
    await visit.press("resume");
    await page.waitForSelector('[data-action="pause"]');
    await page.fill("#notice", "Doors open at seven.");
    await visit.press("notice");
    await page.waitForSelector('[data-action="clear-notice"]');
    expect((await now()).status.notice).toBe("Doors open at seven.");

    const before = await page.innerText("[data-forecast]");
    await page.fill("#capacity", "5");
    await expect.poll(() => page.innerText('[data-forecast="other"]'), late).not.toBe(before);
    await visit.press("apply-limits");
    await expect.poll(async () => (await now()).status["capacity"], late).toBe(5);

    await page.fill("#order-search", "no such order");
    await visit.press("find");
    await expect.poll(() => page.locator(".purchase").count(), late).toBe(0);
    await page.fill("#order-search", "");
    await visit.press("find");
    await page.waitForSelector(".purchase");
    await visit.press("revoke");
    await page.locator('[data-action="revoke-confirm"]:visible').click();
    await expect.poll(() => house.count("audit_log where performance_id = $1 and action = 'revoke'", id), late).toBe(1);
    await visit.press("audit");
    await page.waitForSelector('.audit [data-audit="revoke"]');
    expect(await page.innerText('.audit [data-audit="revoke"]')).toBe("One admission revoked");
    const [orders] = await Promise.all([page.waitForEvent("download"), visit.press("export")]);
    expect(
      readFileSync(await orders.path(), "utf8")
        .trim()
        .split("\r\n"),
    ).toHaveLength(2);
    await page.locator("#seats-of").selectOption({ index: 1 });
    await page.waitForSelector('[data-seats-sold="2"]');
    expect(await visit.overflow()).toBe(0);
    expect(visit.complaints).toEqual([]);
  });

  it("keeps seats out of the sale, opens them with a code, and sells them after all", async () => {
    const visit = await signedIn(1_280, 900);
    const { page } = visit;
    await atTheSeats(page);
    await page.check('[data-action="by-grade"]');
    await expect.poll(() => page.innerText('[data-grade-sold="R"]'), late).toBe("R 2 / 20석");

    const map = await page.locator(".pickable canvas").boundingBox();
    if (map === null) throw new Error("the map is nowhere");
    await page.mouse.move(map.x + 2, map.y + 2);
    await page.mouse.down();
    await page.mouse.move(map.x + map.width - 2, map.y + map.height - 2, { steps: 4 });
    await page.mouse.up();
    await page.waitForSelector('[data-picked="20"]');
    await page.fill("#block-reason", "초대석");
    await visit.press("block-seats");
    // Two of them are sold: all or none.
    await page.waitForSelector(".blocks .alert");
    await visit.press("clear-picked");

    await page.selectOption("#block-row", await rowWithoutSales());
    await visit.press("pick-row");
    await page.waitForSelector('[data-picked="5"]');
    await visit.press("block-seats");
    await page.waitForSelector("[data-block]");
    await visit.press("grant");
    await page.locator('[id^="grant-channel"]').fill("팬클럽");
    expect((await page.locator('input[id^="grant-code"]').inputValue()).length).toBeGreaterThanOrEqual(8);
    await visit.press("grant-confirm");
    await page.waitForSelector('[data-action="withdraw-grant"]');
    const blocks = await blocksOf();
    expect(blocks.map(({ channel, places, reason }) => [reason, channel, places.length])).toEqual([
      ["초대석", "팬클럽", 5],
    ]);
    await visit.press("withdraw-grant");
    await page.waitForSelector('[data-action="withdraw-grant"]', { state: "detached" });
    await visit.press("release-block");
    await visit.press("release-block-confirm");
    await expect.poll(async () => (await blocksOf()).flatMap(({ places }) => places).length, late).toBe(0);
    expect(visit.complaints.filter((one) => !/status of 409/.test(one))).toEqual([]);
  });

  it("gives a seat back without a fee, moves a date, and cancels it, after saying what that means", async () => {
    const visit = await signedIn(360, 800);
    const { page } = visit;
    await atTheSeats(page);
    await visit.press("find");
    const orderId = (await page.locator(".purchase[data-order-id]").first().getAttribute("data-order-id")) ?? "";
    // By the number its buyer reads out, however it is typed.
    await page.fill("#order-search", orderNumber(orderId).toLowerCase().replaceAll("-", " "));
    await visit.press("find");
    await page.waitForSelector(`.purchase [data-order-number="${orderNumber(orderId)}"]`);
    await expect.poll(() => page.locator(".purchase[data-order-id]").count(), late).toBe(1);
    await visit.press("give-back");
    await page.waitForSelector('.give-back [data-refund="220000"]');
    await page.locator('.give-back input[type="checkbox"]').first().uncheck();
    await page.waitForSelector('.give-back [data-refund="110000"]');
    await page.locator('[id^="reason-"]').fill("음향 사고");
    await visit.press("give-back-go");
    await visit.press("give-back-confirm");
    await page.waitForSelector('.purchase [data-said="done"]');
    await expect.poll(async () => (await house.recordOf(orderId))["refunds"], late).toBe(1);
    expect(await house.moneyOf(orderId)).toMatchObject({ captured: 220_000, refunded: 110_000 });

    await page.click('[data-action="change-date"]');
    await page.fill("#move-to", inSeoul(Date.now() + 60 * DAY));
    await visit.press("move-date");
    await visit.press("move-date-confirm");
    await page.waitForSelector("dialog[open]", { state: "detached" });
    const later = "schedules where performance_id = $1 and starts_at > now() + interval '50 days'";
    await expect.poll(() => house.count(later, id), late).toBe(1);
    await page.fill("#cancel-date-reason", "공연장 사정");
    await visit.press("cancel-date");
    await visit.press("cancel-date-confirm");
    await page.waitForSelector("[data-date-cancelled]");
    await expect.poll(async () => (await house.moneyOf(orderId)).refunded, late).toBe(220_000);
    expect(await visit.overflow()).toBe(0);
    expect(visit.complaints).toEqual([]);
  });

  it("keeps writing while the records are away, and loses nothing", async () => {
    const visit = await signedIn(1_280, 900);
    const { page } = visit;
    await visit.press("create");
    await page.fill("#new-title", "초안");
    await visit.press("begin");
    await page.waitForSelector("#ageRating");
    await page.route("**/api/organizer/performances/*", (route) =>
      route.request().method() === "PATCH"
        ? route.fulfill({
            status: 503,
            contentType: "application/problem+json",
            body: '{"code":"records-unavailable"}',
          })
        : route.continue(),
    );
    await page.fill("#ageRating", "전체 관람가");
    await page.waitForSelector(".save-bad");
    await page.unroute("**/api/organizer/performances/*");
    await saved(page);
    await page.reload();
    expect(await page.inputValue("#ageRating")).toBe("전체 관람가");
    await page.click('[data-step="check"]');
    await visit.press("discard");
    await visit.press("discard-confirm");
    await page.waitForURL(/\/organizer$/);
    expect(await house.count("performances where title = '초안'")).toBe(0);
  });
});

/** The day of the sale, with the map of the one date. */
async function atTheSeats(page: Page): Promise<void> {
  await page.goto(`/organizer/sale?id=${id}`);
  await page.waitForSelector('[data-figure="sold"]');
  await page.locator("#seats-of").selectOption({ index: 1 });
  await page.waitForSelector("[data-seats-sold]");
}

async function rowWithoutSales(): Promise<string> {
  const { rows } = await house.sql.query<{ row: string }>(
    "select seat->>'row' as row from orders, jsonb_array_elements(snapshot->'seats') seat where performance_id = $1",
    [id],
  );
  const sold = rows.map(({ row }) => row);
  return ["1", "2", "3", "4"].find((row) => !sold.includes(row)) ?? "";
}

async function blocksOf(): Promise<z.infer<typeof blocksAnswer>["items"]> {
  const { items } = await house.api.call(`GET /api/performances/${id}/schedules`, schedules);
  const path = `/api/organizer/performances/${id}/schedules/${items[0]?.id ?? ""}/blocks`;
  return (await house.api.call(`GET ${path}`, blocksAnswer, { token: house.organiser })).items;
}

function now(): Promise<z.infer<typeof figures>> {
  return house.api.call(`GET /api/organizer/performances/${id}/live`, figures, { token: house.organiser });
}

async function buySeats(seats: number): Promise<void> {
  const { items } = await house.api.call(`GET /api/performances/${id}/schedules`, schedules);
  const chart = z.looseObject({
    chart: z.looseObject({
      sections: z.array(
        z.looseObject({ rows: z.array(z.looseObject({ seats: z.array(z.looseObject({ id: z.string() })) })) }),
      ),
    }),
  });
  const scheduleId = items[0]?.id ?? "";
  const plan = await house.api.call(`GET /api/performances/${id}/schedules/${scheduleId}/chart`, chart);
  const sections = plan.chart.sections.map(({ rows }) => rows.flatMap((row) => row.seats.map((seat) => seat.id)));
  const { token } = await house.member();
  const { tossUrl } = house.where;
  const report = { step: () => undefined, now: () => undefined };
  const fan = new Fan(
    house.api,
    { token, performanceId: id, scheduleId, sections, seats, tossUrl, random: () => 0.5 },
    report,
  );
  expect(await fan.buy()).toBe("bought");
}

/** A picture of one colour. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, "ascii"), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const rows = Buffer.alloc(height * (1 + width * 3), 0x60);
  for (let row = 0; row < height; row++) rows[row * (1 + width * 3)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

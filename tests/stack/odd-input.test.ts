/** The pages in front of what nobody hopes for: odd names, nothing to choose, nothing to pay, a wrong clock, an API that is away. */
import { expect, it } from "vitest";
import { gridChart } from "../../dev/demo/halls.ts";
import { look } from "./axe.ts";
import type { Visit } from "./browser.ts";
import { Buyer } from "./buyer.ts";
import type { House, Show, ShowOptions } from "./house.ts";
import { onStage, type Stage } from "./stage.ts";

const MINUTE = 60_000;
const LATE = { timeout: 30_000 };
const small = { width: 320, height: 640 };

let stage: Stage;
let house: House;

onStage((set) => {
  stage = set;
  ({ house } = set);
});

async function member(): Promise<Visit> {
  const { token } = await house.member();
  const visit = await stage.visit(small, token);
  return visit;
}

/** Through the queue, to the seats as a list. */
async function atTheSeats(visit: Visit, show: Show): Promise<void> {
  await visit.page.goto(`/waiting?performance=${show.id}`);
  await visit.page.locator("#enter:visible").click();
  await visit.page.waitForSelector('[data-live="true"]');
  await visit.press("view-list");
}

const open = (options: Partial<ShowOptions> & Pick<ShowOptions, "title">): Promise<Show> =>
  house.open({ rows: 2, columns: 4, ...options });

it("the longest names, from right to left and of pictures push nothing out of a window 320 px wide", async () => {
  const names = ["가".repeat(120), "W".repeat(120), `עברית ${"مسرحية ".repeat(16)}`, "👩‍👩‍👧‍👦🎭".repeat(9)];
  const visit = await member();
  const { page } = visit;
  for (const title of names) {
    const show = await open({ title });
    await page.goto(`/performance?id=${show.id}`);
    await page.waitForSelector('[data-action="join"]');
    expect([title, await visit.overflow()]).toEqual([title, 0]);
    expect(await page.innerText("h1:not(.page-name)")).toContain(title.trim().slice(0, 20));
    await atTheSeats(visit, show);
    expect([title, await visit.overflow()]).toEqual([title, 0]);
    await page.click('[data-seat-id="r1s1"]');
    await visit.press("hold");
    await page.waitForSelector("[data-hold-id]");
    await visit.press("order");
    await page.waitForSelector('[data-action="pay"]');
    expect([title, await visit.overflow()]).toEqual([title, 0]);
    await visit.press("pay");
    await page.waitForURL((url) => url.origin === house.where.tossUrl);
    await page.click('button[value="approve"]');
    await page.waitForSelector('[data-outcome="paid"]');
    expect([title, await visit.overflow()]).toEqual([title, 0]);
    const order = (await page.getAttribute("[data-order-id]", "data-order-id")) ?? "";
    await expect.poll(async () => (await house.recordOf(order))["tickets"], LATE).toBe(1);
    for (const [path, ready] of [
      [`/order?id=${order}`, "[data-ticket-id]"],
      [`/ticket?order=${order}`, '[data-action="reissue"]'],
      [`/draw?performance=${show.id}`, `a.back:not(:text("공연으로"))`],
      [`/api/performances/${show.id}/room`, ".show"],
    ] as const) {
      await page.goto(path);
      await page.waitForSelector(ready);
      expect([path, title, await visit.overflow()]).toEqual([path, title, 0]);
    }
  }
  // As long as names may be, and a search for one of them.
  await page.goto(`/?q=${encodeURIComponent("مسرحية")}`);
  await page.waitForSelector("[data-performance-id]");
  expect(await visit.overflow()).toBe(0);
  await page.goto(`/?q=${"W".repeat(200)}`);
  await page.waitForSelector(".empty, [data-performance-id]");
  expect(await visit.overflow()).toBe(0);
  await page.goto("/");
  await page.waitForSelector("[data-performance-id]");
  expect(await visit.overflow()).toBe(0);
  await page.goto("/orders");
  await page.waitForSelector("[data-order-id]");
  expect(await visit.overflow()).toBe(0);
  expect(visit.complaints).toEqual([]);
});

it("a performance without dates, and a hall without seats, say that there is nothing", async () => {
  const show = await open({ title: "비어 있음" });
  const visit = await member();
  const { page } = visit;
  await page.route("**/schedules", (route) => route.fulfill({ json: { items: [] } }));
  await page.goto(`/performance?id=${show.id}`);
  await page.getByText("아직 등록된 회차가 없습니다.").waitFor();
  await look(visit, "performance-no-dates", { dark: false });
  await page.goto(`/waiting?performance=${show.id}`);
  await page.locator("#enter:visible").click();
  await page.getByText("선택할 수 있는 회차가 없습니다").waitFor();
  await look(visit, "seats-no-dates", { dark: false });
  await page.unroute("**/schedules");
  await page.route("**/chart", async (route) => {
    const answer: unknown = await (await route.fetch()).json();
    const chart = { version: 1, name: "빈 홀", sections: [] };
    return route.fulfill({ json: { ...(answer as object), chart } });
  });
  await page.reload();
  await page.waitForSelector("h1:not(.page-name)");
  await page.getByText("판매하는 좌석이 없습니다.").waitFor();
  await page.locator('[data-action="leave"]').waitFor();
  await look(visit, "seats-empty-hall", { dark: false });
  expect(visit.complaints).toEqual([]);
});

it("an organiser is told that a name of 200 characters is too long, and that a hall without seats is none", async () => {
  const visit = await stage.visit(small, house.organiser);
  const { page } = visit;
  await page.goto("/organizer");
  await visit.press("create");
  await page.fill("#new-title", "가".repeat(200));
  await visit.press("begin");
  await page.waitForSelector("#new-title-error");
  await page.fill("#new-title", "홀 없음");
  await visit.press("begin");
  await page.waitForSelector("#titleEn");
  await page.fill("#titleEn", "W".repeat(200));
  await page.waitForSelector("#titleEn-error");
  await page.click('[data-step="venue"]');
  await visit.press("new-hall");
  await page.fill("#hall-name", "빈 홀");
  await page.setInputFiles("#chart-file", {
    name: "hall.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify({ version: 1, name: "빈 홀", sections: [] })),
  });
  await page.waitForSelector('[data-report="bad"], .hall-form .alert');
  expect(await page.locator('[data-action="save-hall"]:enabled').count()).toBe(0);
  expect(await visit.overflow()).toBe(0);
  // The refused name is the page's only complaint.
  expect(visit.complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
});

it("what costs nothing is not paid for", async () => {
  const show = await house.openIn(gridChart(2, 4), { S: 0, A: 0, B: 0 }, { title: "무료 공연" });
  const visit = await member();
  const { page } = visit;
  await atTheSeats(visit, show);
  await page.click('[data-seat-id="r1s1"]');
  await visit.press("hold");
  await page.waitForSelector("[data-hold-id]");
  await visit.press("order");
  await page.waitForSelector('[data-action="pay"]:enabled');
  await visit.press("pay");
  await page.waitForSelector('[data-outcome="paid"]');
  await look(visit, "success-free", { dark: false });
  const order = (await page.getAttribute("[data-order-id]", "data-order-id")) ?? "";
  await page.goto(`/order?id=${order}`);
  await page.waitForSelector("[data-ticket-id]");
  await look(visit, "order-free", { dark: false });
  await page.goto(`/performance?id=${show.id}`);
  await page.waitForSelector('[data-action="join"]');
  await look(visit, "performance-free", { dark: false });
  expect(visit.complaints).toEqual([]);
});

it("a clock that is an hour off changes no deadline on the page", async () => {
  const openAt = new Date(Date.now() + 30 * MINUTE).toISOString();
  const show = await open({ title: "시계", settings: { openAt } });
  const onSale = await open({ title: "시계가 틀려도" });
  for (const off of [60 * MINUTE, -60 * MINUTE]) {
    const visit = await member();
    await visit.page.addInitScript(`{
      const Real = Date;
      globalThis.Date = class extends Real {
        constructor(...given) { if (given.length === 0) super(Real.now() + ${off}); else super(...given); }
        static now() { return Real.now() + ${off}; }
      };
    }`);
    await visit.page.goto(`/waiting?performance=${show.id}`);
    await visit.page.waitForSelector('[data-screen="before"]');
    await expect.poll(() => visit.page.innerText("#clock-time"), LATE).toMatch(/^(30:00|2[89]:\d\d)$/);
    await visit.page.goto(`/performance?id=${show.id}`);
    await expect.poll(() => visit.page.innerText(".countdown-clock"), LATE).toMatch(/^(30:00|2[89]:\d\d)$/);
    await visit.page.goto("/");
    const card = `[data-performance-id="${show.id}"] .countdown-clock`;
    await expect.poll(() => visit.page.innerText(card), LATE).toMatch(/^(30:00|2[789]:\d\d)$/);
    // Ten minutes to choose, five to order, eight to pay.
    await atTheSeats(visit, onSale);
    await expect.poll(() => visit.page.innerText(".desk-side .countdown-clock"), LATE).toMatch(/^(10:00|[789]:\d\d)$/);
    await visit.press("hold-best");
    await expect.poll(() => visit.page.innerText("[data-hold-id] .countdown-clock"), LATE).toMatch(/^[345]:\d\d$/);
    await visit.press("order");
    await visit.page.waitForSelector('[data-action="pay"]:enabled');
    await expect.poll(() => visit.page.innerText("main .countdown-clock"), LATE).toMatch(/^[5678]:\d\d$/);
  }
});

it("a hold that runs out is said, and its seats may be chosen again", async () => {
  const show = await open({ title: "선점 만료", settings: { holdSeconds: 5 } });
  const visit = await member();
  const { page } = visit;
  await atTheSeats(visit, show);
  await page.click('[data-seat-id="r1s2"]');
  await visit.press("hold");
  await page.waitForSelector("[data-hold-id]");
  await page.waitForSelector("[data-hold-id]", { state: "detached" });
  await page.getByText("선점 시간이 끝나 좌석이 풀렸습니다.").first().waitFor();
  await expect.poll(() => page.getAttribute('[data-seat-id="r1s2"]', "data-mark"), LATE).toBe("free");
  const other = await Buyer.inside(house, show);
  expect((await other.hold(["r1s2"])).id).not.toBe("");
  expect(visit.complaints).toEqual([]);
});

it("while the API answers 503 the waiting room asks again by itself, and goes on", async () => {
  const show = await open({ title: "점검" });
  const visit = await member();
  const { page } = visit;
  const away = { status: 503, contentType: "application/problem+json", body: '{"code":"records-unavailable"}' };
  await page.route("**/queue", (route) => route.fulfill({ ...away, headers: { "retry-after": "1" } }));
  await page.goto(`/waiting?performance=${show.id}`);
  await page.waitForSelector('#contact[data-how="busy"]');
  await page.unroute("**/queue");
  await page.waitForSelector('[data-screen="admitted"]');
});

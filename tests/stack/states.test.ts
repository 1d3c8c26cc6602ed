/** What a fan meets when things are not as they should be: every page while the API is away, asked for nothing, and between states. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { gridChart } from "../../dev/demo/halls.ts";
import type { Chart } from "../../durable-objects/performance/seats/chart.ts";
import { look, lookOpened } from "./axe.ts";
import { Buyer } from "./buyer.ts";
import type { Visit } from "./browser.ts";
import type { House, Show } from "./house.ts";
import { DESK, onStage, PHONE, type Stage } from "./stage.ts";
import { operate } from "./waiting-journey.ts";

const LATE = { timeout: 30_000 };
const HOUR = 3_600_000;
const NOBODYS_ORDER = `${"0".repeat(32)}-${"0".repeat(24)}`;
const TOKEN = "x".repeat(43);
const iso = (ms: number): string => new Date(ms).toISOString();
const unexpected = (complaint: string): boolean => !/status of [45]\d\d|was answered 503/.test(complaint);

let stage: Stage;
let house: House;
let show: Show;
let buyer: Buyer;
let order: string;

onStage(async (set) => {
  stage = set;
  ({ house } = set);
  show = await house.open({ title: "모든 상태", rows: 3, columns: 6 });
  buyer = await Buyer.inside(house, show);
  order = (await buyer.buy(["r1s1", "r1s2"])).id;
});

/** The buyer with a browser, or somebody else who is signed in. */
async function signedIn(token = buyer.token): Promise<Visit> {
  return stage.visit(DESK, token);
}

/** Through the queue of a show, to its seats. */
async function atTheSeats(of: Show, token: string): Promise<Visit> {
  const visit = await stage.visit(PHONE, token);
  await visit.page.goto(`/waiting?performance=${of.id}`);
  await visit.page.locator("#enter:visible").click();
  await visit.page.waitForURL(({ pathname }) => pathname === "/seats");
  return visit;
}

const AGAIN = '[data-action="again"]';

describe("while the API answers 503, the page says so, fits, and can be asked again:", () => {
  it.each<[name: string, path: () => string, said: string]>([
    ["catalogue", () => "/", `.alert ${AGAIN}`],
    ["performance", () => `/performance?id=${show.id}`, `.alert ${AGAIN}`],
    ["presale", () => `/presale?performance=${show.id}`, `.alert ${AGAIN}`],
    ["seats", () => `/seats?performance=${show.id}`, `.alert ${AGAIN}`],
    ["checkout", () => `/checkout?order=${order}`, `.alert ${AGAIN}`],
    ["success", () => `/success?order=${order}`, `[data-outcome="unclear"] ${AGAIN}`],
    ["fail", () => `/fail?order=${order}`, `.alert ${AGAIN}`],
    ["orders", () => "/orders", `.alert ${AGAIN}`],
    ["order", () => `/order?id=${order}`, `.alert ${AGAIN}`],
    ["ticket", () => `/ticket?order=${order}`, `.alert ${AGAIN}`],
    ["draw", () => `/draw?performance=${show.id}`, `.alert ${AGAIN}`],
    ["account", () => "/account", `.alert ${AGAIN}`],
    ["organisations", () => "/organisations", `.alert ${AGAIN}`],
    ["verify", () => `/verify#${TOKEN}`, `.alert ${AGAIN}`],
  ])("%s", async (name, path, said) => {
    const here = await signedIn();
    const { page } = here;
    const away = { status: 503, contentType: "application/problem+json", body: '{"code":"records-unavailable"}' };
    await page.route("**/api/**", (route) => route.fulfill(away));
    await page.goto(path());
    await page.locator(said).waitFor();
    await look(here, `${name}-away`, { dark: false });
    await page.unroute("**/api/**");
    await page.locator(said).click();
    await page
      .locator('.alert :text("기록을 불러올 수 없습니다"), [data-outcome="unclear"]')
      .waitFor({ state: "detached" });
    expect(here.complaints.filter(unexpected)).toEqual([]);
  });

  it.each<[name: string, path: string, action: string, fields: Readonly<Record<string, string>>]>([
    ["login", "/login", "login", { email: "a@ticketping.test", password: "long enough" }],
    ["signup", "/signup", "signup", { nickname: "이름", email: "a@ticketping.test", password: "long enough" }],
    ["forgot", "/forgot", "forgot", { email: "a@ticketping.test" }],
    ["reset", `/reset#${TOKEN}`, "reset", { password: "long enough" }],
  ])("%s, which keeps what was typed", async (name, path, action, fields) => {
    const here = await stage.visit(DESK);
    const { page } = here;
    await page.goto(path);
    for (const [field, value] of Object.entries(fields)) await page.fill(`#${field}`, value);
    await page.route("**/api/**", (route) =>
      route.fulfill({ status: 503, contentType: "application/problem+json", body: '{"code":"records-unavailable"}' }),
    );
    await here.press(action);
    await page.getByText("지금은 기록을 불러올 수 없습니다").waitFor();
    await look(here, `${name}-away`, { dark: false });
    for (const [field, value] of Object.entries(fields)) expect(await page.inputValue(`#${field}`)).toBe(value);
    expect(here.complaints.filter(unexpected)).toEqual([]);
  });

  it("the waiting room, which asks again by itself", async () => {
    const here = await signedIn((await house.member()).token);
    const { page } = here;
    const busy = { status: 503, contentType: "application/problem+json", headers: { "retry-after": "600" } };
    await page.route("**/queue", (route) => route.fulfill({ ...busy, body: '{"code":"overloaded"}' }));
    await page.goto(`/waiting?performance=${show.id}`);
    await page.waitForSelector('#contact[data-how="busy"]');
    await look(here, "waiting-busy", { dark: false });
    expect(here.complaints.filter(unexpected)).toEqual([]);
  });
});

describe("where there is nothing, the page says so:", () => {
  it.each<[name: string, path: string, said: string]>([
    ["performance without a name", "/performance", ".alert"],
    ["seats without a name", "/seats", ".alert"],
    ["draw without a name", "/draw", ".alert"],
    ["draw of nothing", `/draw?performance=${crypto.randomUUID()}`, ".alert"],
    ["presale without a name", "/presale", ".alert"],
    ["checkout of nobody's order", `/checkout?order=${NOBODYS_ORDER}`, ".alert"],
    ["success of nobody's order", `/success?order=${NOBODYS_ORDER}`, '.alert a[href="/orders"]'],
    ["fail of nobody's order", `/fail?order=${NOBODYS_ORDER}`, ".alert"],
    ["nobody's order", `/order?id=${NOBODYS_ORDER}`, ".alert"],
    ["tickets of nobody's order", `/ticket?order=${NOBODYS_ORDER}`, ".alert"],
    ["no orders yet", "/orders", ".empty"],
    ["verify without a link", "/verify", ".alert"],
    ["verify with a link cut short", "/verify#abc", ".alert"],
    ["verify with a link of long ago", `/verify#${TOKEN}`, ".alert"],
    ["reset without a link", "/reset", ".alert"],
    ["invitation without a link", "/invitation", ".alert"],
  ])("%s", async (name, path, said) => {
    const here = await signedIn((await house.member()).token);
    await here.page.goto(path);
    await here.page.locator(said).waitFor();
    await look(here, name.replaceAll(/\W+/g, "-"), { dark: false });
    expect(here.complaints.filter(unexpected)).toEqual([]);
  });
});

describe("a show's page and card", () => {
  it("say that the sale is to come, paused, sold out, and over", async () => {
    const later = await house.open({
      title: "아직 먼 공연",
      rows: 1,
      columns: 2,
      settings: { openAt: iso(Date.now() + HOUR) },
    });
    const tiny = await house.open({ title: "매진될 공연", rows: 1, columns: 1 });
    await (await Buyer.inside(house, tiny)).buy(["r1s1"]);
    const over = await house.open({ title: "끝난 공연", rows: 1, columns: 2 });
    await operate(house, over, "POST close");
    const halted = await house.open({ title: "멈춘 공연", rows: 1, columns: 2 });
    await operate(house, halted, "POST pause");
    const here = await stage.visit(DESK);
    const { page } = here;
    for (const [one, phase] of [
      [later, "soon"],
      [halted, "paused"],
      [tiny, "soldout"],
      [over, "closed"],
    ] as const) {
      await expect
        .poll(async () => {
          await page.goto(`/performance?id=${one.id}`);
          return page.locator(".detail-head [data-phase]").getAttribute("data-phase");
        }, LATE)
        .toBe(phase);
      await look(here, `performance-${phase}`, { dark: false });
    }
    await page.goto("/");
    await page.waitForSelector('[data-phase="closed"]');
    for (const [one, counts] of [
      [later, 1],
      [over, 0],
    ] as const) {
      expect(await page.locator(`[data-performance-id="${one.id}"] .countdown-clock`).count()).toBe(counts);
    }
    await look(here, "catalogue-phases");
    expect(here.complaints.filter(unexpected)).toEqual([]);
  });
});

describe("choosing seats", () => {
  it("asks which date, shows places to stand, asks before leaving, and offers no date that was cancelled", async () => {
    const mixed: Chart = {
      ...gridChart(2, 4, "좌석과 스탠딩"),
      zones: [{ id: "pit", name: "스탠딩", capacity: 20, grade: "S" }],
    };
    const two = await house.openIn(mixed, { S: 110_000, A: 90_000, B: 70_000 }, { title: "이틀 공연", days: [30, 31] });
    const here = await atTheSeats(two, (await house.member()).token);
    const { page } = here;
    await page.waitForSelector("[data-schedule-id]");
    await look(here, "seats-dates");
    await page.locator("[data-schedule-id]").first().click();
    await page.waitForSelector('[data-live="true"]');
    await page.waitForSelector("[data-zone]");
    await look(here, "seats-standing");
    await lookOpened(here, "seats-leaving", {
      open: async () => {
        await here.press("leave");
        await page.waitForSelector("dialog[open]");
      },
      close: () => here.press("leave-keep"),
    });
    const cancelled = `schedules/${two.scheduleId}/cancel`;
    await operate(house, two, `POST ${cancelled}`, { reason: "storm" });
    const dates = page.locator("[data-cancelled]");
    await expect
      .poll(async () => {
        await page.goto(`/performance?id=${two.id}`);
        await page.waitForSelector(".schedules");
        return dates.count();
      }, LATE)
      .toBe(1);
    await look(here, "performance-date-cancelled", { dark: false });
    // Whoever had chosen it is asked again; the other can still be had.
    await page.goto(`/seats?performance=${two.id}&schedule=${two.scheduleId}`);
    await page.waitForSelector(".choice .badge");
    expect(await page.locator("[data-schedule-id]").count()).toBe(1);
    await look(here, "seats-date-cancelled", { dark: false });
    expect(here.complaints.filter(unexpected)).toEqual([]);
  });

  it("says that a seat was taken, that the hold ran out, and that the time is over", async () => {
    const fast = await house.open({ title: "빠른 공연", rows: 2, columns: 6, settings: { holdSeconds: 5 } });
    const here = await atTheSeats(fast, (await house.member()).token);
    const { page } = here;
    await page.waitForSelector('[data-live="true"]');
    await here.pick(["r1s1"]);
    const other = await Buyer.inside(house, fast);
    await other.hold(["r1s1"]);
    await page.waitForSelector(".summary .alert");
    await look(here, "seats-gone", { dark: false });
    await here.press("hold-best");
    await page.waitForSelector("[data-hold-id]");
    await page.waitForSelector("[data-hold-id]", { state: "detached" });
    await page.waitForSelector(".summary .alert");
    await look(here, "seats-hold-over", { dark: false });
    await operate(house, fast, "POST revoke-all");
    await page.waitForSelector('[data-outcome="session-over"]');
    await look(here, "seats-session-over", { dark: false });
    expect(here.complaints.filter(unexpected)).toEqual([]);
  });

  it("goes on without a live connection, and says so", async () => {
    const here = await stage.visit(PHONE, (await house.member()).token);
    const { page } = here;
    await page.routeWebSocket(/\/live/, (socket) => socket.close({ code: 1_012 }));
    await page.goto(`/waiting?performance=${show.id}`);
    await page.locator("#enter:visible").click();
    await page.waitForSelector('[data-live="false"]');
    await page.waitForSelector('[data-seat-id="r2s1"][data-mark="free"]');
    await look(here, "seats-polling", { dark: false });
    expect(here.complaints.filter(unexpected)).toEqual([]);
  });
});

describe("an order", () => {
  it("that nobody paid in time says so at the checkout, among the orders, and on its own page", async () => {
    const short = await house.open({ title: "짧은 결제", rows: 1, columns: 4, settings: { paymentSeconds: 10 } });
    const here = await atTheSeats(short, (await house.member()).token);
    const { page } = here;
    await here.press("hold-best");
    await page.waitForSelector("[data-hold-id]");
    await here.press("order");
    await page.waitForSelector('main [data-pay-state="expired"]');
    await look(here, "checkout-expired", { dark: false });
    const id = new URL(page.url()).searchParams.get("order") ?? "";
    await expect.poll(async () => (await house.recordOf(id))["status"], LATE).toBe("expired");
    await page.goto(`/order?id=${id}`);
    await page.waitForSelector('[data-status="expired"]');
    await look(here, "order-expired", { dark: false });
    expect(here.complaints.filter(unexpected)).toEqual([]);
  });

  it("is for a show that has an English title, where the reader speaks English", async () => {
    const prices = { S: 110_000, A: 90_000, B: 70_000 };
    const named = await house.openIn(gridChart(1, 4), prices, {
      title: "세일즈맨의 죽음",
      titleEn: "Death of a Salesman",
    });
    const owner = await Buyer.inside(house, named);
    const { id } = await owner.buy(["r1s1"]);
    await expect.poll(async () => (await house.recordOf(id))["tickets"], LATE).toBe(1);
    const here = await signedIn(owner.token);
    const { page } = here;
    for (const [path, part] of [
      ["/orders", `[data-order-id="${id}"] h2`],
      [`/order?id=${id}`, "h1:not(.page-name)"],
      [`/success?order=${id}`, ".card-title"],
      [`/ticket?order=${id}`, "[data-ticket-id] h1"],
    ] as const) {
      await page.goto(path);
      await here.speak("en");
      await page.locator(part, { hasText: "Death of a Salesman" }).waitFor();
      await here.speak("ko");
      await page.locator(part, { hasText: "세일즈맨의 죽음" }).waitFor();
    }
    expect(here.complaints.filter(unexpected)).toEqual([]);
  });

  it("is given back in part and then whole, with a question before each", async () => {
    const here = await signedIn();
    const { page } = here;
    await page.goto(`/order?id=${order}`);
    await page.waitForSelector("[data-ticket-id]");
    await here.press("cancel");
    await page.locator('.cancel-choice input[type="checkbox"]').first().uncheck();
    await lookOpened(here, "order-cancelling", {
      open: async () => {
        await here.press("cancel-go");
        await page.waitForSelector("dialog[open]");
      },
      close: () => here.press("cancel-keep"),
    });
    await here.press("cancel-go");
    await here.press("cancel-confirm");
    await page.waitForSelector(".given-back");
    await look(here, "order-reduced", { dark: false });
    await here.press("cancel");
    await here.press("cancel-go");
    await here.press("cancel-confirm");
    await page.waitForSelector('[data-status="cancelled"]');
    await look(here, "order-cancelled");
    // The list is read from the records, which hear of it a moment later.
    await expect.poll(async () => (await house.recordOf(order))["status"], LATE).toBe("cancelled");
    await page.goto("/orders");
    await page.waitForSelector('[data-status="cancelled"]');
    await look(here, "orders-cancelled", { dark: false });
    expect(here.complaints.filter(unexpected)).toEqual([]);
  });
});

it("a long list says why no more came, keeps what is there, and goes on when asked again", async () => {
  const titles = Array.from({ length: 25 }, (_, index) => `초안 ${index + 1}`);
  for (const title of titles)
    await house.api.call("POST /api/organizer/performances", z.unknown(), { token: house.organiser, body: { title } });
  const here = await stage.visit(DESK, house.organiser);
  const { page } = here;
  await page.goto("/organizer");
  const rows = page.locator(".draft-row");
  await rows.first().waitFor();
  const first = await rows.count();
  await page.route("**/api/organizer/**", (route) => route.abort());
  await here.press("more");
  await page.locator(".alert").waitFor();
  await look(here, "organizer-no-more", { dark: false });
  expect(await rows.count()).toBe(first);
  await page.unroute("**/api/organizer/**");
  await here.press("more");
  await page.locator(".alert").waitFor({ state: "detached" });
  for (const title of titles) await page.getByRole("heading", { name: title, exact: true }).waitFor();
  expect(new Set(await rows.evaluateAll((all) => all.map((row) => row.dataset["performanceId"]))).size).toBe(
    await rows.count(),
  );
  expect(await rows.count()).toBeGreaterThan(first);
});

/** Halls as organisers make them, and everything a hold may ask for, over HTTP against everything there is. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { OrganiserCatalogue } from "../../dev/demo/catalogue.ts";
import { ApiFailure } from "../../dev/demo/client.ts";
import type { Chart } from "../../durable-objects/performance/seats/chart.ts";
import { openBrowser, Visit } from "./browser.ts";
import { Buyer } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";

const RECORDED = { timeout: 30_000, interval: 200 };
const DAY = 86_400_000;
const iso = (time: number): string => new Date(time).toISOString();
const anything = z.looseObject({});
const report = z.looseObject({ ok: z.boolean(), findings: z.array(z.looseObject({ code: z.string() })) });
const withChart = z.looseObject({ chart: z.unknown(), report });
const held = z.looseObject({
  hold: z.looseObject({ id: z.string(), amount: z.number(), seats: z.array(z.looseObject({ id: z.string() })) }),
  why: z.looseObject({ section: z.string(), row: z.string().nullable() }).optional(),
});
const blocked = z.looseObject({ block: z.looseObject({ number: z.number(), places: z.array(anything) }) });

let house: House;
let show: Show;
let buyer: Buyer;

const table = ["section,row,seat,grade,attributes", ...seatLines("가", "S"), ...seatLines("나", "A")].join("\n");

function seatLines(row: string, grade: string): string[] {
  return Array.from({ length: 8 }, (_, n) => `1층,${row},${n + 1},${grade},${n === 0 ? "wheelchair" : ""}`);
}

beforeAll(async () => {
  house = await startHouse({ demoData: false });
  const organiser = { token: house.organiser };
  const made = await house.api.call("POST /api/organizer/charts/csv", withChart, {
    ...organiser,
    body: { name: "소극장", csv: table },
  });
  expect(made.report).toMatchObject({ ok: true, places: 16, findings: [] });
  const floor = { id: "F", name: "스탠딩", grade: "B", capacity: 5 };
  const chart = { ...(made.chart as Chart), zones: [floor] };
  const catalogue = new OrganiserCatalogue(house.api, house.organiser);
  const hallId = await catalogue.hall({ name: "소극장 표", address: "서울", timeZone: "Asia/Seoul", chart });
  const now = Date.now();
  const { id } = await catalogue.performance(hallId, {
    title: "표로 만든 극장",
    description: "",
    runTimeMinutes: 90,
    ageRating: "전체",
    currency: "KRW",
    prices: { S: 110_000, A: 90_000, B: 70_000 },
    settings: {
      openAt: iso(now - 1_000),
      closeAt: iso(now + DAY),
      capacity: 100,
      ratePerMinute: 6_000,
      noSingleSeats: true,
    },
    startsAt: [iso(now + 30 * DAY)],
  });
  const schedules = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });
  const { items } = await house.api.call(`GET /api/performances/${id}/schedules`, schedules);
  show = { id, title: "표로 만든 극장", scheduleId: items[0]?.id ?? "" };
  buyer = await Buyer.inside(house, show);
}, 120_000);

afterAll(() => house?.close());

function hold(wish: object): Promise<z.infer<typeof held>> {
  const headers = { "booking-pass": buyer.pass, "idempotency-key": crypto.randomUUID() };
  const body = { scheduleId: show.scheduleId, ...wish };
  return house.api.call(`POST ${buyer.room}/holds`, held, { token: buyer.token, headers, body });
}

async function refusal(asked: Promise<unknown>): Promise<readonly [number, string, unknown]> {
  const failure = await asked.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof ApiFailure)) throw new Error("not refused");
  return [failure.status, failure.code, failure.evidence];
}

describe("a chart", () => {
  it("has a published JSON Schema", async () => {
    const schema = await house.api.call("GET /api/charts/schema.json", anything);
    expect(schema).toMatchObject({ $id: "/api/charts/schema.json", type: "object" });
  });

  it("is looked over without being stored, whatever it is", async () => {
    const lint = (chart: unknown) =>
      house.api.call("POST /api/organizer/charts/lint", z.object({ report }), {
        token: house.organiser,
        body: { chart },
      });
    expect((await lint({ version: 2, name: "<b>x</b>", sections: [] })).report.ok).toBe(false);
    expect((await lint([1])).report.findings[0]?.code).toBe("not-a-chart");
  });

  it("of ten megabytes is refused before anybody reads it", async () => {
    const large = { name: "x", csv: "x".repeat(10_000_000) };
    const answer = house.api.call("POST /api/organizer/charts/csv", anything, { token: house.organiser, body: large });
    expect((await refusal(answer)).slice(0, 2)).toEqual([413, "chart-too-large"]);
  });

  it("is made of a few numbers", async () => {
    const body = {
      name: "원형",
      sections: [
        { shape: "curve", id: "A", name: "A", rows: 3, seats: 10, grades: [{ grade: "R", from: 1 }], centre: [0, 0], radius: 12, from: 120, to: 60 }, // prettier-ignore
      ],
    };
    const made = await house.api.call("POST /api/organizer/charts/generate", withChart, {
      token: house.organiser,
      body,
    });
    expect(made.report).toMatchObject({ ok: true, places: 30 });
  });
});

describe("a hold", () => {
  it("of the best there is says why, and becomes tickets together with a place to stand", async () => {
    const best = await hold({ best: { count: 2, grade: "A" } });
    expect(best).toMatchObject({ hold: { amount: 180_000 }, why: { section: "1층", row: "나" } });
    const grown = await hold({ zones: [{ zone: "F", count: 1 }], addTo: best.hold.id });
    expect(grown.hold).toMatchObject({ id: best.hold.id, amount: 250_000 });
    expect(grown.hold.seats[2]).toMatchObject({ id: "F.1", section: "스탠딩", row: "", label: "1" });
    const order = await buyer.order(best.hold.id);
    const consent = await buyer.consent(await buyer.begin(order.id));
    expect(await buyer.confirm(order.id, consent)).toMatchObject({ status: "paid", amount: 250_000 });
    const sold = async (): Promise<readonly string[]> => {
      const query = "select seat_id from order_seats where order_id = $1 and status = 'sold' order by seat_id";
      return (await house.sql.query<{ seat_id: string }>(query, [order.id])).rows.map((row) => row.seat_id);
    };
    const ids = grown.hold.seats.map((seat) => seat.id).toSorted();
    await expect.poll(sold, RECORDED).toEqual(ids);
    const tickets = await house.sql.query("select id from tickets where order_id = $1", [order.id]);
    expect(tickets.rows).toHaveLength(3);
  });

  it("is refused with a code and evidence, and nothing is held", async () => {
    buyer = await Buyer.inside(house, show); // paying ended the first one's session
    expect(await refusal(hold({ seats: ["s1r1n1"] }))).toEqual([
      409,
      "seats-accessible-only",
      { seats: ["s1r1n1"], releasedAt: null },
    ]);
    expect(await refusal(hold({ seats: ["s1r1n3"] }))).toEqual([409, "single-seat-left", { seats: ["s1r1n2"] }]);
    expect((await refusal(hold({ zones: [{ zone: "F", count: 5 }] }))).slice(0, 2)).toEqual([409, "zone-full"]);
    expect((await refusal(hold({ best: { count: 1 }, seats: [] }))).slice(0, 2)).toEqual([422, "invalid-request"]);
    expect((await refusal(hold({}))).slice(0, 2)).toEqual([422, "invalid-request"]);
    expect((await refusal(hold({ best: { count: 1, grade: "VIP" } }))).slice(0, 2)).toEqual([404, "unknown-grade"]);
    expect(await buyer.holds()).toEqual([]);
  });
});

describe("performances that open in the same moment", () => {
  it("sell side by side, each its own seats", async () => {
    const openAt = iso(Date.now() + 1_500);
    const names = ["첫째", "둘째"];
    const shows = await Promise.all(
      names.map((title) => house.open({ title, rows: 1, columns: 3, settings: { openAt, gatherAt: null } })),
    );
    const sold = shows.map(async (one) => {
      const fan = new Buyer(house, one, (await house.member()).token);
      // Joining begins at the opening: who comes too early is told so, and comes again.
      await expect.poll(() => fan.join().then(() => "in", (error: unknown) => error instanceof ApiFailure && error.code), RECORDED).toBe("in"); // prettier-ignore
      await fan.comeIn();
      return fan.buy(["r1s2"]);
    });
    expect(await Promise.all(sold)).toMatchObject([{ status: "paid" }, { status: "paid" }]);
    for (const one of shows) {
      expect((await house.figures(one)).seatsByStatus).toMatchObject({ sold: 1, free: 2 });
    }
  });
});

describe("on the page", () => {
  it("somebody says for how many people, and holds places to stand, on a small phone in English", async () => {
    const account = { email: "standing@ticketping.test", password: "a long enough one", nickname: "관객" };
    await house.api.call("POST /api/auth/signup", z.unknown(), { body: account });
    const browser = await openBrowser();
    try {
      const visit = await Visit.begin(browser, { origin: house.where.origin, width: 360, height: 740 });
      const { page } = visit;
      await page.goto(`/performance?id=${show.id}`);
      await visit.press("language");
      await visit.press("join");
      await page.waitForURL(/\/login/);
      await visit.signIn(account.email, account.password);
      await page.waitForURL(({ pathname }) => pathname === "/waiting");
      await page.locator("#enter:visible").click();
      await page.waitForSelector('[data-zone="F"]');
      await page.selectOption('[data-zone="F"] select', "2");
      await page.click('[data-zone="F"] [data-action="hold-zone"]');
      await page.waitForSelector("[data-hold-id]");
      expect(await page.locator("[data-hold-id] li").count()).toBe(2);
      expect(await visit.overflow()).toBe(0);
      expect(visit.complaints).toEqual([]);
      await visit.end();
    } finally {
      await browser.close();
    }
  });
});

describe("an organiser", () => {
  it("blocks seats, grants them to a code, frees them; the log has every change and not the code", async () => {
    const room = `/api/organizer/performances/${show.id}`;
    const by = { token: house.organiser };
    const { block } = await house.api.call(`POST ${room}/blocks`, blocked, {
      ...by,
      body: { scheduleId: show.scheduleId, reason: "카메라", seats: ["s1r1n7", "s1r1n8"] },
    });
    expect(block.places).toHaveLength(2);
    expect((await refusal(hold({ seats: ["s1r1n7", "s1r1n8"] })))[1]).toBe("seats-blocked");
    const grant = { channel: "팬클럽", code: "secret-code-1" };
    await house.api.call(`PUT ${room}/blocks/${block.number}/grant`, blocked, { ...by, body: grant });
    expect((await refusal(hold({ seats: ["s1r1n7", "s1r1n8"], code: "not-the-code" })))[1]).toBe("code-not-valid");
    const fans = await hold({ seats: ["s1r1n7", "s1r1n8"], code: grant.code });
    expect(fans.hold.seats).toHaveLength(2);
    await buyer.release(fans.hold.id);
    const list = `GET ${room}/schedules/${show.scheduleId}/blocks`;
    const items = await house.api.call(list, z.object({ items: z.array(anything) }), by);
    expect(items).toMatchObject({ items: [{ number: 1, reason: "카메라", channel: "팬클럽", taken: 0 }] });
    await house.api.call(`POST ${room}/blocks/${block.number}/release`, blocked, { ...by, body: {} });
    const logged = async (): Promise<string> => {
      const query = "select action, detail from audit_log where performance_id = $1 order by at";
      return JSON.stringify((await house.sql.query(query, [show.id])).rows);
    };
    await expect.poll(logged, RECORDED).toMatch(/"block".*"grant".*"unblock"/);
    expect(await logged()).not.toContain(grant.code);
  });
});

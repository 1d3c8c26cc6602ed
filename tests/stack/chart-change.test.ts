/** Another chart while a date sells: over HTTP, in Postgres, on an open seat page, and from the organiser's console. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { demoOrganiser, demoPassword } from "../../dev/demo/accounts.ts";
import { ApiFailure } from "../../dev/demo/client.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import type { Chart, ChartSeat } from "../../durable-objects/performance/seats/chart.ts";
import { Buyer } from "./buyer.ts";
import type { House, Show } from "./house.ts";
import { DESK, onStage, type Stage } from "./stage.ts";

const RECORDED = { timeout: 30_000, interval: 200 };
const LIVE = { timeout: 20_000 };
const anything = z.looseObject({});
const changed = z.object({ version: z.number(), places: z.number(), report: z.looseObject({ ok: z.boolean() }) });
const planned = z.looseObject({ chart: z.unknown(), chartVersion: z.number() });
const snapshot = z.looseObject({ chart: z.number(), sections: z.array(z.looseObject({ statuses: z.string() })) });

let stage: Stage;
let house: House;
let show: Show;

const first: Chart = { ...gridChart(3, 6), name: "바뀌는 극장" };

/** Without some seats, and with one more at the left end of a row. */
function next({ without = [], added }: { readonly without?: readonly string[]; readonly added: string }): Chart {
  const seat: ChartSeat = { id: added, label: added, grade: "S", x: -1, y: 0 };
  return {
    ...first,
    sections: first.sections.map((section) => ({
      ...section,
      rows: section.rows.map((row, index) => {
        const seats = row.seats.filter(({ id }) => !without.includes(id));
        return { ...row, seats: index === 0 ? [seat, ...seats] : seats };
      }),
    })),
  };
}

onStage(async (set) => {
  stage = set;
  ({ house } = set);
  show = await house.openIn(first, { S: 110_000, A: 90_000, B: 70_000 }, { title: "도면이 바뀌는 공연" });
});

function change(chart: unknown, scheduleId = show.scheduleId): Promise<z.infer<typeof changed>> {
  const route = `PUT /api/organizer/performances/${show.id}/schedules/${scheduleId}/chart`;
  return house.api.call(route, changed, { token: house.organiser, body: { chart } });
}

async function refusal(asked: Promise<unknown>): Promise<ApiFailure> {
  const failure: unknown = await asked.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof ApiFailure)) throw new Error("not refused");
  return failure;
}

const plan = (version: string) =>
  house.api.call(`GET /api/performances/${show.id}/schedules/${show.scheduleId}/chart${version}`, planned);
const logged = async (): Promise<string> => {
  const query = "select actor, action, detail from audit_log where performance_id = $1 order by at";
  return JSON.stringify((await house.sql.query(query, [show.id])).rows);
};

describe("a new chart for a date that sells", () => {
  it("may not touch what somebody has, and otherwise counts from then on for everybody", async () => {
    const [ann, ben] = [await Buyer.inside(house, show), await Buyer.inside(house, show)];
    const bought = await ann.buy(["r1s1"]);
    const kept = await ben.hold(["r2s3", "r2s4"]);
    // Copies of the chart are in the lobbies from here on.
    expect(await plan("")).toMatchObject({ chartVersion: 1 });

    const refused = await refusal(change(next({ without: ["r1s1", "r2s4", "r3s6"], added: "n1" })));
    expect([refused.status, refused.code, refused.evidence]).toEqual([
      409,
      "chart-touches-seats",
      {
        count: 2,
        seats: [
          { id: "r1s1", change: "removed", because: "sold" },
          { id: "r2s4", change: "removed", because: "held" },
        ],
      },
    ]);
    expect(await plan("?version=2")).toMatchObject({ chartVersion: 1 });

    const second = next({ without: ["r2s1", "r3s6"], added: "n1" });
    expect(await change(second)).toMatchObject({ version: 2, places: 17, report: { ok: true } });
    expect(await change(second)).toMatchObject({ version: 2, places: 17 });
    const rows = [{ seats: [{ id: "n1" }, { id: "r1s1" }, {}, {}, {}, {}, {}] }, {}, {}];
    await expect
      .poll(() => plan("?version=2"), LIVE)
      .toMatchObject({ chartVersion: 2, chart: { sections: [{ rows }] } });
    const seats = async () => {
      const path = `GET ${ben.room}/schedules/${show.scheduleId}/seats`;
      return house.api.call(path, snapshot, { token: ben.token, headers: { "booking-pass": ben.pass } });
    };
    // n1 is free, r1s1 sold, and in the second row, which lost its first seat, the held ones come one earlier.
    await expect.poll(seats, LIVE).toMatchObject({ chart: 2, sections: [{ statuses: "05000000220000000" }] });

    const order = await ben.order(kept.id);
    expect(order.seats.map(({ id }) => id)).toEqual(["r2s3", "r2s4"]);
    expect(await ben.pay(order.id)).toMatchObject({ status: "paid" });
    const cem = await Buyer.inside(house, show);
    expect(await cem.buy(["n1"])).toMatchObject({ status: "paid", amount: 110_000 });
    expect((await refusal(cem.hold(["r2s1"]))).code).toMatch(/unknown-seat|session-ended/);
    expect(await ann.cancel(bought.id)).toMatchObject({ id: bought.id });
    // What was given back has a history for ever.
    expect((await refusal(change(next({ without: ["r1s1"], added: "n1" })))).code).toBe("chart-touches-seats");
  });

  it("is the date's hall in the records, which nobody else is offered, and publishing again agrees with it", async () => {
    const { rows } = await house.sql.query<{ seats: number; revises: string | null; chart_version: number }>(
      "select h.seats, h.revises, s.chart_version from schedules s join halls h on h.id = s.hall_id where s.id = $1",
      [show.scheduleId],
    );
    expect(rows[0]).toMatchObject({ seats: 17, chart_version: 2 });
    const list = z.object({ items: z.array(z.looseObject({ id: z.string(), name: z.string() })) });
    const { items } = await house.api.call("GET /api/organizer/halls?limit=100", list, { token: house.organiser });
    expect(items.filter(({ name }) => name === first.name).map(({ id }) => id)).toEqual([rows[0]?.revises]);
    expect(await house.count("halls where revises is not null")).toBe(1);
    const again = `POST /api/organizer/performances/${show.id}/publish`;
    expect(await house.api.call(again, anything, { token: house.organiser })).toMatchObject({
      schedules: 1,
      seats: 17,
    });
    const dates = z.looseObject({ items: z.array(z.looseObject({ seats: z.number() })) });
    const seats = async () =>
      (await house.api.call(`GET /api/performances/${show.id}/schedules`, dates)).items[0]?.seats;
    await expect.poll(seats, RECORDED).toBe(17);
    await expect.poll(logged, RECORDED).toMatch(/"change-chart","detail"/);
    expect(await logged()).toMatch(
      /change-chart\.requested.*chart-touches-seats.*change-chart\.requested.*"outcome":"done"/,
    );
  });

  it("is refused to strangers, for dates that are not there, for what is no chart, and where a grade has no price", async () => {
    const chart = next({ added: "n1" });
    expect((await refusal(change(chart, crypto.randomUUID()))).code).toBe("unknown-schedule");
    expect((await refusal(change({ ...chart, name: "<b>" }))).code).toBe("invalid-request");
    expect((await refusal(change({ ...chart, padding: "x".repeat(9_000_000) }))).code).toBe("chart-too-large");
    const unpriced = JSON.parse(JSON.stringify(chart).replaceAll('"B"', '"VIP"')) as unknown;
    const named = await refusal(change(unpriced));
    expect([named.code, named.evidence]).toEqual(["unknown-grade", { grade: "VIP" }]);
    const { token } = await house.member();
    const route = `PUT /api/organizer/performances/${show.id}/schedules/${show.scheduleId}/chart`;
    expect((await refusal(house.api.call(route, anything, { token, body: { chart } }))).code).toBe("role-required");
  });
});

describe("in a browser", () => {
  it("the organiser uploads it, is told what stands in the way, and an open seat page draws it anew", async () => {
    const account = { email: "chooser@ticketping.test", password: "a long enough one", nickname: "관객" };
    await house.api.call("POST /api/auth/signup", z.unknown(), { body: account });
    const fan = await stage.visit({ width: 1_000, height: 800 });
    try {
      const { page } = fan;
      await page.goto(`/performance?id=${show.id}`);
      await fan.press("join");
      await page.waitForURL(/\/login/);
      await fan.signIn(account.email, account.password);
      await page.waitForURL(({ pathname }) => pathname === "/waiting");
      await page.locator("#enter:visible").click();
      await page.waitForSelector('[data-live="true"]');
      await fan.press("view-list");
      await page.locator('[data-seat-id="r3s2"]').click();
      await expect.poll(() => page.locator(".chosen li").count(), LIVE).toBe(1);

      const visit = await stage.visit(DESK);
      const desk = visit.page;
      await desk.goto(`/login?next=${encodeURIComponent(`/organizer/sale?id=${show.id}`)}`);
      await visit.signIn(demoOrganiser.email, demoPassword);
      await desk.waitForSelector("#seats-of");
      await desk.selectOption("#seats-of", show.scheduleId);
      await visit.press("new-chart");
      const upload = (chart: Chart) =>
        desk.setInputFiles("#new-chart-file", {
          name: "hall.json",
          mimeType: "application/json",
          buffer: Buffer.from(JSON.stringify(chart)),
        });
      await upload(next({ without: ["r2s1", "r2s4"], added: "n1" }));
      await desk.waitForSelector('[data-report="ok"]');
      await visit.press("change-chart");
      await desk.waitForSelector('[data-untouchable="1"]');
      expect(await desk.locator("[data-untouchable] li").innerText()).toContain("r2s4");
      await upload(next({ without: ["r2s1", "r3s5", "r3s6"], added: "n1" }));
      await desk.waitForSelector('[data-report="ok"]');
      await visit.press("change-chart");
      await desk.waitForSelector('[data-said="chart-changed"]');
      expect(visit.complaints.filter((said) => !said.includes("409"))).toEqual([]);

      await page.waitForSelector('[data-seat-id="r3s5"]', { state: "detached" });
      await expect.poll(() => page.locator(".chosen li").count(), LIVE).toBe(1);
      await fan.press("hold");
      await page.waitForSelector("[data-hold-id]");
      expect(await page.locator("[data-hold-id] li").count()).toBe(1);
      expect(fan.complaints).toEqual([]);
    } finally {
    }
  });
});

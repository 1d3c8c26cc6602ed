/**
 * The day of the sale in a real browser: every figure is there, comes by itself, and is what another source says; and what
 * an organiser presses is seen by the fans who wait.
 */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readSecrets } from "../../dev/secrets.ts";
import { whatIf } from "../../web/organizer/sale/what-if.ts";
import { Buyer } from "./buyer.ts";
import type { House, Show } from "./house.ts";
import { Dashboard, LATE, Line, paintedSeats } from "./dashboard.ts";
import { Live } from "./live.ts";
import { onStage, PHONE, type Stage } from "./stage.ts";
import { operate } from "./waiting-journey.ts";

const BOOKING_SECONDS = 600;

const liveAnswer = z.looseObject({
  status: z.looseObject({
    phase: z.string(),
    waiting: z.number(),
    present: z.number().optional(),
    sessions: z.number(),
    capacity: z.number(),
    ratePerMinute: z.number(),
    flowPerMinute: z.number(),
    notice: z.string().nullable(),
  }),
  admittedTotal: z.number(),
  absent: z.number(),
  returned: z.number(),
  outboxDepth: z.number(),
  unknownPayments: z.number(),
  grades: z.array(
    z.object({ grade: z.string(), free: z.number(), sold: z.number(), value: z.number(), total: z.number() }),
  ),
});
const point = z.tuple([z.number(), z.number(), z.number()]);
const fansFrame = z.looseObject({ status: z.looseObject({ waits: z.array(point) }) });

let stage: Stage;
let house: House;

onStage((set) => {
  stage = set;
  ({ house } = set);
});

const live = (show: Show): Promise<z.infer<typeof liveAnswer>> =>
  house.api.call(`GET /api/organizer/performances/${show.id}/live`, liveAnswer, { token: house.organiser });

async function batches(show: Show): Promise<number> {
  const headers = { authorization: `Bearer ${readSecrets().METRICS_TOKEN}` };
  const text = await (await fetch(new URL("/metrics", house.where.origin), { headers })).text();
  const count = "ticketping_batch_commands_count";
  return Number(
    text
      .split("\n")
      .find((one) => one.startsWith(count) && one.includes(show.id))
      ?.split(" ")
      .at(-1),
  );
}

/** Somebody who waits on a socket, as a page does. */
async function waiting(show: Show): Promise<{ readonly buyer: Buyer; readonly socket: Live }> {
  const buyer = new Buyer(house, show, (await house.member()).token);
  await buyer.join();
  return { buyer, socket: await Live.open(house.where.origin, `${buyer.room}/live`, buyer.token) };
}

const whole = (value: number): string => value.toLocaleString("ko");
const won = (value: number): string => `${whole(value)}원`;
const seconds = (text: string): number => {
  const [, number = "", unit] = /^([\d,]+)(초|분)$/.exec(text) ?? [];
  return Number(number.replaceAll(",", "")) * (unit === "분" ? 60 : 1);
};

describe("the day of the sale", () => {
  it("shows every figure, pushed, as another source has it", async () => {
    const show = await house.open({
      title: "오늘",
      rows: 4,
      columns: 5,
      settings: { capacity: 2, ratePerMinute: 500 },
    });
    const desk = await Dashboard.open(stage, show);
    const { page } = desk;
    expect(await page.getAttribute("[data-verdict]", "data-verdict")).toBe("good");
    for (const field of ["waiting", "present", "admitted", "absent", "returned", "paid", "failures", "unknown"])
      await desk.shows(field, "0");
    await desk.shows("wait-measured", "–");

    const from = await desk.next();
    const loadFrom = await batches(show);

    // Two inside, three behind them.
    const [first, second] = [await Buyer.inside(house, show), await Buyer.inside(house, show)];
    const joining = Date.now();
    const [third, fourth, fifth] = [await waiting(show), await waiting(show), await waiting(show)];
    await desk.shows("waiting", "3");
    const joined = Date.now();
    await desk.shows("present", "3");
    await desk.shows("admitted", "2");
    await desk.shows("sessions", "2 / 2명");
    await desk.agrees("flow", async () => whole((await live(show)).status.flowPerMinute));
    // The range the last in line is told, of the frames that all fans get.
    await desk.agrees("wait-shown", async () => {
      const told = fifth.socket.frames.flatMap((frame) => fansFrame.safeParse(frame).data?.status ?? []);
      const last = told.at(-1)?.waits.at(-1);
      if (last === undefined) return "–";
      const [unit, name] = last[2] < 120 ? [1, "초"] : [60, "분"];
      return `${whole(Math.round(last[1] / unit))}–${whole(Math.round(last[2] / unit))}${name}`;
    });

    // One goes away without a word; one pays; whoever is next comes in.
    fourth.socket.close();
    await desk.shows("present", "2");
    const letting = Date.now();
    const sold = await first.buy(["r1s1"]);
    await third.socket.told(({ state }) => state === "admitted");
    await third.buyer.enter();
    await desk.shows("admitted", "3");
    await desk.shows("wait-measured", /[초분]$/);
    const measured = seconds(await desk.figure("wait-measured"));
    const [least, most] = [(letting - joined) / 1_000, (Date.now() - joining) / 1_000];
    expect(measured).toBeGreaterThanOrEqual(Math.floor(least));
    expect(measured).toBeLessThanOrEqual(Math.ceil(most));

    // A card that is declined, then one that is not. The absent one is passed over.
    const hold = await second.hold(["r3s1"]);
    const order = await second.order(hold.id);
    await desk.shows("to-pay", "1");
    const declined = second.confirm(order.id, await second.consent(await second.begin(order.id), "decline"));
    await expect(declined).rejects.toThrow();
    await second.pay(order.id);
    await fifth.socket.told(({ state }) => state === "admitted");
    await desk.shows("admitted", "4");
    await desk.shows("absent", "1");
    await desk.shows("to-pay", "0");
    await desk.shows("paid", "2");
    await desk.shows("failures", "1");
    expect(await house.count("payments where order_id = $1 and status = 'declined'", order.id)).toBe(1);
    await Live.open(house.where.origin, `${fourth.buyer.room}/live`, fourth.buyer.token);
    await desk.shows("returned", "1");
    await desk.shows("absent", "0");

    // Money, as the provider's books have it; seats, as their map has them.
    const prices = { S: 110_000, A: 90_000 };
    await desk.shows("sold", "2 / 20석");
    await desk.shows("value", won(prices.S + prices.A));
    await desk.shows(
      "captured",
      won((await house.moneyOf(sold.id)).captured + (await house.moneyOf(order.id)).captured),
    );
    await desk.shows("captured", won(prices.S + prices.A));
    await page.locator("#seats-of").selectOption({ index: 1 });
    await page.check('[data-action="by-grade"]');
    await page.waitForSelector('[data-seats-sold="2"]');
    for (const [grade, text] of [
      ["S", "S 1 / 10석"],
      ["A", "A 1 / 5석"],
      ["B", "B 0 / 5석"],
    ])
      await expect.poll(() => page.innerText(`[data-grade-sold="${grade}"]`), LATE).toBe(text);
    await expect.poll(() => paintedSeats(page), LATE).toEqual([1, 1, 0]);

    await operate(house, show, `POST orders/${sold.id}/cancel`, { reason: "음향 사고" });
    await desk.shows("refunded", won(prices.S));
    expect(await house.moneyOf(sold.id)).toMatchObject({ captured: prices.S, refunded: prices.S });
    await desk.shows("sold", "1 / 20석");
    await desk.shows("value", won(prices.A));
    await desk.shows("paid", "1");
    await expect.poll(() => paintedSeats(page), LATE).toEqual([0, 1, 0]);

    // While the records cannot write, what they have not heard piles up; then it is told.
    await desk.shows("outbox", "0건 · 0초");
    await house.sql.query("begin");
    await house.sql.query("lock table orders in exclusive mode");
    const last = await third.buyer.order((await third.buyer.hold(["r4s1"])).id);
    await desk.shows("outbox", /^[1-9]\d*건 · [1-9]\d*초$/);
    await desk.agrees("outbox", async () => {
      const { outboxDepth } = await live(show);
      return `${whole(outboxDepth)}건 · ${/· (.*)$/.exec(await desk.figure("outbox"))?.[1] ?? ""}`;
    });
    await house.sql.query("rollback");
    await desk.shows("outbox", "0건 · 0초");
    expect(await house.recordOf(last.id)).toMatchObject({ status: "pending" });

    // What the object was asked, added up over all that was pushed: what Prometheus counts of it, and the lobbies' ticks,
    // which bring no command. Rounded to a tenth.
    const loadTo = await batches(show);
    const pushed = desk.samples.slice(from, (await desk.next()) + 1);
    let [asked, rounded] = [0, 0];
    pushed.slice(1).forEach(({ at, callsPerSecond }, index) => {
      const passed = (at - (pushed[index]?.at ?? at)) / 1_000;
      asked += callsPerSecond * passed;
      rounded += 0.05 * passed;
    });
    expect(loadTo - loadFrom).toBeGreaterThan(10);
    expect(asked + rounded).toBeGreaterThanOrEqual(loadTo - loadFrom);
    await desk.agrees("load", () => Promise.resolve(whole(desk.samples.at(-1)?.callsPerSecond ?? -1)));
    await desk.shows("answer", /^[\d,]+ms$/);
    expect(await page.evaluate("window.first_")).toBe(true);
    expect(desk.visit.complaints).toEqual([]);
  });

  it("forecasts by the rule, and lets fans in, stops them, tells them and sends them out as pressed", async () => {
    const show = await house.open({ title: "손잡이", rows: 4, columns: 5, settings: { capacity: 1 } });
    const desk = await Dashboard.open(stage, show);
    const { page, visit } = desk;
    const inside = await Buyer.inside(house, show);
    const fan = await stage.visit(PHONE, (await house.member()).token);
    await fan.page.goto(`/waiting?performance=${show.id}`);
    await fan.page.waitForSelector('[data-screen="waiting"]');
    await desk.shows("waiting", "1");

    // The what-if: the rule's own answer for what the sale says of itself.
    await page.fill("#rate", "30");
    await page.fill("#capacity", "7");
    const words = async (): Promise<string> => page.innerText('[data-forecast="other"]');
    const ruled = async (): Promise<string> => {
      const { status, admittedTotal: admitted, grades } = await live(show);
      const [seatsFree, seatsSold] = [
        grades.reduce((n, { free }) => n + free, 0),
        grades.reduce((n, { sold }) => n + sold, 0),
      ];
      const { waiting: people, sessions, flowPerMinute } = status;
      const now = {
        waiting: people,
        sessions,
        admitted,
        flowPerMinute,
        seatsFree,
        seatsSold,
        bookingSeconds: BOOKING_SECONDS,
      };
      const { perMinute, soldOutMinutes, served } = whatIf(now, { capacity: 7, ratePerMinute: 30 });
      const pace = perMinute.toLocaleString("ko", { maximumFractionDigits: perMinute < 10 ? 1 : 0 });
      expect([soldOutMinutes, served]).toEqual([null, 1]);
      return `이렇게 하면\n1분에 약 ${pace}명이 들어옵니다.\n지금 기다리는 사람만으로는 매진되지 않습니다.\n마지막에 들어오는 사람은 약 1분 안쪽 기다립니다. 기다리는 1명 가운데 1명이 좌석을 고를 수 있습니다.`;
    };
    await expect.poll(async () => (await words()).replaceAll(/\n+/g, "\n"), LATE).toBe(await ruled());

    // A notice, on the fan's screen; one that was changed elsewhere, on this one.
    await page.fill("#notice", "늦게 온 사람도 들어갈 수 있습니다. 👋🏽");
    await visit.press("notice");
    await fan.page.locator("#notice:visible", { hasText: "늦게 온 사람도" }).waitFor();
    await operate(house, show, "POST notice", { text: "다른 곳에서 고친 안내문" });
    await expect.poll(() => page.inputValue("#notice"), LATE).toBe("다른 곳에서 고친 안내문");
    await visit.press("clear-notice");
    await fan.page.waitForSelector("#notice", { state: "hidden" });

    // The dialog is called what it asks, and Escape leaves everything as it is.
    await visit.press("close-sale");
    await page.getByRole("dialog", { name: "예매를 끝낼까요?" }).waitFor();
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await visit.press("pause");
    await page.getByRole("dialog", { name: "예매를 멈출까요?" }).waitFor();
    await visit.press("pause-confirm");
    await page.waitForSelector('[data-verdict="paused"]');
    await fan.page.waitForSelector('[data-screen="paused"]');
    await expect(inside.hold(["r1s1"])).rejects.toThrow(/sale-paused|paused/);
    await visit.press("resume");
    await page.waitForSelector('[data-verdict="good"]');
    await fan.page.waitForSelector('[data-screen="waiting"]');

    // A limit of zero with somebody waiting is no calm screen; a larger one lets them in.
    await page.fill("#capacity", "0");
    await visit.press("apply-limits");
    await page.waitForSelector('[data-verdict="bad"] [data-worry="shut"]');
    await page.fill("#capacity", "2");
    await visit.press("apply-limits");
    await fan.page.waitForSelector('[data-screen="admitted"]');
    await page.waitForSelector('[data-verdict="good"]');
    await desk.shows("sessions", "2 / 2명");

    // Everybody out: passes are worth nothing, and the fan's screen says so.
    await fan.page.locator("#enter:visible").click();
    await fan.page.waitForSelector('[data-live="true"]');
    await visit.press("revoke-all");
    await visit.press("revoke-all-confirm");
    await desk.shows("sessions", "0 / 2명");
    await expect(inside.hold(["r1s1"])).rejects.toThrow();
    await visit.press("close-sale");
    await visit.press("close-sale-confirm");
    await page.waitForSelector('[data-phase="closed"]');
    expect((await live(show)).status.phase).toBe("closed");
    const done = ["notice", "pause", "resume", "limits", "revoke-all", "close"];
    for (const action of done)
      await expect
        .poll(() => house.count("audit_log where performance_id = $1 and action = $2", show.id, action), LATE)
        .toBeGreaterThan(0);
    expect(visit.complaints).toEqual([]);
  });

  it("says that its figures are old while the connection is away, and goes on by itself", async () => {
    const show = await house.open({ title: "끊김", rows: 2, columns: 5 });
    const line = new Line();
    const desk = await Dashboard.open(stage, show, line);
    const { page } = desk;
    await line.cut();
    await page.waitForSelector('[data-verdict="bad"] [data-worry="offline"]');
    await (await Buyer.inside(house, show)).buy(["r1s1"]);
    expect(await desk.figure("sold")).toBe("0 / 10석");
    line.mend();
    await page.waitForSelector('[data-verdict="good"]');
    await desk.shows("sold", "1 / 10석");
    expect(await page.evaluate("window.first_")).toBe(true);
  });
});

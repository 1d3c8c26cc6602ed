/** The waiting room in a real browser: every screen of it, in both languages, and nothing that moves while one waits. */
import type { WebSocketRoute } from "playwright-core";
import { describe, expect, it } from "vitest";
import { look, lookOpened } from "./axe.ts";
import type { Visit } from "./browser.ts";
import { Buyer } from "./buyer.ts";
import type { House, Show } from "./house.ts";
import { onStage, PHONE, type Stage } from "./stage.ts";
import { joined, operate, spokenOn, waitThrough } from "./waiting-journey.ts";

const HOUR = 3_600_000;
const LATE = { timeout: 30_000 };
/** Whoever is gone is missed when their connection ends, or at the latest when their lease of 45 s does. */
const LEASE = { timeout: 75_000 };
const iso = (ms: number): string => new Date(ms).toISOString();

let stage: Stage;
let house: House;

onStage((set) => {
  stage = set;
  ({ house } = set);
});

/** Somebody who waits with a browser; who they are. */
async function waiter(show: Show): Promise<Visit & { readonly member: string }> {
  const { id, token } = await house.member();
  const visit = await stage.visit(PHONE, token);
  await visit.page.goto(`/waiting?performance=${show.id}`);
  return Object.assign(visit, { member: id });
}

/** Somebody who waits behind one other, on a live connection that a test can cut; `away`: no new one can be made. */
async function behindOne(title: string, away: () => boolean = () => false) {
  const show = await house.open({ title, rows: 2, columns: 3, settings: { capacity: 1 } });
  await Buyer.inside(house, show);
  const [ahead] = await joined(house, show, 1);
  const { token } = await house.member();
  const visit = await stage.visit(PHONE, token);
  const { page } = visit;
  const sockets: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/live/, async (socket) => {
    if (away()) return socket.close({ code: 1_012 });
    socket.connectToServer();
    sockets.push(socket);
  });
  await page.goto(`/waiting?performance=${show.id}`);
  await page.waitForSelector('#contact[data-how="live"]');
  await expect.poll(() => page.innerText("#ahead"), LATE).toBe("1명");
  return { visit, ahead, sockets };
}

const screenOf = (visit: Visit, screen: string): Promise<unknown> =>
  visit.page.waitForSelector(`[data-screen="${screen}"]`);

/** Milliseconds; timers keep to them but for their own granularity. */
const SENTENCES_APART_MS = 3_990;
const PLACES_APART_MS = 29_990;
const pauses = (said: readonly { readonly at: number }[]): readonly number[] =>
  said.slice(1).map(({ at }, index) => at - (said[index]?.at ?? 0));

describe("while somebody waits", () => {
  it.each([
    ["a small phone", 360, 740],
    ["a desk", 1_280, 900],
  ])("on %s nothing moves, whatever happens: places, notices, a pause, one's turn", async (where, width, height) => {
    const visit = stage.ends(await waitThrough(house, stage.browser, { where, width, height }));
    await expect.poll(() => visit.page.getAttribute("#icon", "href")).toBe("/turn.svg");
    expect(await visit.page.title()).toContain("입장할 차례입니다");
    expect(await visit.shifts()).toEqual([]);
    // A screen reader hears the last of it, too, but never one sentence upon the other, nor every step of the queue.
    await expect.poll(async () => (await spokenOn(visit)).at(-1)?.text, LATE).toContain("입장할 차례입니다");
    const said = await spokenOn(visit);
    expect(said.length).toBeGreaterThan(1);
    expect(pauses(said).filter((pause) => pause < SENTENCES_APART_MS)).toEqual([]);
    const places = said.filter(({ text }) => text.startsWith("내 앞에"));
    expect(pauses(places).filter((pause) => pause < PLACES_APART_MS)).toEqual([]);
    expect(visit.complaints).toEqual([]);
  });
});

describe("every screen of the waiting room", () => {
  it("is for everybody: before, gathering, sealed", async () => {
    const later = iso(Date.now() + HOUR);
    const before = await house.open({ title: "아직", rows: 2, columns: 3, settings: { openAt: later } });
    const soon = await waiter(before);
    await screenOf(soon, "before");
    await look(soon, "waiting-before");
    const gatherAt = iso(Date.now() - HOUR);
    const draw = await house.open({ title: "추첨", rows: 2, columns: 3, settings: { gatherAt, openAt: later } });
    const gathering = await waiter(draw);
    await screenOf(gathering, "gathering");
    await gathering.page.waitForSelector("#gathered:visible");
    await look(gathering, "waiting-gathering");
    const openAt = iso(Date.now() + 58_000);
    const closing = await house.open({ title: "마감", rows: 2, columns: 3, settings: { gatherAt, openAt } });
    const sealed = await waiter(closing);
    await screenOf(sealed, "sealed");
    await look(sealed, "waiting-sealed", { dark: false });
    for (const visit of [soon, gathering, sealed]) expect(visit.complaints.filter(unexpected)).toEqual([]);
  });

  it("is for everybody: waiting, paused, leaving, one's turn, inside, sent out", async () => {
    const show = await house.open({ title: "차례", rows: 2, columns: 3, settings: { capacity: 1 } });
    await Buyer.inside(house, show);
    const visit = await waiter(show);
    const { page } = visit;
    await screenOf(visit, "waiting");
    await operate(house, show, "POST notice", { text: "입장은 일곱 시부터입니다." });
    await page.waitForSelector("#notice:visible");
    await look(visit, "waiting");
    await operate(house, show, "POST notice", { text: null });
    await lookOpened(visit, "waiting-leaving", {
      open: async () => {
        await visit.press("leave");
        await page.waitForSelector("dialog[open]");
      },
      close: () => visit.press("leave-keep"),
    });
    await operate(house, show, "POST pause");
    await screenOf(visit, "paused");
    await look(visit, "waiting-paused");
    await operate(house, show, "POST resume");
    await operate(house, show, "PATCH settings", { capacity: 5 });
    await screenOf(visit, "admitted");
    await look(visit, "waiting-admitted");
    await visit.press("enter");
    await page.waitForURL(({ pathname }) => pathname === "/seats");
    await page.goBack();
    await screenOf(visit, "entered");
    await look(visit, "waiting-entered");
    await operate(house, show, "POST revoke-all");
    await screenOf(visit, "ended");
    await look(visit, "waiting-ended");
    await operate(house, show, "POST revoke", { memberId: visit.member });
    await screenOf(visit, "revoked");
    await look(visit, "waiting-revoked");
    expect(visit.complaints.filter(unexpected)).toEqual([]);
  });

  it("is for everybody: sold out while waiting, seats that come back, closed, too late, no performance at all", async () => {
    const show = await house.open({ title: "한 자리", rows: 1, columns: 1, settings: { capacity: 1 } });
    const first = await Buyer.inside(house, show);
    const visit = await waiter(show);
    await screenOf(visit, "waiting");
    const order = await first.buy(["r1s1"]);
    await screenOf(visit, "soldout");
    await expect.poll(() => visit.page.getAttribute("#icon", "href")).toBe("/still.svg");
    await look(visit, "waiting-soldout");
    await first.cancel(order.id);
    // The place was kept: it is their turn.
    await screenOf(visit, "admitted");
    await operate(house, show, "POST close");
    const late = await waiter(show);
    await screenOf(late, "closed");
    await look(late, "waiting-closed");
    await late.page.goto("/waiting");
    await late.page.waitForSelector("#back:visible");
    await look(late, "waiting-nothing");
    await late.page.goto(`/waiting?performance=${crypto.randomUUID()}`);
    await screenOf(late, "refused");
    await look(late, "waiting-refused");
    for (const one of [visit, late]) expect(one.complaints.filter(unexpected)).toEqual([]);
  });
});

describe("somebody whom the organiser sends out", () => {
  it.each(["waiting", "paused", "gathering"])("is told while they wait, and presses nothing: %s", async (screen) => {
    const soon = { gatherAt: iso(Date.now() - HOUR), openAt: iso(Date.now() + HOUR) };
    const settings = screen === "gathering" ? soon : { capacity: 1 };
    const show = await house.open({ title: `내보내기 ${screen}`, rows: 2, columns: 3, settings });
    const first = screen === "gathering" ? screen : "waiting";
    if (first === "waiting") await Buyer.inside(house, show);
    const visit = await waiter(show);
    await screenOf(visit, first);
    const behind = await waiter(show);
    await screenOf(behind, first);
    if (screen === "paused") await operate(house, show, "POST pause");
    await screenOf(visit, screen);
    await operate(house, show, "POST revoke", { memberId: visit.member });
    await screenOf(visit, "revoked");
    // Their place holds up nobody, and coming back changes nothing.
    await expect.poll(async () => (await house.figures(show)).status["waiting"], LATE).toBe(1);
    await visit.page.reload();
    await screenOf(visit, "revoked");
    await screenOf(behind, screen);
    for (const one of [visit, behind]) expect(one.complaints.filter(unexpected)).toEqual([]);
  });
});

describe("somebody whose turn came while they were away", () => {
  it("is told so when they are back, and is next when they say that they are here", async () => {
    const show = await house.open({ title: "자리 비움", rows: 2, columns: 3, settings: { capacity: 1 } });
    const first = await Buyer.inside(house, show);
    const visit = await waiter(show);
    const { page } = visit;
    await screenOf(visit, "waiting");
    // A connection that is not made yet when its page goes is never seen to end: then only its lease would.
    await page.waitForSelector('#contact[data-how="live"]');
    const behind = await waiter(show);
    await screenOf(behind, "waiting");
    await behind.page.waitForSelector('#contact[data-how="live"]');
    await page.goto("/");
    await expect.poll(async () => (await house.figures(show)).status["present"], LEASE).toBe(1);
    await first.leave();
    await screenOf(behind, "admitted");
    await behind.press("enter");
    await behind.page.waitForURL(({ pathname }) => pathname === "/seats");

    await page.goto(`/waiting?performance=${show.id}`);
    await screenOf(visit, "passed");
    await look(visit, "waiting-passed");
    await visit.press("join");
    await operate(house, show, "PATCH settings", { capacity: 2 });
    await screenOf(visit, "admitted");
    for (const one of [visit, behind]) expect(one.complaints.filter(unexpected)).toEqual([]);
  });
});

describe("somebody who looks elsewhere", () => {
  it("is called by sound and notification if they asked for it", async () => {
    const show = await house.open({ title: "알림", rows: 2, columns: 3, settings: { capacity: 1 } });
    await Buyer.inside(house, show);
    const visit = await waiter(show);
    const { page } = visit;
    await page.addInitScript(RECORD_CALLS);
    await page.reload();
    await screenOf(visit, "waiting");
    await visit.press("alert");
    await page.waitForSelector('#alert[aria-pressed="true"]');
    await look(visit, "waiting-bell", { widths: [360] });
    const heard = Number(await page.evaluate("window.tones_"));
    expect(heard).toBeGreaterThan(0);
    await operate(house, show, "PATCH settings", { capacity: 5 });
    await screenOf(visit, "admitted");
    await expect.poll(() => page.evaluate("window.called_")).toEqual(["입장할 차례입니다"]);
    await expect.poll(async () => Number(await page.evaluate("window.tones_"))).toBe(2 * heard);
    expect(visit.complaints).toEqual([]);
  });
});

describe("a place in the queue", () => {
  it("is the same in two tabs, and going in with one shows in the other", async () => {
    const show = await house.open({ title: "두 탭", rows: 2, columns: 3, settings: { capacity: 1 } });
    await Buyer.inside(house, show);
    await joined(house, show, 2);
    const visit = await waiter(show);
    const { page, context } = visit;
    await screenOf(visit, "waiting");
    const number = await page.innerText("#number");
    expect(number).toBe("4");
    const other = await context.newPage();
    await other.goto(page.url());
    await other.waitForSelector('[data-screen="waiting"]');
    await expect.poll(() => other.innerText("#number"), LATE).toBe(number);
    expect((await house.figures(show)).status.joined).toBe(4);

    await operate(house, show, "PATCH settings", { capacity: 50 });
    for (const tab of [page, other]) await tab.waitForSelector('[data-screen="admitted"]');
    await other.click("#enter");
    await other.waitForURL(({ pathname }) => pathname === "/seats");
    await page.waitForSelector('[data-screen="entered"]');
    expect(visit.complaints.filter(unexpected)).toEqual([]);
  });

  it("given up in one tab is given up in the other, which says so and joins again only when asked", async () => {
    const show = await house.open({ title: "나가기", rows: 2, columns: 3, settings: { capacity: 1 } });
    await Buyer.inside(house, show);
    const visit = await waiter(show);
    const { page, context } = visit;
    await page.waitForSelector('#contact[data-how="live"]');
    const other = await context.newPage();
    await other.goto(page.url());
    await other.waitForSelector('[data-screen="waiting"]');
    for (const action of ["leave", "leave-confirm"]) await other.click(`[data-action="${action}"]`);
    await other.waitForURL(({ pathname }) => pathname === "/performance");
    await screenOf(visit, "left");
    await look(visit, "waiting-left");

    // Others go in, past the place that was given up: nobody joins for whoever left.
    await operate(house, show, "PATCH settings", { capacity: 5 });
    await Buyer.inside(house, show);
    expect((await house.figures(show)).status.joined).toBe(3);
    await screenOf(visit, "left");
    await visit.press("join");
    await screenOf(visit, "admitted");
    expect((await house.figures(show)).status.joined).toBe(4);
    expect(visit.complaints.filter(unexpected)).toEqual([]);
  });
});

describe("without a connection", () => {
  it("in a rush the page shows the place at once, and opens its connection when the answer says so", async () => {
    const show = await house.open({ title: "몰림", rows: 2, columns: 3, settings: { capacity: 1 } });
    await Buyer.inside(house, show);
    const { token } = await house.member();
    const visit = await stage.visit(PHONE, token);
    const { page } = visit;
    // What a lobby answers among thousands of others; everything else of it is this lobby's.
    let rush = true;
    await page.route(/\/queue$/, async (route) => {
      const response = await route.fetch();
      const answer: unknown = await response.json();
      await route.fulfill({ response, json: Object.assign({}, answer, rush ? { connectAfterMs: HOUR } : {}) });
    });
    const sockets: string[] = [];
    page.on("websocket", (socket) => sockets.push(socket.url()));
    await page.goto(`/waiting?performance=${show.id}`);
    await screenOf(visit, "waiting");
    await expect.poll(() => page.innerText("#number"), LATE).toBe("2");
    await page.waitForSelector('#contact[data-how="polling"]');
    expect(sockets).toEqual([]);
    rush = false;
    await page.waitForSelector('#contact[data-how="live"]');
    expect(sockets).toHaveLength(1);
    expect(visit.complaints.filter(unexpected)).toEqual([]);
  });

  it("the page says so, keeps the place, and knows where it stands once there is one again", async () => {
    const { visit, ahead, sockets } = await behindOne("끊김");
    const { page, context } = visit;

    // Being offline lets no new connection begin, but cuts none that is open.
    await context.setOffline(true);
    for (const socket of sockets) await socket.close();
    await page.waitForSelector('#contact[data-how="offline"]');
    expect(await page.innerText("#ahead")).toBe("1명");
    await ahead?.leave();
    await context.setOffline(false);
    await page.waitForSelector('#contact[data-how="live"]');
    await expect.poll(() => page.innerText("#ahead"), LATE).toBe("0명");
    expect(await page.innerText("#number")).toBe("3");
    expect(visit.complaints.filter(unexpected)).toEqual([]);
  });

  it("through a deploy, which cuts every connection and answers nothing for a while, the page keeps the place and comes back", async () => {
    let away = false;
    const { visit, ahead, sockets } = await behindOne("배포 중", () => away);
    const { page } = visit;
    await page.route(/\/queue$/, (route) => (away ? route.fulfill({ status: 502, body: "" }) : route.continue()));

    away = true;
    for (const socket of sockets.splice(0)) await socket.close({ code: 1_012 });
    await page.waitForSelector('#contact[data-how="offline"]');
    expect([await page.innerText("#ahead"), await page.innerText("#number")]).toEqual(["1명", "3"]);
    await look(visit, "waiting-deploy");
    await ahead?.leave();
    away = false;
    await page.waitForSelector('#contact[data-how="live"]', { timeout: 60_000 });
    await expect.poll(() => page.innerText("#ahead"), LATE).toBe("0명");
    expect(await page.innerText("#number")).toBe("3");
    expect(visit.complaints.filter((one) => unexpected(one) && !one.includes("502"))).toEqual([]);
  });

  it("a phone that slept, and whose connection ended meanwhile, shows where it stands as soon as it wakes", async () => {
    const { visit, ahead, sockets } = await behindOne("잠든 전화");
    const { page, context } = visit;

    const devtools = await context.newCDPSession(page);
    await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
    for (const socket of sockets.splice(0)) await socket.close({ code: 1_001 });
    await ahead?.leave();
    await devtools.send("Page.setWebLifecycleState", { state: "active" });
    await page.waitForSelector('#contact[data-how="live"]', { timeout: 60_000 });
    await expect.poll(() => page.innerText("#ahead"), LATE).toBe("0명");
    expect(await page.innerText("#number")).toBe("3");
    expect(visit.complaints.filter(unexpected)).toEqual([]);
  });
});

/** A browser without a screen shows no notification to anybody: what would be shown is noted down, and what is played. */
const RECORD_CALLS = `{
  window.called_ = [];
  window.tones_ = 0;
  window.Notification = class {
    static permission = "default";
    static async requestPermission() { return (this.permission = "granted"); }
    constructor(title) { window.called_.push(title); }
  };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (from) { window.tones_ += 1; return start.call(this, from); };
}`;

/** The page's own 401, 403, 404 and 409 are how it learns what to show. */
const unexpected = (complaint: string): boolean => !/status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(complaint);

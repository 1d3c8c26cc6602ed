/**
 * A provider that is down, an organiser's mistakes, records that refuse an event, and sales whose objects went back or
 * are lost: each goes wrong first, and is mended by the script the runbook names.
 */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { gridChart } from "../../dev/demo/halls.ts";
import { PORTS } from "../../dev/ports.ts";
import type { ListeningServer } from "../../dev/http-server.ts";
import { ensureSecrets, readSecrets } from "../../dev/secrets.ts";
import { startStack } from "../../dev/stack.ts";
import { startTossSandbox } from "../../dev/toss/server.ts";
import { openBrowser, Visit } from "./browser.ts";
import { Buyer } from "./buyer.ts";
import { forwardTo, type Forwarder } from "./forwarder.ts";
import { House, type Show } from "./house.ts";
import { freePorts } from "./ports.ts";
import { comparison, leaveAlone } from "./reconciling.ts";
import { cronAt, objectFiles, objectFolder, recoverAt, script } from "./recovering.ts";

const PATIENCE = { timeout: 90_000, interval: 200 };
const anything = z.looseObject({});

let dataDir: string;
let port: number;
let house: House;
/** A provider that outlives the stack, and the way to it. */
let toss: ListeningServer;
let toToss: Forwarder;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), "ticketping-mended-"));
  const secrets = await ensureSecrets();
  toss = await startTossSandbox({
    ...{ port: await freePorts(1), file: path.join(dataDir, "provider.sqlite") },
    ...{ secretKey: secrets.TOSS_SECRET_KEY, clientKey: secrets.TOSS_CLIENT_KEY, webhookUrl: "http://127.0.0.1:9/" },
  });
  toToss = await forwardTo({ host: "127.0.0.1", port: Number(new URL(toss.url).port) });
  port = await freePorts(PORTS);
  await start();
}, 180_000);

afterAll(async () => {
  await house?.close();
  await toToss?.close();
  await toss?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  const TOSS_API_URL = `http://127.0.0.1:${toToss.port}`;
  const stack = await startStack({ dataDir, port, demoData: false, settings: { TOSS_API_URL, ...settings } });
  house = await House.visit({ ...stack, tossUrl: toss.url }, () => stack.stop());
}

async function startAgain(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  await house.close();
  await start(settings);
}

async function recover(...args: readonly string[]): Promise<string> {
  const { status, output } = await recoverAt(house.where.origin, ...args);
  expect([status, output]).toEqual([0, expect.stringMatching(/^✓ /)]);
  return output;
}

describe("a provider that is down", () => {
  let show: Show;
  let caught: { readonly buyer: Buyer; readonly id: string };

  /** Runs the script before a stand-in for wrangler, and answers what the Worker is given by it. */
  async function put(...args: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const [tools, told] = [path.join(dataDir, "tools"), path.join(dataDir, "put.json")];
    await script("dev/provider.ts", [...args, "--env", "production"], { PATH: `${tools}:${process.env["PATH"]}` }).then(
      ({ status, output }) => expect([status, output]).toEqual([0, expect.stringContaining("✓ ")]),
    );
    const { words, value } = z
      .object({ words: z.array(z.string()), value: z.string() })
      .parse(JSON.parse(readFileSync(told, "utf8")));
    expect(words).toEqual(["secret", "put", "PROVIDERS_OFF", "--env", "production"]);
    return { PROVIDERS_OFF: value };
  }

  const offered = async (): Promise<readonly string[]> => {
    const list = z.object({ items: z.array(z.looseObject({ provider: z.string() })) });
    return (await house.api.call("GET /api/payments/providers", list)).items.map(({ provider }) => provider);
  };

  beforeAll(async () => {
    const tools = path.join(dataDir, "tools");
    const wrangler = path.join(tools, "wrangler");
    const told = JSON.stringify(path.join(dataDir, "put.json"));
    mkdirSync(tools);
    const note = `{ words: process.argv.slice(2), value: require("node:fs").readFileSync(0, "utf8") }`;
    writeFileSync(
      wrangler,
      `#!${process.execPath}\nrequire("node:fs").writeFileSync(${told}, JSON.stringify(${note}));\n`,
    );
    chmodSync(wrangler, 0o755);
    show = await house.open({ title: "결제 장애", rows: 1, columns: 4 });
  });

  it("leaves payments without an answer", async () => {
    const buyer = await Buyer.inside(house, show);
    const { id } = await buyer.order((await buyer.hold(["r1s1"])).id);
    const consent = await buyer.consent(await buyer.begin(id));
    toToss.hang();
    expect((await buyer.confirm(id, consent)).status).toBe("paying");
    caught = { buyer, id };
  });

  it("is offered to nobody once it is switched off, and what was begun with it is found out all the same", async () => {
    await startAgain(await put("off", "toss"));
    expect(await offered()).toEqual(["stripe"]);
    const buyer = await Buyer.inside(house, show);
    const { id } = await buyer.order((await buyer.hold(["r1s2"])).id);
    await expect(buyer.begin(id)).rejects.toMatchObject({ status: 404, code: "provider-not-enabled" });
    const checkout = await buyer.beginStripe(id);
    expect((await buyer.confirm(id, await buyer.agree(checkout))).status).toBe("paid");
    const again = new Buyer(house, show, caught.buyer.token);
    expect((await again.read(caught.id)).status).toBe("paying");
    toToss.recover();
    await expect.poll(async () => (await again.read(caught.id)).status, PATIENCE).toBe("paid");
    expect(await house.moneyOf(caught.id)).toMatchObject({ payments: 1, refunded: 0 });
  });

  it("is not forgotten while it is off: figures, the questions and the organiser's page say so", async () => {
    const headers = { authorization: `Bearer ${readSecrets().METRICS_TOKEN}` };
    const figures = await (await fetch(new URL("/metrics", house.where.origin), { headers })).text();
    expect(figures).toContain('ticketping_provider_offered{provider="toss"} 0');
    expect(figures).toContain('ticketping_provider_offered{provider="stripe"} 1');
    const { output } = await script("dev/questions.ts", ["--url", house.where.origin]);
    expect(output).toMatch(/✓ selling .*; toss is switched off/);
    const browser = await openBrowser();
    try {
      const { origin } = house.where;
      const { page } = await Visit.begin(browser, { origin, width: 1_280, height: 900, token: house.organiser });
      await page.goto(`/organizer/sale?id=${show.id}`);
      await expect.poll(() => page.textContent("[data-providers-off]")).toContain("Toss Payments 결제를 지금은");
      expect(await page.getAttribute("[data-providers-off]", "data-providers-off")).toBe("toss");
    } finally {
      await browser.close();
    }
  });

  it("is offered again once it is switched on", async () => {
    await startAgain(await put("on"));
    expect((await offered()).toSorted()).toEqual(["stripe", "toss"]);
    const buyer = await Buyer.inside(house, show);
    expect((await buyer.buy(["r1s3"])).status).toBe("paid");
  });

  it("is not switched by a name that is none", async () => {
    const refused = await script("dev/provider.ts", ["off", "tos", "--env", "production"]);
    expect(refused).toMatchObject({ status: 1, output: expect.stringContaining("providers are toss and stripe") });
  });
});

describe("an organiser's mistake", () => {
  let show: Show;
  let inside: Buyer;
  const status = async (): Promise<unknown> => (await house.figures(show)).status;
  const organiser = (request: string, body: unknown = {}): Promise<unknown> => {
    const [method, rest] = request.split(" ");
    const route = `${method} /api/organizer/performances/${show.id}${rest}`;
    return house.api.call(route, z.unknown(), { token: house.organiser, body });
  };

  beforeAll(async () => {
    show = await house.openIn(
      { ...gridChart(2, 3), name: "실수의 극장" },
      { S: 110_000, A: 90_000 },
      { title: "실수", settings: { capacity: 5 } },
    );
    inside = await Buyer.inside(house, show);
  });

  it("in the limits and in the notice", async () => {
    await organiser("PATCH /settings", { capacity: 1, ratePerMinute: 1 });
    await organiser("POST /notice", { text: "내일 아님" });
    expect(await status()).toMatchObject({ capacity: 1, ratePerMinute: 1, notice: "내일 아님" });
    await recover("limits", show.id, "--capacity", "50", "--rate", "600");
    await recover("notice", show.id, "--text", "오늘입니다");
    expect(await status()).toMatchObject({ capacity: 50, ratePerMinute: 600, notice: "오늘입니다" });
    await recover("notice", show.id);
    expect(await status()).toMatchObject({ notice: null });
  });

  it("in opening too early: nobody loses a place, and nothing is sold until it goes on", async () => {
    await recover("pause", show.id);
    await expect(inside.hold(["r1s1"])).rejects.toMatchObject({ status: 409 });
    const other = new Buyer(house, show, (await house.member()).token);
    const { number } = await other.join();
    await recover("resume", show.id);
    await expect.poll(async () => (await other.look()).state, PATIENCE).toBe("admitted");
    expect((await other.look()).number).toBe(number);
  });

  it("in the chart, where nobody has a seat", async () => {
    const file = path.join(dataDir, "chart.json");
    const short = { ...gridChart(1, 3), name: "실수의 극장" };
    await organiser(`PUT /schedules/${show.scheduleId}/chart`, { chart: short });
    expect((await house.figures(show)).seatsByStatus).toMatchObject({ free: 3 });
    writeFileSync(file, JSON.stringify({ ...gridChart(2, 3), name: "실수의 극장" }));
    await recover("chart", show.id, "--date", show.scheduleId, "--file", file);
    expect((await house.figures(show)).seatsByStatus).toMatchObject({ free: 6 });
  });

  it("in the time of a date: the order has the right one, and its buyer may give it back until they have read it", async () => {
    const order = await inside.buy(["r1s1"]);
    const day = 86_400_000;
    const at = (days: number): string => new Date(Math.floor(Date.now() / day + days) * day).toISOString();
    await organiser(`POST /schedules/${show.scheduleId}/move`, { startsAt: at(2), freeUntil: at(1) });
    await recover("move-date", show.id, "--date", show.scheduleId, "--starts", at(40), "--free-until", at(20));
    const dates = z.object({ items: z.array(z.looseObject({ startsAt: z.string() })) });
    const planned = async (): Promise<unknown> =>
      (await house.api.call(`GET /api/performances/${show.id}/schedules`, dates)).items[0]?.startsAt;
    await expect.poll(planned, PATIENCE).toBe(at(40));
    await expect.poll(() => inside.read(order.id), PATIENCE).toMatchObject({ startsAt: at(40), status: "paid" });
    await recover("cancel-order", show.id, "--order", order.id, "--reason", "wrong date");
    await expect.poll(async () => (await inside.read(order.id)).status, PATIENCE).toBe("cancelled");
    await expect
      .poll(() => house.moneyOf(order.id), PATIENCE)
      .toEqual({ payments: 1, captured: order.amount, refunded: order.amount });
  });

  it("in whom it let in: one goes, then all, and who was not meant comes back", async () => {
    const other = await Buyer.inside(house, show);
    const me = z.looseObject({ member: z.looseObject({ id: z.string() }) });
    const { member } = await house.api.call("GET /api/me", me, { token: other.token });
    await recover("revoke", show.id, "--member", member.id);
    await expect(other.join()).rejects.toMatchObject({ status: 403 });
    await recover("revoke-all", show.id);
    expect(await status()).toMatchObject({ sessions: 0 });
    const again = await Buyer.inside(house, show);
    expect((await again.hold(["r2s1"])).seats).toHaveLength(1);
  });

  it("in the date, or in the price: everybody has their money back, and it sells no more", async () => {
    const buyer = await Buyer.inside(house, show);
    const order = await buyer.buy(["r2s2"]);
    await recover("cancel-date", show.id, "--date", show.scheduleId, "--reason", "wrong price");
    await expect
      .poll(() => house.moneyOf(order.id), PATIENCE)
      .toEqual({ payments: 1, captured: order.amount, refunded: order.amount });
    await recover("close", show.id);
    expect(await status()).toMatchObject({ phase: "closed" });
    await expect(buyer.join()).rejects.toMatchObject({ code: "performance-closed" });
  });

  it("each is in the audit log, by whom and what", async () => {
    const { rows } = await house.sql.query<{ action: string }>(
      "select distinct action from audit_log where performance_id = $1 and action like '%.requested'",
      [show.id],
    );
    expect(rows.map(({ action }) => action.replace(".requested", "")).toSorted()).toEqual(
      [
        ...["cancel-date", "cancel-order", "change-chart", "close", "limits", "move-date", "notice"],
        ...["pause", "resume", "revoke", "revoke-all"],
      ].toSorted(),
    );
  });
});

describe("records that cannot take an event", () => {
  it("set it aside, and have it once their trouble is gone and it is sent again", async () => {
    const show = await house.open({ title: "보류", rows: 1, columns: 2 });
    const letters = (...args: readonly string[]) => {
      const env = { TICKETPING_URL: house.where.origin, METRICS_TOKEN: readSecrets().METRICS_TOKEN };
      return script("dev/dead-letters.ts", args, env);
    };
    const buyer = await Buyer.inside(house, show);
    await house.sql.query("alter table orders add constraint trouble check (status <> 'paid') not valid");
    const order = await buyer.buy(["r1s1"]);
    const aside = "quarantined_events where performance_id = $1 and replayed_at is null";
    await expect.poll(() => house.count(aside, show.id), PATIENCE).toBe(1);
    // The sale has gone on, and the object is rid of it.
    await expect.poll(async () => (await house.figures(show)).outboxDepth, PATIENCE).toBe(0);
    expect(await house.recordOf(order.id)).toMatchObject({ status: "paying", tickets: 0 });
    expect((await letters("list")).output).toMatch(new RegExp(`waiting +${show.id}/[^]*1 waiting`));
    await house.sql.query("alter table orders drop constraint trouble");
    expect(await letters("replay")).toMatchObject({ status: 0, output: expect.stringContaining("1 sent again") });
    await expect
      .poll(() => house.recordOf(order.id), PATIENCE)
      .toMatchObject({ status: "paid", tickets: 1, balance: 0 });
    expect((await letters("list")).output).toContain("0 waiting");
  });
});

describe("a sale whose object has gone back to an earlier moment", () => {
  it("learns from the records what it has sold since, and sells no seat and gives no number twice", async () => {
    const show = await house.open({ title: "되돌아간", rows: 1, columns: 4 });
    await leaveAlone(house, show);
    const told = async (): Promise<void> =>
      expect.poll(async () => (await house.figures(show)).outboxDepth, PATIENCE).toBe(0);
    const early = await (await Buyer.inside(house, show)).buy(["r1s1"]);
    await told();
    // Healthy, it is left as it is: somebody's hold stays theirs, and nobody waits.
    const inside = await Buyer.inside(house, show);
    const { id } = await inside.hold(["r1s4"]);
    const asked = await house.figures(show);
    expect(await recover("catch-up", show.id)).toContain("open, 1 seats sold. Nothing was done");
    expect(await house.figures(show)).toMatchObject({ status: { phase: "open" }, seatsByStatus: asked.seatsByStatus });
    await inside.release(id);
    const [now, before] = [objectFolder(dataDir), path.join(dataDir, "earlier")];
    await house.close();
    cpSync(now, before, { recursive: true });
    await start();
    const buyer = await Buyer.inside(house, show);
    const late = await buyer.buy(["r1s2"]);
    await told();
    await house.close();
    rmSync(now, { recursive: true });
    cpSync(before, now, { recursive: true });
    await start();

    expect((await house.figures(show)).seatsByStatus).toMatchObject({ sold: 1, free: 3 });
    expect(await comparison(house, show.id)).toMatchObject({ code: 1, said: expect.stringContaining("order-unknown") });
    const learned = await recover("catch-up", show.id);
    expect(learned).toMatch(/lacked something: event \d+ was never told by it/);
    expect(learned).toContain("paused");
    expect(await recover("catch-up", show.id)).toContain("paused, 2 seats sold. Nothing was done");
    expect((await house.figures(show)).seatsByStatus).toMatchObject({ sold: 2, free: 2 });
    expect((await new Buyer(house, show, buyer.token).read(late.id)).status).toBe("paid");
    await recover("resume", show.id);
    const next = await Buyer.inside(house, show);
    await expect(next.hold(["r1s2"])).rejects.toMatchObject({ status: 409, code: "seats-taken" });
    const third = await next.buy(["r1s3"]);
    await told();
    for (const { id } of [early, late, third])
      expect(await house.recordOf(id)).toMatchObject({ status: "paid", sold: 1, tickets: 1, balance: 0 });
    expect(await house.count("quarantined_events where performance_id = $1", show.id)).toBe(0);
    expect(await comparison(house, show.id)).toMatchObject({ code: 0 });
  });
});

describe("a sale that asks for codes, and has lost its object", () => {
  it("still knows who came in by which code once it is built again", async () => {
    const show = await house.open({ title: "코드를 잃은", rows: 1, columns: 4, settings: { verification: "codes" } });
    const made = z.object({ codes: z.array(z.string()) });
    const { codes } = await house.api.call(`POST /api/organizer/performances/${show.id}/codes`, made, {
      token: house.organiser,
      body: { count: 2, label: "선예매" },
    });
    const [used = "", fresh = ""] = codes;
    const say = ({ token }: Buyer, code: string): Promise<unknown> =>
      house.api.call(`POST /api/performances/${show.id}/verification/code`, z.unknown(), { token, body: { code } });
    const fan = async (): Promise<Buyer> => new Buyer(house, show, (await house.member()).token);
    const first = await fan();
    await say(first, used);
    const { number } = await first.join();
    const copies = "queue_segments where kind = 'claims' and performance_id = $1";
    await expect.poll(async () => (await cronAt(house.where.origin), house.count(copies, show.id)), PATIENCE).toBe(1);

    await house.close();
    for (const file of objectFiles(dataDir)) rmSync(file);
    await start();
    const known = new Buyer(house, show, first.token);
    await expect(known.join()).rejects.toMatchObject({ status: 404 });
    await recover("object", show.id);
    await recover("resume", show.id);
    const stranger = await fan();
    await expect(say(stranger, used)).rejects.toMatchObject({ status: 409, code: "identity-taken" });
    await expect(stranger.join()).rejects.toMatchObject({ code: "verification-required" });
    expect((await known.join()).number).toBe(number);
    await say(stranger, fresh);
    expect((await stranger.join()).number).not.toBe(number);
    expect(anything.parse(await house.figures(show))).toMatchObject({ status: { joined: 2 } });
  });
});

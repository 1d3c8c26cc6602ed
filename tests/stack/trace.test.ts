/** One purchase, followed by its ids through the log and the records; and what must never stand in a log. */
import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { logText, ORDERS_OF_REQUEST, ordersOfRequest, readOrderRecords, storyText } from "../../dev/trace.ts";
import { linesAbout, readLog, requestOf, type LogLine } from "../../dev/operations/log-lines.ts";
import { readSecrets } from "../../dev/secrets.ts";
import { Buyer } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { script, type Ended } from "./recovering.ts";

let house: House;
let show: Show;

beforeAll(async () => {
  house = await startHouse({ demoData: false });
  show = await house.open({ title: "발자국", rows: 1, columns: 4 });
});

afterAll(async () => {
  await house?.close();
});

const log = (): string => readFileSync(path.join(house.dataDir, "worker.log"), "utf8");
const REQUEST = /^[0-9a-f]{16}$/;

async function recorded(orderId: string): Promise<NonNullable<Awaited<ReturnType<typeof readOrderRecords>>>> {
  const records = await readOrderRecords(house.where.databaseUrl, orderId);
  if (records === null) throw new Error("not recorded");
  return records;
}

const recordedSteps = async (orderId: string) =>
  (await readOrderRecords(house.where.databaseUrl, orderId))?.steps ?? [];

/** `npm run trace`, on the stack of this test. */
function trace(asked: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const where = env["DATABASE_URL"] === undefined ? stackWords() : [];
  return script("dev/trace.ts", [asked, ...where], env);
}

const stackWords = (): readonly string[] => [
  ...["--stack", new URL(house.where.origin).port],
  ...["--data", house.dataDir],
];

describe("a purchase", () => {
  it("leaves the ids of its commands in every part, from the edge to Postgres", async () => {
    const buyer = await Buyer.inside(house, show);
    const order = await buyer.buy(["r1s1"]);
    await expect.poll(async () => (await house.recordOf(order.id))["status"], { timeout: 30_000 }).toBe("paid");
    const records = await recorded(order.id);
    // Placed, begun, confirming, paid: four commands of three requests, each in the journal with its version.
    expect(records.steps.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    const causes = records.steps.map(({ cause }) => cause ?? "");
    for (const cause of causes) expect(requestOf(cause)).toMatch(REQUEST);
    expect(new Set(causes).size).toBe(4);
    expect(new Set(causes.map(requestOf)).size).toBe(3);
    const [placed = "", , , paid = ""] = causes;

    const linesOf = (cause: string): readonly LogLine[] =>
      linesAbout(readLog(log()), { orderId: "", commandIds: new Set([cause]) });
    const partsOf = (cause: string): ReadonlySet<string> =>
      new Set(linesOf(cause).map(({ at, message }) => `${at} ${message}`));
    const through = ["edge answered", "lobby sent", "performance decided", "outbox sent", "records applied"];
    await expect.poll(() => through.filter((part) => !partsOf(placed).has(part)), { timeout: 30_000 }).toEqual([]);
    await expect
      .poll(() => [...through, "payments answered"].filter((part) => !partsOf(paid).has(part)), { timeout: 30_000 })
      .toEqual([]);
    // Lobby and object speak of the same batch, object and records of the same event.
    const [sent] = linesOf(placed).filter(({ at }) => at === "lobby");
    const [decided] = linesOf(placed).filter(({ at }) => at === "performance");
    expect(sent?.["batch"]).toMatch(/^booking\/\d+\/\d+\/\d+$/);
    expect(decided?.["batch"]).toBe(sent?.["batch"]);
    expect(decided).toMatchObject({ performanceId: show.id, from: records.steps[0]?.seq });

    // The documented command, by the order and by what the fan was shown.
    const { text, odd } = storyText(records, Date.now());
    expect(odd).toBe(false);
    for (const cause of causes) expect(text).toContain(`by command ${cause}`);
    expect(logText(records, log())).toContain(`${paid} settle`);
    expect(await ordersOfRequest(house.where.databaseUrl, requestOf(paid))).toEqual([order.id]);
  });

  it("is told by the command itself, by its order and by its request, and by its end whether anything is odd", async () => {
    const buyer = await Buyer.inside(house, show);
    const order = await buyer.buy(["r1s3"]);
    await expect.poll(async () => (await recordedSteps(order.id)).length, { timeout: 30_000 }).toBe(4);
    const causes = (await recordedSteps(order.id)).map(({ cause }) => cause ?? "");
    const heard = (): boolean => causes.every((cause) => log().includes(cause));
    await expect.poll(heard, { timeout: 30_000 }).toBe(true);

    const told = await trace(order.id);
    expect(told.status, told.output).toBe(0);
    expect(told.output).toContain(`Order ${order.id}`);
    expect(told.output).toContain("✓ Money, seats and tickets agree.");
    const [story = "", logged = ""] = told.output.split("In the log:");
    for (const cause of causes) {
      expect(story).toContain(`by command ${cause}`);
      expect(logged).toContain(cause);
    }
    for (const part of ["object", "provider", "records"]) expect(story).toMatch(new RegExp(`Z  ${part} `));
    // What a fan reads out from an error page leads to the same story.
    expect((await trace(requestOf(causes[3] ?? ""))).output).toBe(told.output);
    // From afar there is a Postgres, and no log.
    const afar = await trace(order.id, { DATABASE_URL: house.where.databaseUrl });
    expect(afar).toEqual({ status: 0, output: `${story.trimEnd()}\n` });

    await house.sql.query("update tickets set status = 'cancelled' where order_id = $1", [order.id]);
    const odd = await trace(order.id);
    expect(odd.status).toBe(1);
    expect(odd.output).toMatch(/^✗ .*ticket/m);
    await house.sql.query("update tickets set status = 'issued' where order_id = $1", [order.id]);
  });

  it("that nobody knows is said to be unknown, and words that are none are met by the usage", async () => {
    expect(await trace(`${show.id}-none`)).toMatchObject({ status: 1, output: expect.stringContaining("do not know") });
    expect(await trace("0000000000000000")).toMatchObject({
      status: 1,
      output: expect.stringContaining("know no order"),
    });
    expect((await script("dev/trace.ts", [])).output).toContain("npm run trace -- ORDER | REQUEST");
    expect(await script("dev/trace.ts", ["x", "--port", "1"])).toMatchObject({ status: 1 });
    const nowhere = ["x", "--data", path.join(house.dataDir, "nowhere")];
    expect((await script("dev/trace.ts", nowhere, { DATABASE_URL: "" })).output).toContain("npm start first");
  });

  it("is found by its request in an index, however many events there are", async () => {
    const client = new pg.Client({ connectionString: house.where.databaseUrl });
    await client.connect();
    try {
      // So few rows are read faster without: what is asked is whether the index can answer.
      await client.query("set enable_seqscan = off");
      const { rows } = await client.query<{ "QUERY PLAN": string }>(`explain ${ORDERS_OF_REQUEST}`, [
        "8f3c0d1e2b4a5967-ICN.%",
      ]);
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).toContain("applied_events_cause");
      expect(plan).toContain("Index Cond: ((cause ~>=~ '8f3c0d1e2b4a5967-ICN.'::text)");
    } finally {
      await client.end();
    }
  });

  it("that is refused says in its answer by which id to ask about it, and the log says why", async () => {
    const buyer = await Buyer.inside(house, show);
    const answer = await fetch(new URL(`${buyer.room}/holds`, house.where.origin), {
      method: "POST",
      headers: {
        ...{ authorization: `Bearer ${buyer.token}`, "booking-pass": buyer.pass },
        ...{ "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
      },
      body: JSON.stringify({ scheduleId: show.scheduleId, seats: ["r1s1"] }),
    });
    const problem = (await answer.json()) as { readonly code: string; readonly requestId: string };
    expect(problem.code).toBe("seats-taken");
    expect(problem.requestId).toMatch(REQUEST);
    expect(answer.headers.get("x-request-id")).toBe(problem.requestId);
    const about = (): readonly LogLine[] =>
      linesAbout(readLog(log()), { orderId: "", commandIds: new Set([`${problem.requestId}.1`]) });
    await expect
      .poll(() => about().find(({ at }) => at === "performance")?.["outcomes"], { timeout: 30_000 })
      .toContain("hold seats-taken");
  });

  it("by a request that Cloudflare has named has that name, and nobody else can give it another", async () => {
    const idOf = async (ray: string): Promise<string | null> =>
      (await fetch(new URL("/healthz", house.where.origin), { headers: { "cf-ray": ray } })).headers.get(
        "x-request-id",
      );
    expect(await idOf("8f3c0d1e2b4a5967-ICN")).toBe("8f3c0d1e2b4a5967-ICN");
    expect(await idOf("anything else")).toMatch(REQUEST);
  });
});

describe("the log", () => {
  it("is lines of JSON and has nothing of a person: no address, nickname, password, token or pass", async () => {
    const person = { email: "ada.lovelace@example.com", nickname: "에이다러브", password: "correct horse battery 9" };
    const call = (route: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(new URL(route, house.where.origin), {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
    const cookies: string[] = [];
    const signedUp = await call("/api/auth/signup", { ...person, language: "ko" });
    expect([200, 201]).toContain(signedUp.status);
    const signedIn = await call("/api/auth/login", { email: person.email, password: person.password });
    expect(signedIn.status).toBe(200);
    for (const answer of [signedUp, signedIn]) cookies.push(...answer.headers.getSetCookie());
    // Trouble of every kind: a wrong password, rubbish for JSON, a token nobody signed, an address that is taken.
    await call("/api/auth/login", { email: person.email, password: "wrong horse battery 8" });
    await call("/api/auth/signup", { ...person, language: "ko" });
    await fetch(new URL("/api/auth/login", house.where.origin), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"email":"${person.email}", rubbish`,
    });
    const buyer = await Buyer.inside(house, show);
    await buyer.join();
    const order = await buyer.buy(["r1s2"]);
    await buyer.cancel(order.id);
    await expect.poll(async () => (await house.recordOf(order.id))["status"], { timeout: 30_000 }).toBe("cancelled");

    const said = log();
    expect(readLog(said).length).toBeGreaterThan(10);
    const secrets = Object.values(readSecrets()).filter((value) => value.length > 12);
    const tokens = cookies
      .map((one) => one.slice(one.indexOf("=") + 1, one.indexOf(";")))
      .filter((one) => one.length > 20);
    expect(tokens.length).toBeGreaterThan(0);
    const never = [...Object.values(person), "wrong horse", "rubbish", buyer.token, buyer.pass, ...tokens, ...secrets];
    expect(never.filter((text) => said.includes(text))).toEqual([]);
    // Nor any other token of ours, whoever it was made for.
    expect(said).not.toMatch(/eyJ[A-Za-z0-9_-]{10,}\.eyJ/);
    expect(said).not.toMatch(/[\w.]+@[\w.]+\.\w+/);
  });
});

/** What we need hangs: everybody is told so in time and when to come again, the sale goes on, and nothing has to be mended by hand. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { letThrough } from "../../dev/passage.ts";
import { startPostgres, type RunningPostgres } from "../../dev/postgres.ts";
import { readSamples } from "../../dev/operations/questions.ts";
import { ensureSecrets, readSecrets } from "../../dev/secrets.ts";
import { Buyer } from "./buyer.ts";
import { forwardTo, type Forwarder } from "./forwarder.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { freePort, freePorts } from "./ports.ts";
import { startTossSandbox } from "../../dev/toss/server.ts";
import type { ListeningServer } from "../../dev/http-server.ts";

let folder: string;
let postgres: RunningPostgres;
let toss: ListeningServer;
let toPostgres: Forwarder;
let toToss: Forwarder;
let house: House;
let show: Show;

const SEATS = 12;
const CROWD = 8;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "ticketping-bend-"));
  if (process.getuid?.() === 0) letThrough(folder);
  postgres = await startPostgres({ folder: path.join(folder, "postgres"), port: await freePort() });
  const url = new URL(postgres.url);
  toPostgres = await forwardTo({ host: url.hostname, port: Number(url.port) });
  url.port = String(toPostgres.port);
  const secrets = await ensureSecrets();
  toss = await startTossSandbox({
    ...{ port: await freePorts(1), file: path.join(folder, "toss.sqlite") },
    ...{ secretKey: secrets.TOSS_SECRET_KEY, clientKey: secrets.TOSS_CLIENT_KEY, webhookUrl: "http://127.0.0.1:9/" },
  });
  toToss = await forwardTo({ host: "127.0.0.1", port: Number(new URL(toss.url).port) });
  house = await startHouse({
    ...{ demoData: false, databaseUrl: url.href },
    settings: { TOSS_API_URL: `http://127.0.0.1:${toToss.port}` },
  });
  show = await house.open({ title: "버티기", rows: 1, columns: SEATS });
});

afterAll(async () => {
  await house?.close();
  await toPostgres?.close();
  await toToss?.close();
  await toss?.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** How calls of something ended, added up over everything the Worker has done. */
async function callsOf(dependency: string): Promise<Readonly<Record<string, number>>> {
  const headers = { authorization: `Bearer ${readSecrets().METRICS_TOKEN}` };
  const text = await (await fetch(new URL("/metrics", house.where.origin), { headers })).text();
  const samples = readSamples(text).filter(
    ({ name, labels }) => name === "ticketping_dependency_calls_total" && labels["dependency"] === dependency,
  );
  return Object.fromEntries(samples.map(({ labels, value }) => [labels["outcome"] ?? "", value]));
}

const get = (buyer: Buyer, route: string): Promise<Response> =>
  fetch(new URL(route, house.where.origin), { headers: { authorization: `Bearer ${buyer.token}` } });

describe("Postgres takes connections and never answers", () => {
  it("its readers are told to come again, everybody else buys, and afterwards all of it is recorded", async () => {
    const buyer = await Buyer.inside(house, show);
    expect((await get(buyer, "/api/orders")).status).toBe(200);
    toPostgres.hang();
    const crowd = await Promise.all(Array.from({ length: CROWD }, () => get(buyer, "/api/orders")));
    for (const answer of crowd) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({ code: "records-unavailable" });
    }
    // By now nobody waits for what does not answer: it is not even asked.
    await expect
      .poll(
        async () => {
          await get(buyer, "/api/orders");
          const { late = 0, refused = 0 } = await callsOf("postgres");
          return late > 0 && refused > 0;
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    const { id } = await buyer.order((await buyer.hold(["r1s1"])).id);
    const order = await buyer.confirm(id, await buyer.consentAt(toss.url, await buyer.begin(id)));
    expect(order.status).toBe("paid");
    const health: unknown = await (await fetch(new URL("/healthz", house.where.origin))).json();
    expect(health).toMatchObject({ status: "degraded", parts: { postgres: "down", performances: "ok" } });
    toPostgres.recover();
    await expect.poll(async () => (await get(buyer, "/api/orders")).status, { timeout: 60_000 }).toBe(200);
    await expect
      .poll(async () => (await buyer.orders()).map(({ id, status }) => [id, status]), { timeout: 60_000 })
      .toEqual([[order.id, "paid"]]);
  });
});

describe("a provider hangs", () => {
  it("nobody waits for it any more, and every payment is found out once it answers, charged once", async () => {
    const buyers = await Promise.all(Array.from({ length: CROWD }, () => Buyer.inside(house, show)));
    const paying = await Promise.all(
      buyers.map(async (buyer, index) => {
        const { id } = await buyer.order((await buyer.hold([`r1s${index + 2}`])).id);
        const checkout = await buyer.begin(id);
        return { buyer, id, consent: await buyer.consentAt(toss.url, checkout) };
      }),
    );
    toToss.hang();
    const last = paying.at(-1);
    if (last === undefined) throw new Error("nobody pays");
    const first = paying.slice(0, -1);
    for (const { status } of await Promise.all(first.map(({ buyer, id, consent }) => buyer.confirm(id, consent))))
      expect(status).toBe("paying");
    await expect.poll(async () => (await callsOf("toss"))["refused"] ?? 0, { timeout: 60_000 }).toBeGreaterThan(0);
    expect((await last.buyer.confirm(last.id, last.consent)).status).toBe("paying");
    toToss.recover();
    for (const { buyer, id } of paying) {
      await expect.poll(async () => (await buyer.read(id)).status, { timeout: 120_000 }).toBe("paid");
    }
    const books = (await (await fetch(new URL("/sandbox/books", toss.url))).json()) as {
      readonly byOrder: Readonly<Record<string, { readonly payments: number }>>;
    };
    const charges = paying.map(({ id }) =>
      Object.entries(books.byOrder).reduce((sum, [name, one]) => sum + (name.startsWith(id) ? one.payments : 0), 0),
    );
    expect(charges).toEqual(paying.map(() => 1));
  });
});

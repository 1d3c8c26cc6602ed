/** What /healthz says while a provider is cut off, while Postgres is stopped, while objects do not answer; and how little it asks. */
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { ListeningServer } from "../../dev/http-server.ts";
import { letThrough } from "../../dev/passage.ts";
import { startPostgres, type RunningPostgres } from "../../dev/postgres.ts";
import { ensureSecrets } from "../../dev/secrets.ts";
import { startTossSandbox } from "../../dev/toss/server.ts";
import type { Environment } from "../../workers/environment.ts";
import { lookAtParts } from "../../workers/edge/health.ts";
import { startEdge, type Edge } from "./edge.ts";
import { forwardTo, type Forwarder } from "./forwarder.ts";
import { startHouse, type House } from "./house.ts";
import { freePort, freePorts } from "./ports.ts";

const answer = z.object({
  status: z.string(),
  parts: z.record(z.string(), z.enum(["ok", "degraded", "down"])),
  mail: z.string(),
  payments: z.strictObject({ mode: z.string(), on: z.array(z.string()), settings: z.string() }),
});

describe("the running system", () => {
  let folder: string;
  let postgres: RunningPostgres;
  let toss: ListeningServer;
  let toToss: Forwarder;
  let house: House;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "ticketping-health-"));
    if (process.getuid?.() === 0) letThrough(folder);
    postgres = await startPostgres({ folder: path.join(folder, "postgres"), port: await freePort() });
    const secrets = await ensureSecrets();
    toss = await startTossSandbox({
      ...{ port: await freePorts(1), file: path.join(folder, "toss.sqlite") },
      ...{ secretKey: secrets.TOSS_SECRET_KEY, clientKey: secrets.TOSS_CLIENT_KEY, webhookUrl: "http://127.0.0.1:9/" },
    });
    toToss = await forwardTo({ host: "127.0.0.1", port: Number(new URL(toss.url).port) });
    house = await startHouse({
      ...{ demoData: false, databaseUrl: postgres.url },
      settings: { TOSS_API_URL: `http://127.0.0.1:${toToss.port}` },
    });
  }, 180_000);

  afterAll(async () => {
    await house?.close();
    await toToss?.close();
    await toss?.close();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function health(): Promise<{ readonly code: number } & z.infer<typeof answer>> {
    const response = await fetch(new URL("/healthz", house.where.origin));
    return { code: response.status, ...answer.parse(await response.json()) };
  }

  /** An isolate looks at others' servers every thirty seconds. */
  const LOOKED = { timeout: 120_000, interval: 500 };

  it("is well; a provider that is cut off, and Postgres that is stopped, degrade it and stop no sale", async () => {
    const parts = { performances: "ok", postgres: "ok", events: "ok", meter: "ok", toss: "ok", stripe: "ok" } as const;
    const well = { code: 200, status: "ok", parts, payments: { settings: "ok" } };
    expect(await health()).toMatchObject(well);
    toToss.hang();
    await expect.poll(health, LOOKED).toMatchObject({
      ...{ code: 200, status: "degraded", parts: { ...parts, toss: "down" } },
    });
    toToss.recover();
    await expect.poll(health, LOOKED).toMatchObject(well);
    // The house's own connection is to end first, or its end would be an error nobody waits for.
    await house.sql.end();
    await postgres.stop();
    await expect.poll(health, LOOKED).toMatchObject({
      ...{ code: 200, status: "degraded", parts: { ...parts, postgres: "down" } },
    });
  }, 300_000);
});

describe("the route", () => {
  let edge: Edge;
  let provider: Server;
  let asked: string[] = [];
  let failing = false;

  beforeAll(async () => {
    vi.spyOn(console, "log").mockReturnValue();
    vi.spyOn(console, "warn").mockReturnValue();
    edge = await startEdge({ EVENTS: { sendBatch: () => Promise.resolve() } });
    provider = createServer((request, response) => {
      asked.push(`${request.method} ${request.headers.authorization ?? "nobody"}`);
      response.writeHead(failing ? 503 : 404).end();
    });
    provider.listen(0, "127.0.0.1");
    await once(provider, "listening");
    const address = provider.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const url = `http://127.0.0.1:${address.port}`;
    edge.set({
      ...{ PAYMENTS_MODE: "sandbox", TOSS_API_URL: url, TOSS_SDK_URL: url },
      ...{ TOSS_CLIENT_KEY: "test_ck_health", TOSS_SECRET_KEY: "test_sk_health" },
    });
  }, 90_000);

  afterAll(async () => {
    vi.restoreAllMocks();
    provider?.close();
    await edge?.close();
  });

  it("says nothing of what is not used, and one word of each part that is", async () => {
    edge.set({ MAIL_API_KEY: undefined });
    const { status, body } = await edge.ask("GET", "/healthz");
    expect(status).toBe(200);
    const parts = { performances: "ok", postgres: "ok", events: "ok", meter: "ok", toss: "ok" };
    expect(body).toEqual({
      ...{ status: "ok", parts, mail: "off" },
      payments: { mode: "sandbox", on: ["toss"], settings: "ok" },
    });
  });

  it("names no setting that is wrong", async () => {
    edge.set({ TOSS_SECRET_KEY: "live_sk_health" });
    const { status, body } = await edge.ask("GET", "/healthz");
    edge.set({ TOSS_SECRET_KEY: "test_sk_health" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "degraded", payments: { on: [], settings: "degraded" } });
    expect(JSON.stringify(body)).not.toContain("TOSS_SECRET_KEY");
  });

  it("answers 503 while objects do not answer", async () => {
    const healthy = await edge.ask("GET", "/healthz");
    expect(healthy.status).toBe(200);
    const broken = await startEdge({
      PERFORMANCE: { getByName: () => ({ facts: () => Promise.reject(new Error("gone")) }) },
      EVENTS: { sendBatch: () => Promise.resolve() },
    });
    try {
      const { status, body } = await broken.ask("GET", "/healthz");
      expect(status).toBe(503);
      expect(body).toMatchObject({ status: "down", parts: { performances: "down", postgres: "ok" } });
    } finally {
      await broken.close();
    }
  });

  it("asks a provider once in a while, signed in as nobody, however often and however many ask", async () => {
    const isolate = {
      ...edge.env,
      ...{
        PAYMENTS_MODE: "sandbox",
        TOSS_API_URL: edge.setting("TOSS_API_URL"),
        TOSS_SDK_URL: edge.setting("TOSS_SDK_URL"),
      },
      ...{ TOSS_CLIENT_KEY: "test_ck_health", TOSS_SECRET_KEY: "test_sk_health" },
    } as unknown as Environment;
    asked = [];
    failing = true;
    // The first of an isolate finds out; then a crowd comes, once and again.
    expect(await lookAtParts(isolate)).toMatchObject({
      toss: "down",
      postgres: "ok",
      performances: "down",
      events: "down",
    });
    for (let round = 0; round < 3; round += 1) {
      const all = await Promise.all(Array.from({ length: 20 }, () => lookAtParts(isolate)));
      expect(new Set(all.map(({ toss }) => toss))).toEqual(new Set(["down"]));
    }
    expect(asked).toEqual(["HEAD nobody"]);
    failing = false;
  });
});

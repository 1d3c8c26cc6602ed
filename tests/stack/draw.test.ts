/** A draw from gathering to verification: real beacon stand-in, real receipts, and a public script that computes it again. */
import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ownReceipt, type Receipted } from "./receipts.ts";
import { startHouse, type House, type Show } from "./house.ts";

const FANS = 30;
/** Long enough to gather thirty people on a slow machine; the beacon's round is due within three seconds after it. */
const GATHER_MS = 12_000;
const PATIENCE = { timeout: 60_000, interval: 250 };

const drawAnswer = z.looseObject({
  commitment: z.string(),
  sealed: z.object({ n: z.number(), root: z.string(), segments: z.number(), at: z.string() }).nullable(),
  drawn: z.looseObject({ secret: z.string(), signature: z.string().nullable() }).nullable(),
});

let house: House;
let show: Show;
let fans: readonly Receipted[];

beforeAll(async () => {
  house = await startHouse({ demoData: false });
  const now = Date.now();
  const iso = (time: number): string => new Date(time).toISOString();
  show = await house.open({
    title: "추첨",
    rows: 10,
    columns: 10,
    settings: { gatherAt: iso(now - 1_000), openAt: iso(now + GATHER_MS), beacon: true, capacity: 5 },
  });
  const members = await house.members(FANS);
  fans = await Promise.all(members.map(({ token }) => ownReceipt(house, show, token)));
});

afterAll(() => house.close());

describe("a gathering with a draw", () => {
  it("gives numbers at once and places only when the beacon has spoken", async () => {
    expect(fans.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: FANS }, (_, n) => n),
    );
    const before = await draw();
    expect(before.drawn).toBeNull();
    expect(JSON.stringify(before)).not.toContain('"secret"');
    await expect.poll(async () => (await draw()).drawn?.signature, PATIENCE).toMatch(/^[0-9a-f]{96}$/);
    const after = await draw();
    expect(after.commitment).toBe(before.commitment);
    expect(after.sealed?.n).toBe(FANS);
    const places = await Promise.all(fans.map(async ({ look }) => (await look()).place));
    const known = places.filter((place) => place !== null);
    expect(new Set(known).size).toBe(known.length);
  });

  it("is computed again from public data by the script, for a receipt too", () => {
    const url = `${house.where.origin}/api/performances/${show.id}/draw`;
    const verified = verify(url, fans[3]?.receipt ?? "");
    expect(verified.output).toContain(`${FANS} places computed again`);
    expect(verified.output).toContain(`as number ${fans[3]?.number}, drawn to place`);
    expect(verified.status).toBe(0);
  });

  it.each([
    ["list", (path: string, body: Buffer) => (path.includes("/segments/") ? flipped(body) : body)],
    ["secret", (path: string, body: Buffer) => (path.endsWith("/draw") ? replaced(body, "secret") : body)],
    ["beacon", (path: string, body: Buffer) => (path.endsWith("/draw") ? replaced(body, "signature") : body)],
    ["seed", (path: string, body: Buffer) => (path.endsWith("/draw") ? replaced(body, "seed") : body)],
  ])("is refused by the script when the %s was altered", async (_what, alter) => {
    const server = await alteredCopy(house.where.origin, alter);
    try {
      const { port } = server.address() as AddressInfo;
      const verified = await verifyAside(`http://127.0.0.1:${port}/api/performances/${show.id}/draw`);
      expect(verified).toMatch(/✗ It is not true that/);
    } finally {
      server.close();
    }
  });

  it("is refused by the script for a receipt that was altered, or is another performance's", () => {
    const url = `${house.where.origin}/api/performances/${show.id}/draw`;
    const [header = "", claims = "", signature = ""] = (fans[0]?.receipt ?? "").split(".");
    const other = JSON.stringify({ ...z.looseObject({}).parse(JSON.parse(atob(claims))), number: 1 });
    const forged = `${header}.${Buffer.from(other).toString("base64url")}.${signature}`;
    expect(verify(url, forged)).toMatchObject({ status: 1 });
  });
});

function draw(): Promise<z.infer<typeof drawAnswer>> {
  return house.api.call(`GET /api/performances/${show.id}/draw`, drawAnswer);
}

function verify(url: string, receipt: string): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dev/verify-draw.ts", url, receipt], {
    encoding: "utf8",
  });
  return { status, output: `${stdout}${stderr}` };
}

/** Without blocking this process, which serves the altered copy. */
async function verifyAside(url: string): Promise<string> {
  const { spawn } = await import("node:child_process");
  const child = spawn(process.execPath, ["dev/verify-draw.ts", url], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  await new Promise((resolve) => child.once("close", resolve));
  return output;
}

async function alteredCopy(origin: string, alter: (path: string, body: Buffer) => Buffer): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    void fetch(new URL(path, origin))
      .then(async (answer) => alter(path, Buffer.from(await answer.arrayBuffer())))
      .then((body) => response.writeHead(200).end(body));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return server;
}

function flipped(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  copy[5] = (copy[5] ?? 0) ^ 1;
  return copy;
}

/** The first hex digit of one field changed. */
function replaced(body: Buffer, field: string): Buffer {
  const text = body.toString("utf8").replace(new RegExp(`"${field}":"(.)`), (_all, digit: string) => {
    return `"${field}":"${digit === "1" ? "2" : "1"}`;
  });
  return Buffer.from(text);
}

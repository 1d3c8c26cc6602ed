/** The stand-in is right when Neon's own driver cannot tell the difference. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { neon, neonConfig, NeonDbError, type NeonQueryFunction } from "@neondatabase/serverless";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ListeningServer } from "./http-server.ts";
import { startNeonEndpoint } from "./neon-endpoint.ts";
import { startPostgres, type RunningPostgres } from "./postgres.ts";

const folder = mkdtempSync(path.join(tmpdir(), "ticketping-neon-"));
let postgres: RunningPostgres | undefined;
let endpoint: ListeningServer | undefined;
let sql: NeonQueryFunction<false, false>;

beforeAll(async () => {
  postgres = await startPostgres({ folder: folder, port: await freePort() });
  endpoint = await startNeonEndpoint({ databaseUrl: postgres.url, port: 0 });
  neonConfig.fetchEndpoint = endpoint.url;
  sql = neon(postgres.url);
  await sql`create table seats (id int primary key, holder text, constraint holder_once unique (holder))`;
}, 60_000);

afterAll(async () => {
  await endpoint?.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("single statements", () => {
  it("returns values with the driver's types", async () => {
    const rows = await sql`select 1::int as i, 2::int8 as big, true as yes, null as nothing, 'a''b' as text,
      '{"k":[1]}'::jsonb as json, array[1,2] as list, '\\x00ff'::bytea as bytes, timestamptz '2026-11-01T00:00:00.123Z' as at`;
    expect(rows[0]).toMatchObject({
      i: 1,
      big: "2",
      yes: true,
      nothing: null,
      text: "a'b",
      json: { k: [1] },
      list: [1, 2],
    });
    expect(rows[0]?.["at"]).toEqual(new Date("2026-11-01T00:00:00.123Z"));
    expect(Array.from((rows[0]?.["bytes"] ?? []) as Uint8Array)).toEqual([0, 255]);
  });

  it("takes parameters, and says what it did", async () => {
    const result = await sql.query("insert into seats values ($1, $2), ($3, $4) returning id", [1, "kim", 2, null], {
      fullResults: true,
    });
    expect(result).toMatchObject({ command: "INSERT", rowCount: 2, rows: [{ id: 1 }, { id: 2 }] });
    expect(result.fields[0]).toMatchObject({ name: "id", dataTypeID: 23 });
  });

  it("returns rows as arrays when asked", async () => {
    expect(await sql.query("select 1 as a, 2 as a", [], { arrayMode: true })).toEqual([[1, 2]]);
  });

  it("refuses several statements in one text, as Neon does", async () => {
    await expect(sql.query("select 1; select 2")).rejects.toMatchObject({ code: "42601" });
  });
});

describe("errors", () => {
  it("carries Postgres' code", async () => {
    const failing = sql`select 1 / 0`;
    await expect(failing).rejects.toBeInstanceOf(NeonDbError);
    await expect(sql`select 1 / 0`).rejects.toMatchObject({ code: "22012", severity: "ERROR" });
  });

  it("names the constraint that was broken", async () => {
    await sql`insert into seats values (10, 'lee')`;
    await expect(sql`insert into seats values (11, 'lee')`).rejects.toMatchObject({
      code: "23505",
      constraint: "holder_once",
      table: "seats",
    });
  });

  it("refuses a connection string for another database", async () => {
    const stranger = neon("postgres://somebody:else@127.0.0.1:5432/ticketping");
    await expect(stranger`select 1`).rejects.toMatchObject({ code: "28P01" });
  });

  it("answers in kind when the body or a header makes no sense", async () => {
    const send = async (headers: Record<string, string>, body: string): Promise<number> =>
      (await fetch(endpoint?.url ?? "", { method: "POST", headers, body })).status;
    const good = { "neon-connection-string": postgres?.url ?? "", "neon-raw-text-output": "true" };
    expect(await send(good, "{")).toBe(400);
    expect(await send({ ...good, "neon-batch-isolation-level": "Chaos" }, `{"queries":[]}`)).toBe(400);
    expect(await send({}, `{"query":"select 1"}`)).toBe(400);
  });
});

describe("batches", () => {
  it("keeps all or nothing", async () => {
    const attempt = sql.transaction([
      sql`insert into seats values (20, 'park')`,
      sql`insert into seats values (20, 'choi')`,
    ]);
    await expect(attempt).rejects.toMatchObject({ code: "23505" });
    expect(await sql`select * from seats where id = 20`).toEqual([]);
    const done = await sql.transaction([
      sql`insert into seats values (20, 'park')`,
      sql`select holder from seats where id = 20`,
    ]);
    expect(done[1]).toEqual([{ holder: "park" }]);
  });

  it("honours isolation level, read only and deferrable", async () => {
    const [level, readOnly, deferrable] = await sql.transaction(
      [sql`show transaction_isolation`, sql`show transaction_read_only`, sql`show transaction_deferrable`],
      { isolationLevel: "Serializable", readOnly: true, deferrable: true },
    );
    expect([level, readOnly, deferrable]).toEqual([
      [{ transaction_isolation: "serializable" }],
      [{ transaction_read_only: "on" }],
      [{ transaction_deferrable: "on" }],
    ]);
    const writing = sql.transaction([sql`insert into seats values (30, null)`], { readOnly: true });
    await expect(writing).rejects.toMatchObject({ code: "25006" });
  });
});

it("serves many requests at once, more than it has connections", async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => (await sql`select ${index}::int as n, pg_sleep(0.005)`)[0]?.["n"]),
  );
  expect(answers).toEqual(Array.from({ length: 200 }, (_, index) => index));
});

it("says so while Postgres is away, and recovers when it is back", async () => {
  await postgres?.stop();
  await expect(sql`select 1`).rejects.toThrow("503");
  postgres = await startPostgres({ folder: folder, port: Number(new URL(postgres?.url ?? "").port) });
  expect(await sql`select holder from seats where id = 20`).toEqual([{ holder: "park" }]);
}, 60_000);

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

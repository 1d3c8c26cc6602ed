/**
 * Holds in PostgreSQL as it is done well: one prepared statement a hold, which takes the rows it can lock without waiting,
 * and one connection for each booker that is being served. The server is the one the records are tested with, as it is
 * installed: every commit is on disk before it is answered.
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { letThrough } from "../../dev/passage.ts";
import { startPostgres } from "../../dev/postgres.ts";
import { freePort } from "../../tests/stack/ports.ts";
import { HOLD_MS, onLines, type Rival } from "./rival.ts";

/** A server has room for some hundred; the bookers take turns on them. */
export const CONNECTIONS = 100;

const TABLES = `
  create table seats (id int primary key, hold bigint, until timestamptz) with (fillfactor = 70);
  create table holds (id bigint generated always as identity primary key, member int not null, seats int[] not null, until timestamptz not null)`;

/** All or nothing: what somebody else has locked is as good as gone. */
const HOLD = `
  with wanted as (
    select id from seats where id = any($1::int[]) and (hold is null or until <= now()) order by id for update skip locked),
  whole as (select 1 from wanted having count(*) = cardinality($1::int[])),
  made as (
    insert into holds (member, seats, until) select $2, $1::int[], now() + ${HOLD_MS} * interval '1 ms' from whole returning id, until)
  update seats set hold = made.id, until = made.until from made where seats.id in (select id from wanted)`;

export async function withPostgresRival<Result>(work: (rival: Rival) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ticketping-rival-"));
  letThrough(folder);
  const parts = new AsyncDisposableStack();
  parts.defer(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const server = await startPostgres({ folder, port: await freePort() });
    parts.defer(() => server.stop());
    const clients = await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        const client = new pg.Client({ connectionString: server.url });
        await client.connect();
        parts.defer(() => client.end());
        return client;
      }),
    );
    const [first] = clients;
    if (first === undefined) throw new Error("no connection");
    await first.query(TABLES);
    return await work(rivalOf(first, clients));
  } finally {
    await parts.disposeAsync();
  }
}

function rivalOf(first: pg.Client, clients: readonly pg.Client[]): Rival {
  const lines = clients.map((client) => async ({ member, seats }: { member: number; seats: readonly number[] }) => {
    const { rowCount } = await client.query({ name: "hold", text: HOLD, values: [seats, member] });
    return rowCount === seats.length;
  });
  return {
    async reset(seats) {
      await first.query("truncate seats, holds");
      await first.query("insert into seats (id) select generate_series(0, $1::int - 1)", [seats]);
      await first.query("vacuum analyze seats");
    },
    run: (attempts) => onLines(lines, attempts),
    async held() {
      const { rows } = await first.query<{ n: number }>("select count(*)::int as n from seats where hold is not null");
      return rows[0]?.n ?? 0;
    },
  };
}

/** Migrations on a Postgres that is in use, and on data that is there already. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { migrationsFolder, readMigrations, type Migration } from "../../dev/migrations/files.ts";
import { runMigrations } from "../../dev/migrations/run.ts";
import { startPostgres, type RunningPostgres } from "../../dev/postgres.ts";
import { freePort } from "./ports.ts";

let folder: string;
let postgres: RunningPostgres;
let sql: pg.Client;
const all = readMigrations(migrationsFolder);
const before = (ending: string): readonly Migration[] =>
  all.slice(
    0,
    all.findIndex(({ name }) => name.endsWith(ending)),
  );

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "ticketping-migrations-"));
  postgres = await startPostgres({ folder, port: await freePort() });
  sql = new pg.Client({ connectionString: postgres.url });
  await sql.connect();
}, 90_000);

afterAll(async () => {
  await sql?.end();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await sql.query("drop schema if exists drizzle cascade; drop schema public cascade; create schema public");
});

const named = (name: string, when: number, ...statements: string[]): Migration => ({
  name,
  when,
  hash: name,
  statements,
});
const noted = async (): Promise<number> =>
  (await sql.query("select 1 from drizzle.__drizzle_migrations")).rowCount ?? 0;

it("what was somebody's own becomes an approved organisation's of theirs", async () => {
  const first = before("_organisations");
  expect(await runMigrations(postgres.url, first)).toEqual(first.map(({ name }) => name));
  const [organiser, admin, fan] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  for (const [id, role] of [
    [organiser, "organiser"],
    [admin, "admin"],
    [fan, "member"],
  ]) {
    const member =
      "insert into members (id, email, email_key, nickname, password_hash, role) values ($1, $2, $2, $3, 'none', $3)";
    await sql.query(member, [id, `${role}@example.com`, role]);
  }
  for (const owner of [organiser, organiser, admin])
    await sql.query("insert into performances (id, owner, title) values (gen_random_uuid(), $1, 'Show')", [owner]);
  expect(await runMigrations(postgres.url, all)).toEqual(all.slice(first.length).map(({ name }) => name));
  const { rows } = await sql.query(
    `select o.name, o.status, m.role, m.member_id = p.owner as own, count(*)::int as performances from performances p
     join organisations o on o.id = p.organisation_id join organisation_members m on m.organisation_id = o.id
     group by 1, 2, 3, 4 order by 1`,
  );
  expect(rows).toEqual([
    { name: "admin", status: "approved", role: "owner", own: true, performances: 1 },
    { name: "organiser", status: "approved", role: "owner", own: true, performances: 2 },
  ]);
  expect((await sql.query("select 1 from organisation_members where member_id = $1", [fan])).rows).toEqual([]);
});

describe("beside a live sale", () => {
  const causes = all.find(({ name }) => name.endsWith("_event_causes"));
  if (causes === undefined) throw new Error("no migration makes the index");
  const event = "insert into applied_events (performance_id, seq) values (gen_random_uuid(), 1)";
  /** Whoever would have to wait fails instead. */
  const writer = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: postgres.url, lock_timeout: 5_000 });
    await client.connect();
    return client;
  };
  const isWaiting = async (statement: string): Promise<number | null> => {
    const query = "select pid from pg_stat_activity where query ilike $1 and wait_event_type = 'Lock'";
    const { rows } = await sql.query<{ pid: number }>(query, [`${statement}%`]);
    return rows[0]?.pid ?? null;
  };
  const index = async (): Promise<boolean | null> => {
    const query = "select indisvalid as valid from pg_index where indexrelid = to_regclass('applied_events_cause')";
    return (await sql.query<{ valid: boolean }>(query)).rows[0]?.valid ?? null;
  };

  it("an index of the journal of events is made while events go on being written", async () => {
    await runMigrations(postgres.url, before("_event_causes"));
    const [slow, quick] = [await writer(), await writer()];
    try {
      await slow.query("begin");
      await slow.query(event);
      const migrated = runMigrations(postgres.url, all);
      await expect.poll(() => isWaiting("create index concurrently"), { timeout: 60_000 }).not.toBeNull();
      for (let events = 0; events < 3; events += 1) await quick.query(event);
      expect(await index()).toBe(false);
      await slow.query("commit");
      expect(await migrated).toContain(causes.name);
      expect(await index()).toBe(true);
      expect((await sql.query("select 1 from applied_events")).rowCount).toBe(4);
    } finally {
      await Promise.all([slow.end(), quick.end()]);
    }
  });

  it("one whose making was broken off is made anew by the next run", async () => {
    await runMigrations(postgres.url, before("_event_causes"));
    const done = await noted();
    const slow = await writer();
    try {
      await slow.query("begin");
      await slow.query(event);
      const migrated = runMigrations(postgres.url, all).catch(String);
      await expect.poll(() => isWaiting("create index concurrently"), { timeout: 60_000 }).not.toBeNull();
      await sql.query("select pg_terminate_backend($1)", [await isWaiting("create index concurrently")]);
      expect(await migrated).toContain(`Migration ${causes.name} failed and the next run begins it anew`);
      await slow.query("commit");
      expect([await index(), await noted()]).toEqual([false, done]);
      expect(await runMigrations(postgres.url, all)).toContain(causes.name);
      expect([await index(), await noted()]).toEqual([true, all.length]);
    } finally {
      await slow.end();
    }
  });

  it("a table that somebody holds is waited for a moment at a time, and nothing is changed where it never comes free", async () => {
    await sql.query("create table busy (id int)");
    const migrations = [
      named("first", 1, "create table quiet (id int)"),
      named("second", 2, "alter table quiet add column a int", "alter table busy add column a int"),
    ];
    const holder = await writer();
    try {
      await holder.query("begin; lock table busy");
      const run = { lockMs: 50, tries: 2, turnMs: 60_000 };
      await expect(runMigrations(postgres.url, migrations, run)).rejects.toThrow(
        /^Migration second failed and nothing of it was changed; applied before it: first: .*lock timeout/,
      );
      await sql.query("insert into quiet values (1)");
      expect((await sql.query("select * from quiet")).rows).toEqual([{ id: 1 }]);
      const waiting = runMigrations(postgres.url, migrations, { ...run, tries: 1_000 });
      await expect.poll(() => isWaiting("alter table busy"), { timeout: 60_000, interval: 10 }).not.toBeNull();
      await holder.query("rollback");
      expect(await waiting).toEqual(["second"]);
    } finally {
      await holder.end();
    }
  });

  it("two runs at once apply everything once", async () => {
    const runs = await Promise.all([runMigrations(postgres.url, all), runMigrations(postgres.url, all)]);
    expect(runs.map((names) => names.length).toSorted((a, b) => a - b)).toEqual([0, all.length]);
    expect(await noted()).toBe(all.length);
  });
});

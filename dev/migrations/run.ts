/**
 * Applies what is pending, beside a live sale. Each migration is a transaction of its own, which waits for a lock a moment
 * only: whoever waits for a table has everybody else wait behind. Indexes that are made concurrently run outside of
 * transactions, can fail half way, and are begun anew by the next run.
 *
 * What has been applied is written where drizzle's migrator wrote it, so that a database of before goes on.
 */
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { Failure, sentenceOf } from "../failure.ts";
import type { Migration } from "./files.ts";
import { concurrentIndex } from "./locks.ts";

const CONNECT_MS = 10_000;
/** One run at a time: the number is this project's. */
const ADVISORY_LOCK = 7_413_820_551;
const ASK_AGAIN_MS = 500;
const LOCK_NOT_AVAILABLE = "55P03";

export interface MigrationRun {
  /** Milliseconds a statement waits for a table that somebody else holds, and how often it tries. */
  readonly lockMs: number;
  readonly tries: number;
  /** Milliseconds to wait for another run. */
  readonly turnMs: number;
}

/** Answers the names of what it applied. @throws Failure, which says what is applied and what is not. */
export async function runMigrations(
  databaseUrl: string,
  migrations: readonly Migration[],
  { lockMs, tries, turnMs }: MigrationRun = { lockMs: 3_000, tries: 10, turnMs: 60_000 },
): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS });
  // A connection that breaks meanwhile is reported by the statement that needed it.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new Failure(`Postgres cannot be reached: ${sentenceOf(error)}.`);
  }
  const applied: string[] = [];
  try {
    await takeTurn(client, turnMs);
    await client.query("create schema if not exists drizzle");
    await client.query(
      "create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)",
    );
    const { rows } = await client.query<{ at: string | null }>(
      "select max(created_at) as at from drizzle.__drizzle_migrations",
    );
    const last = Number(rows[0]?.at ?? 0);
    for (const migration of migrations.filter(({ when }) => when > last)) {
      await applyOne(client, migration, lockMs, tries).catch((error: unknown) => {
        const left = isAlone(migration) ? "the next run begins it anew" : "nothing of it was changed";
        const before = applied.length === 0 ? "" : `; applied before it: ${applied.join(", ")}`;
        throw new Failure(`Migration ${migration.name} failed and ${left}${before}: ${sentenceOf(error)}.`);
      });
      applied.push(migration.name);
    }
    return applied;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Asked again and again rather than waited for: an index that is made concurrently waits for every statement under way, a waiting one included. */
async function takeTurn(client: pg.Client, turnMs: number): Promise<void> {
  const until = Date.now() + turnMs;
  for (;;) {
    const { rows } = await client.query<{ got: boolean }>("select pg_try_advisory_lock($1) as got", [ADVISORY_LOCK]);
    if (rows[0]?.got === true) return;
    if (Date.now() >= until) throw new Failure("Somebody else is applying migrations: nothing was changed.");
    await pause(ASK_AGAIN_MS);
  }
}

async function applyOne(client: pg.Client, migration: Migration, lockMs: number, tries: number): Promise<void> {
  if (isAlone(migration)) return applyAlone(client, migration);
  for (let left = tries; ; left--) {
    try {
      return await applyTogether(client, migration, lockMs);
    } catch (error) {
      // A connection that is gone has rolled back already.
      await client.query("rollback").catch(() => undefined);
      if (left <= 1 || !(error instanceof pg.DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
      // Those who queued behind us have their turn first.
      await pause(ASK_AGAIN_MS);
    }
  }
}

function isAlone({ statements }: Migration): boolean {
  return statements.some((statement) => concurrentIndex(statement) !== null);
}

async function applyTogether(client: pg.Client, migration: Migration, lockMs: number): Promise<void> {
  await client.query("begin");
  await client.query(`set local lock_timeout = ${lockMs}`);
  for (const statement of migration.statements) await client.query(statement);
  await note(client, migration);
  await client.query("commit");
}

/** Each statement by itself; what an earlier run finished is not done again, and what it left broken is removed first. */
async function applyAlone(client: pg.Client, migration: Migration): Promise<void> {
  for (const statement of migration.statements) {
    const of = concurrentIndex(statement);
    if (of === null) throw new Failure("what runs outside of a transaction has a migration of its own");
    const found = await validity(client, of.index);
    if (of.makes && found === true) continue;
    if (found !== null) await client.query(`drop index concurrently ${client.escapeIdentifier(of.index)}`);
    if (of.makes) await client.query(statement);
  }
  await note(client, migration);
}

/** Null: there is no such index. False: its making was broken off, and nobody reads it. */
async function validity(client: pg.Client, index: string): Promise<boolean | null> {
  const query = "select indisvalid as valid from pg_index where indexrelid = to_regclass($1)";
  const { rows } = await client.query<{ valid: boolean }>(query, [client.escapeIdentifier(index)]);
  return rows[0]?.valid ?? null;
}

async function note(client: pg.Client, { hash, when }: Migration): Promise<void> {
  await client.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)", [hash, when]);
}

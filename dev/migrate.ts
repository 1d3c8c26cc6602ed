/**
 * Applies the Postgres migrations (migrations/*.sql, made by drizzle-kit from the records' schema).
 *
 *     DATABASE_URL=postgres://… npm run db:migrate
 *
 * Over a plain connection, because there all pending migrations are one transaction; the migrator of the HTTP driver
 * runs statement by statement and can stop half way.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyPending } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { projectRoot } from "./children.ts";
import { Failure, sentenceOf } from "./failure.ts";

const folder = path.join(projectRoot, "migrations");
const CONNECT_MS = 10_000;

export async function migrate(databaseUrl: string): Promise<void> {
  if (!existsSync(path.join(folder, "meta/_journal.json"))) {
    throw new Failure("There are no migrations in migrations/: make them with npm run db:generate.");
  }
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS });
  // A connection that breaks meanwhile is reported by the statement that needed it.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new Failure(`Postgres cannot be reached: ${sentenceOf(error)}.`);
  }
  try {
    await applyPending(drizzle(client), { migrationsFolder: folder });
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Failure(`A migration failed and nothing was changed: ${sentenceOf(cause)}.`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

if (import.meta.main) {
  try {
    const databaseUrl = process.env["DATABASE_URL"];
    if (!databaseUrl) throw new Failure("DATABASE_URL is not set: it names the Postgres to migrate.");
    await migrate(databaseUrl);
    console.log("✓ Migrations are applied.");
  } catch (error) {
    console.error(`✗ ${sentenceOf(error)}`);
    process.exitCode = 1;
  }
}

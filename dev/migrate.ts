/**
 * Applies the Postgres migrations (migrations/*.sql, made by drizzle-kit from the records' schema).
 *
 *     DATABASE_URL=postgres://… npm run db:migrate
 *
 * Over a plain connection, because transactions and locks belong to one. How they run: migrations/run.ts.
 */
import { Failure, sentenceOf } from "./failure.ts";
import { migrationsFolder, readMigrations } from "./migrations/files.ts";
import { runMigrations } from "./migrations/run.ts";

/** Answers the names of what it applied. @throws Failure when Postgres cannot be reached, or a migration failed. */
export function migrate(databaseUrl: string): Promise<readonly string[]> {
  return runMigrations(databaseUrl, readMigrations(migrationsFolder));
}

if (import.meta.main) {
  try {
    const databaseUrl = process.env["DATABASE_URL"];
    if (!databaseUrl) throw new Failure("DATABASE_URL is not set: it names the Postgres to migrate.");
    const applied = await migrate(databaseUrl);
    console.log(`✓ Migrations are applied${applied.length === 0 ? "; none was pending" : `: ${applied.join(", ")}`}.`);
  } catch (error) {
    console.error(`✗ ${sentenceOf(error)}`);
    process.exitCode = 1;
  }
}

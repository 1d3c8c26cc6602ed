/**
 * npm run db:migrate: applies the Postgres migrations (migrations/*.sql, made by drizzle-kit from the records' schema).
 *
 * Over a plain connection, because transactions and locks belong to one. How they run: migrations/run.ts.
 */
import { command } from "./command.ts";
import { Failure } from "./failure.ts";
import { migrationsFolder, readMigrations } from "./migrations/files.ts";
import { runMigrations } from "./migrations/run.ts";

/** Answers the names of what it applied. @throws Failure when Postgres cannot be reached, or a migration failed. */
export function migrate(databaseUrl: string): Promise<readonly string[]> {
  return runMigrations(databaseUrl, readMigrations(migrationsFolder));
}

const usage = `DATABASE_URL=postgres://… npm run db:migrate
  DATABASE_URL    the Postgres to migrate: of Neon's two addresses the direct one`;

if (import.meta.main) {
  await command(usage, async () => {
    const databaseUrl = process.env["DATABASE_URL"];
    if (!databaseUrl) throw new Failure("DATABASE_URL is not set: it names the Postgres to migrate.");
    const applied = await migrate(databaseUrl);
    console.log(`✓ Migrations are applied${applied.length === 0 ? "; none was pending" : `: ${applied.join(", ")}`}.`);
  });
}

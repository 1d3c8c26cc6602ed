/** Migrations as they lie in migrations/: in the order of drizzle-kit's journal, each with its statements. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { projectRoot } from "../children.ts";
import { Failure } from "../failure.ts";

export const migrationsFolder = path.join(projectRoot, "migrations");

export interface Migration {
  readonly name: string;
  /** When it was made, in milliseconds: what the database remembers of it. */
  readonly when: number;
  readonly hash: string;
  readonly statements: readonly string[];
}

const journalOf = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) });

/** @throws Failure when there are none, or the journal names a file that is not there. */
export function readMigrations(folder: string): readonly Migration[] {
  const journal = path.join(folder, "meta/_journal.json");
  if (!existsSync(journal)) {
    throw new Failure("There are no migrations in migrations/: make them with npm run db:generate.");
  }
  const { entries } = journalOf.parse(JSON.parse(readFileSync(journal, "utf8")));
  return entries.map(({ tag, when }) => {
    const file = path.join(folder, `${tag}.sql`);
    if (!existsSync(file)) throw new Failure(`The journal names ${tag}.sql, which is not in migrations/.`);
    const text = readFileSync(file, "utf8");
    const statements = text.split("--> statement-breakpoint").filter((statement) => statement.trim() !== "");
    return { name: tag, when, hash: createHash("sha256").update(text).digest("hex"), statements };
  });
}

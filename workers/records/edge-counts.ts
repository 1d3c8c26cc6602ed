/** How often the edge refused something, added up over all isolates. */
import { sql } from "drizzle-orm";
import { auditInsert } from "./audit.ts";
import type { Records } from "./database.ts";
import { edgeCounts } from "./schema.ts";

export interface EdgeCount {
  readonly name: string;
  readonly count: number;
}

/** What is about somebody trying keys is in the audit log too, as a number over a few seconds. */
const SECURITY = new Set([
  "sign-in failed",
  "rate-limited sign-in",
  "challenge failed",
  "presale code refused",
  "verification refused",
]);

export async function addEdgeCounts(db: Records, counts: readonly EdgeCount[]): Promise<void> {
  if (counts.length === 0) return;
  const add = db
    .insert(edgeCounts)
    .values([...counts])
    .onConflictDoUpdate({
      target: edgeCounts.name,
      set: { count: sql`${edgeCounts.count} + excluded.count`, updatedAt: new Date() },
    });
  const entries = counts
    .filter(({ name }) => SECURITY.has(name))
    .map(({ name, count }) => auditInsert(db, { performanceId: null, actor: "edge", action: name, detail: { count } }));
  await db.batch([add, ...entries]);
}

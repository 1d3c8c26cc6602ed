/** The audit log: inserts and reads, never an update. */
import { and, desc, eq, sql } from "drizzle-orm";
import type { Page, Position } from "./cursor.ts";
import { pageOf } from "./cursor.ts";
import type { Records } from "./database.ts";
import { auditLog } from "./schema.ts";

export interface AuditEntry {
  readonly performanceId: string | null;
  readonly actor: string;
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export type AuditRow = typeof auditLog.$inferSelect;

/** The insert itself, not yet sent: it can join a batch, so that an action and its entry are one transaction. */
export function auditInsert(db: Records, entry: AuditEntry) {
  return db.insert(auditLog).values(entry);
}

export async function writeAudit(db: Records, entry: AuditEntry): Promise<void> {
  await auditInsert(db, entry);
}

/** Newest first. */
export async function listAudit(
  db: Records,
  performanceId: string,
  after: Position | null,
  limit: number,
): Promise<Page<AuditRow>> {
  const before =
    after === null
      ? undefined
      : sql`(${auditLog.at}, ${auditLog.id}) < (${after.at.toISOString()}::timestamptz, ${after.id}::bigint)`;
  const rows = await db
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.performanceId, performanceId), before))
    .orderBy(desc(auditLog.at), desc(auditLog.id))
    .limit(limit + 1);
  return pageOf(rows, limit, ({ at, id }) => ({ at, id: String(id) }));
}

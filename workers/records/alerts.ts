/** What the watch remembers from minute to minute. */
import { inArray, sql } from "drizzle-orm";
import type { Records } from "./database.ts";
import { alerts } from "./schema.ts";

export type AlertRow = Omit<typeof alerts.$inferSelect, "createdAt" | "updatedAt">;

export async function readAlerts(db: Records): Promise<readonly AlertRow[]> {
  return db
    .select({
      key: alerts.key,
      performanceId: alerts.performanceId,
      severity: alerts.severity,
      title: alerts.title,
      detail: alerts.detail,
      raisedAt: alerts.raisedAt,
      toldAt: alerts.toldAt,
      clearedAt: alerts.clearedAt,
    })
    .from(alerts);
}

/** All but `told_at`, which only markTold moves: a message that was not delivered was not told. */
export async function writeAlerts(db: Records, rows: readonly AlertRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insert(alerts)
    .values(rows.map((row) => ({ ...row })))
    .onConflictDoUpdate({
      target: alerts.key,
      set: {
        severity: sql`excluded.severity`,
        title: sql`excluded.title`,
        detail: sql`excluded.detail`,
        raisedAt: sql`excluded.raised_at`,
        clearedAt: sql`excluded.cleared_at`,
      },
    });
}

export async function markTold(db: Records, keys: readonly string[], now: Date): Promise<void> {
  await db
    .update(alerts)
    .set({ toldAt: now })
    .where(inArray(alerts.key, [...keys]));
}

export async function forgetAlerts(db: Records, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await db.delete(alerts).where(inArray(alerts.key, [...keys]));
}

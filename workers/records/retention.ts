/**
 * What is kept how long, for the rows nobody else removes (docs/operations/retention.md has all of them). Each run takes a
 * slice, so that a night of a million rows never holds up a minute's cron.
 */
import { sql, type SQL } from "drizzle-orm";
import type { Records } from "./database.ts";

const DAY_MS = 86_400_000;
/** Rows of a table in one run. */
const SLICE = 1_000;

export const keptDays = {
  /** What a provider's notification said; that it came is known for ever, or a repetition would start work again. */
  notificationBodies: 90,
  /** What webhooks were sent, and what they answered. */
  deliveries: 90,
  /** Who was told what of a sale, after its object was emptied: until then a repeated event must find the row. */
  notices: 180,
  /** Events that were set aside and have been applied since. */
  appliedLetters: 90,
  /** Tickets shown at doors. */
  scans: 365,
} as const;

/** Answers how many rows went, by table, where any did. */
export async function purgeOldRows(db: Records, now: Date): Promise<Readonly<Record<string, number>>> {
  const before = (days: number): string => new Date(now.getTime() - days * DAY_MS).toISOString();
  const purges: readonly (readonly [table: string, statement: SQL])[] = [
    [
      "provider_events",
      sql`update provider_events set body = '{}'::jsonb, updated_at = now() where ctid = any(array(
        select ctid from provider_events where received_at < ${before(keptDays.notificationBodies)}::timestamptz
          and body <> '{}'::jsonb limit ${SLICE}))`,
    ],
    [
      "webhook_deliveries",
      sql`delete from webhook_deliveries where ctid = any(array(
        select ctid from webhook_deliveries where at < ${before(keptDays.deliveries)}::timestamptz limit ${SLICE}))`,
    ],
    [
      "notices",
      sql`delete from notices where ctid = any(array(
        select n.ctid from notices n join performances p on p.id = n.performance_id
        where p.emptied_at < ${before(keptDays.notices)}::timestamptz and n.state <> 'waiting'
          and n.updated_at < ${before(keptDays.notices)}::timestamptz limit ${SLICE}))`,
    ],
    [
      "quarantined_events",
      sql`delete from quarantined_events where ctid = any(array(
        select q.ctid from quarantined_events q join applied_events a
          on a.performance_id::text = q.performance_id and a.seq = q.seq
        where q.at < ${before(keptDays.appliedLetters)}::timestamptz limit ${SLICE}))`,
    ],
    [
      "door_scans",
      sql`delete from door_scans where ctid = any(array(
        select ctid from door_scans where at < ${before(keptDays.scans)}::timestamptz limit ${SLICE}))`,
    ],
    [
      "reconciler_passes",
      sql`delete from reconciler_passes where performance_id in (
        select id from performances where emptied_at is not null limit ${SLICE})`,
    ],
  ];
  const [first, ...rest] = purges.map(([, statement]) => db.execute(statement));
  if (first === undefined) return {};
  const results = await db.batch([first, ...rest]);
  const gone = purges.map(([table], index) => [table, results[index]?.rowCount ?? 0] as const);
  return Object.fromEntries(gone.filter(([, count]) => count > 0));
}

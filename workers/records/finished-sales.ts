/** Sales that are over: which of them are still kept in their objects, which are to be emptied, and which have been. */
import { sql } from "drizzle-orm";
import type { Environment } from "../environment.ts";
import type { Records } from "./database.ts";
import { orders, performances } from "./schema.ts";

const DAY_MS = 86_400_000;
const KEPT_DAYS = 30;

/** How long an object stays as it is after its last date: ARCHIVE_AFTER_DAYS, thirty where it is not set. */
export function keptMs(env: Pick<Environment, "ARCHIVE_AFTER_DAYS">): number {
  const days = Number(env.ARCHIVE_AFTER_DAYS ?? KEPT_DAYS);
  return (Number.isFinite(days) && days >= 0 ? days : KEPT_DAYS) * DAY_MS;
}

export const finishedStates = ["kept", "waiting", "emptied"] as const;
export type FinishedState = (typeof finishedStates)[number];

const isClosed = sql`p.phase = 'closed' and p.published_at is not null and p.emptied_at is null`;

/** None of its dates begins after that. */
function isOverSince(before: Date) {
  return sql`not exists (select 1 from schedules s where s.performance_id = p.id and s.published_at is not null
    and s.cancelled_at is null and s.starts_at > ${before.toISOString()}::timestamptz)`;
}

/** Closed, its dates past, nothing of it open: as the records see it. The object has the last word. */
export async function listFinished(db: Records, before: Date, most: number): Promise<readonly string[]> {
  const { rows } = await db.execute(sql`
    select p.id from ${performances} p
    where ${isClosed} and ${isOverSince(before)}
      and not exists (select 1 from ${orders} o where o.performance_id = p.id
        and o.status in ('pending', 'paying', 'awaiting-deposit', 'cancelling'))
    order by random() limit ${most}`);
  return rows.map((row) => String(row["id"]));
}

/**
 * One row, a column for each state, and in `over` the milliseconds since the first of those that wait was over: its last date,
 * or its closing where that was set later. Who waits may wait for an order that is open, or for the minute's cron.
 */
export function countFinished(db: Records, now: Date, keptForMs: number) {
  const before = new Date(now.getTime() - keptForMs);
  const closeAt = sql`(p.settings->>'closeAt')::float8`;
  const over = sql`greatest(p.published_at, case when ${closeAt} <= ${now.getTime()} then to_timestamp(${closeAt} / 1000) end,
    (select max(coalesce(s.cancelled_at, s.starts_at)) from schedules s where s.performance_id = p.id and s.published_at is not null))`;
  return db.execute(sql`
    select count(*) filter (where ${isClosed} and not ${isOverSince(before)})::int as kept,
      count(*) filter (where ${isClosed} and ${isOverSince(before)})::int as waiting,
      extract(epoch from ${now.toISOString()}::timestamptz - min(${over}) filter (where ${isClosed} and ${isOverSince(before)})) * 1000 as over,
      count(*) filter (where p.emptied_at is not null)::int as emptied
    from ${performances} p`);
}

/**
 * What organisers write: halls, drafts and dates. `scope` is whose rows may be seen or changed: those of the approved
 * organisations that a member edits, or, for null, everybody's (an admin). It is part of every condition, so that a
 * foreign row simply is not found.
 */
import { and, asc, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { AuditEntry } from "./audit.ts";
import { auditInsert } from "./audit.ts";
import type { Page, Position } from "./cursor.ts";
import { pageOf } from "./cursor.ts";
import type { Records } from "./database.ts";
import { halls, organisationMembers, organisations, performances, schedules } from "./schema.ts";

export type Scope = string | null;
export type PerformanceRow = typeof performances.$inferSelect;
export type PerformancePatch = Partial<typeof performances.$inferInsert>;
export type ScheduleRow = typeof schedules.$inferSelect;
export type HallRow = typeof halls.$inferSelect;
export type HallSummary = Omit<HallRow, "chart" | "revises">;

const hallSummary = {
  id: halls.id,
  owner: halls.owner,
  organisationId: halls.organisationId,
  name: halls.name,
  address: halls.address,
  timeZone: halls.timeZone,
  seats: halls.seats,
  grades: halls.grades,
  createdAt: halls.createdAt,
  updatedAt: halls.updatedAt,
};

const ownedBy = (organisation: PgColumn, scope: Scope) =>
  scope === null
    ? undefined
    : sql`${organisation} in (
        select ${organisationMembers.organisationId} from ${organisationMembers}
        join ${organisations} on ${organisations.id} = ${organisationMembers.organisationId}
        where ${organisationMembers.memberId} = ${scope}::uuid and ${organisationMembers.role} in ('owner', 'editor')
          and ${organisations.status} = 'approved')`;

const olderThan = (at: PgColumn, id: PgColumn, after: Position | null) =>
  after === null ? undefined : sql`(${at}, ${id}) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`;

export async function createHall(db: Records, hall: typeof halls.$inferInsert, audit: AuditEntry): Promise<void> {
  await db.batch([db.insert(halls).values(hall), auditInsert(db, audit)]);
}

export async function listHalls(
  db: Records,
  scope: Scope,
  after: Position | null,
  limit: number,
): Promise<Page<HallSummary>> {
  const rows = await db
    .select(hallSummary)
    .from(halls)
    .where(
      and(ownedBy(halls.organisationId, scope), isNull(halls.revises), olderThan(halls.createdAt, halls.id, after)),
    )
    .orderBy(desc(halls.createdAt), desc(halls.id))
    .limit(limit + 1);
  return pageOf(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
}

export async function hallExists(db: Records, scope: Scope, id: string): Promise<boolean> {
  const rows = await db
    .select({ id: halls.id })
    .from(halls)
    .where(and(eq(halls.id, id), ownedBy(halls.organisationId, scope)));
  return rows.length > 0;
}

/** With charts: only for publication. */
export async function readHalls(db: Records, ids: readonly string[]): Promise<readonly HallRow[]> {
  return ids.length === 0
    ? []
    : db
        .select()
        .from(halls)
        .where(inArray(halls.id, [...ids]));
}

export async function createPerformance(
  db: Records,
  performance: typeof performances.$inferInsert,
  audit: AuditEntry,
): Promise<PerformanceRow | null> {
  const [rows] = await db.batch([db.insert(performances).values(performance).returning(), auditInsert(db, audit)]);
  return rows[0] ?? null;
}

export async function readPerformance(db: Records, scope: Scope, id: string): Promise<PerformanceRow | null> {
  const own = and(eq(performances.id, id), ownedBy(performances.organisationId, scope));
  const rows = await db.select().from(performances).where(own).limit(1);
  return rows[0] ?? null;
}

export async function listPerformances(
  db: Records,
  scope: Scope,
  after: Position | null,
  limit: number,
): Promise<Page<PerformanceRow>> {
  const rows = await db
    .select()
    .from(performances)
    .where(and(ownedBy(performances.organisationId, scope), olderThan(performances.createdAt, performances.id, after)))
    .orderBy(desc(performances.createdAt), desc(performances.id))
    .limit(limit + 1);
  return pageOf(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
}

/**
 * null when it is no draft any more, or not the one that was seen: the condition is part of the statement, so that neither
 * publication nor another change can cross it. `seen` is its `updatedAt`; null: whichever it is.
 */
export async function changeDraft(
  db: Records,
  id: string,
  patch: PerformancePatch,
  seen: Date | null,
): Promise<PerformanceRow | null> {
  const draft = and(
    eq(performances.id, id),
    isNull(performances.publishingAt),
    isNull(performances.publishedAt),
    seen === null ? undefined : eq(performances.updatedAt, seen),
  );
  const rows = await db.update(performances).set(patch).where(draft).returning();
  return rows[0] ?? null;
}

/** Freezes the draft before it is read for publication. Idempotent. */
export async function freezeDraft(db: Records, id: string, now: Date): Promise<void> {
  const unfrozen = and(eq(performances.id, id), isNull(performances.publishingAt));
  await db.update(performances).set({ publishingAt: now }).where(unfrozen);
}

/** Opens it for changes again after a publication that was refused. A published one stays frozen. */
export async function thawDraft(db: Records, id: string): Promise<void> {
  const refused = and(eq(performances.id, id), isNull(performances.publishedAt));
  await db.update(performances).set({ publishingAt: null }).where(refused);
}

/** Marks what the object has accepted. The first publication's time stays. */
export async function markPublished(
  db: Records,
  id: string,
  scheduleIds: readonly string[],
  phase: string,
  audit: AuditEntry,
): Promise<void> {
  const now = new Date();
  const dates = and(inArray(schedules.id, [...scheduleIds]), isNull(schedules.publishedAt));
  const first = and(eq(performances.id, id), isNull(performances.publishedAt));
  await db.batch([
    db.update(schedules).set({ publishedAt: now }).where(dates),
    // The object's first report may be in already; then its phase is newer than the reply.
    db
      .update(performances)
      .set({
        publishedAt: now,
        phase: sql`case when ${performances.stateVersion} = 0 then ${phase} else ${performances.phase} end`,
      })
      .where(first),
    auditInsert(db, audit),
  ]);
}

export async function createSchedule(
  db: Records,
  schedule: typeof schedules.$inferInsert,
  audit: AuditEntry,
): Promise<ScheduleRow | null> {
  const [rows] = await db.batch([db.insert(schedules).values(schedule).returning(), auditInsert(db, audit)]);
  return rows[0] ?? null;
}

/** Takes a date back that nobody could have seen. False when there is none, or the performance is no draft any more. */
export async function removeSchedule(
  db: Records,
  performanceId: string,
  id: string,
  audit: AuditEntry,
): Promise<boolean> {
  const draft = db
    .select({ id: performances.id })
    .from(performances)
    .where(and(eq(performances.id, performanceId), isNull(performances.publishingAt)));
  const unseen = and(
    eq(schedules.id, id),
    eq(schedules.performanceId, performanceId),
    isNull(schedules.publishedAt),
    inArray(schedules.performanceId, draft),
  );
  const rows = await db.delete(schedules).where(unseen).returning({ id: schedules.id });
  if (rows.length === 0) return false;
  await auditInsert(db, audit);
  return true;
}

/** Throws a draft away with its dates; one statement, so that a publication at the same moment either sees all or stops it. */
export async function removeDraft(db: Records, id: string, audit: AuditEntry): Promise<boolean> {
  const rows = await db.execute(sql`
    with gone as (
      delete from ${schedules} where ${schedules.performanceId} = ${id} and exists (
        select 1 from ${performances} where ${performances.id} = ${id} and ${performances.publishingAt} is null)
      returning 1)
    delete from ${performances} where ${performances.id} = ${id} and ${performances.publishingAt} is null
      and (select count(*) from gone) >= 0 returning ${performances.id}`);
  if (rows.rows.length === 0) return false;
  await auditInsert(db, audit);
  return true;
}

export async function readHall(db: Records, scope: Scope, id: string): Promise<HallRow | null> {
  const rows = await db
    .select()
    .from(halls)
    .where(and(eq(halls.id, id), ownedBy(halls.organisationId, scope)))
    .limit(1);
  return rows[0] ?? null;
}

export async function listSchedules(db: Records, performanceId: string): Promise<readonly ScheduleRow[]> {
  return db
    .select()
    .from(schedules)
    .where(eq(schedules.performanceId, performanceId))
    .orderBy(asc(schedules.startsAt), asc(schedules.id));
}

/** A published date after what its object has decided: moved to another time, or cancelled. */
export async function markSchedule(
  db: Records,
  id: string,
  change: { readonly startsAt?: Date; readonly cancelledAt?: Date },
): Promise<void> {
  await db.update(schedules).set(change).where(eq(schedules.id, id));
}

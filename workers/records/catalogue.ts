/** What anybody may read: published performances and their dates. Charts stay out of it; the objects serve those. */
import { and, asc, desc, eq, ilike, isNotNull, max, min, ne, or, sql } from "drizzle-orm";
import type { Page, Position } from "./cursor.ts";
import { pageOf } from "./cursor.ts";
import { literally } from "./literally.ts";
import type { Records } from "./database.ts";
import { halls, performances, schedules } from "./schema.ts";

const venue = { name: halls.name, address: halls.address, timeZone: halls.timeZone };

/** Newest publication first. `search`: part of a title in either language, or of the hall's name; "" for all. */
export async function listPublished(db: Records, search: string, after: Position | null, limit: number) {
  const part = `%${literally(search)}%`;
  const found =
    search === ""
      ? undefined
      : or(ilike(performances.title, part), ilike(performances.titleEn, part), ilike(halls.name, part));
  const older =
    after === null
      ? undefined
      : sql`(${performances.publishedAt}, ${performances.id}) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`;
  const rows = await published(db, and(isNotNull(performances.publishedAt), older, found))
    .orderBy(desc(performances.publishedAt), desc(performances.id))
    .limit(limit + 1);
  return pageOf(rows, limit, ({ performance }) => ({
    at: performance.publishedAt ?? performance.createdAt,
    id: performance.id,
  }));
}

/** Null: there is none, or it is a draft. */
export async function readPublished(db: Records, id: string): Promise<PublishedPerformance | null> {
  const rows = await published(db, and(isNotNull(performances.publishedAt), eq(performances.id, id))).limit(1);
  return rows[0] ?? null;
}

/** One round trip per page: the dates' range is joined in, not asked for performance by performance. */
function published(db: Records, condition: ReturnType<typeof and>) {
  const dates = db
    .select({
      performanceId: schedules.performanceId,
      first: min(schedules.startsAt).as("first_starts_at"),
      last: max(schedules.startsAt).as("last_starts_at"),
    })
    .from(schedules)
    .where(isNotNull(schedules.publishedAt))
    .groupBy(schedules.performanceId)
    .as("dates");
  return db
    .select({ performance: performances, venue, firstStartsAt: dates.first, lastStartsAt: dates.last })
    .from(performances)
    .innerJoin(halls, eq(halls.id, performances.hallId))
    .leftJoin(dates, eq(dates.performanceId, performances.id))
    .where(condition)
    .$dynamic();
}

export type PublishedPerformance = Awaited<ReturnType<typeof published>>[number];
export type PublishedPage = Page<PublishedPerformance>;

export async function listPublishedSchedules(db: Records, performanceId: string) {
  return db
    .select({
      id: schedules.id,
      startsAt: schedules.startsAt,
      cancelledAt: schedules.cancelledAt,
      hallName: halls.name,
      timeZone: halls.timeZone,
      seats: halls.seats,
    })
    .from(schedules)
    .innerJoin(halls, eq(halls.id, schedules.hallId))
    .where(and(eq(schedules.performanceId, performanceId), isNotNull(schedules.publishedAt)))
    .orderBy(asc(schedules.startsAt), asc(schedules.id));
}

export type PublishedSchedule = Awaited<ReturnType<typeof listPublishedSchedules>>[number];

/** Published and not over, as far as the records know. */
export async function listOpenPerformances(db: Records, limit: number): Promise<readonly string[]> {
  const rows = await db
    .select({ id: performances.id })
    .from(performances)
    .where(and(isNotNull(performances.publishedAt), ne(performances.phase, "closed")))
    .orderBy(desc(performances.publishedAt))
    .limit(limit);
  return rows.map((row) => row.id);
}

export async function pingRecords(db: Records): Promise<void> {
  await db.execute(sql`select 1`);
}

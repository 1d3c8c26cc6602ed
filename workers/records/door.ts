/** Doors in the records: the tickets of a date, the scans, and what each came to. */
import { and, asc, count, desc, eq, inArray, isNotNull, ne, or, sql } from "drizzle-orm";
import type { Records } from "./database.ts";
import type { FirstUse, KnownTicket, Scan } from "./door-judge.ts";
import { doorScans, halls, orderSeats, performances, schedules, tickets } from "./schema.ts";

export type ScanRow = typeof doorScans.$inferSelect;

export interface Place {
  readonly performanceId: string;
  readonly scheduleId: string;
}

export async function readDoorPlace(db: Records, { performanceId, scheduleId }: Place) {
  const rows = await db
    .select({
      title: performances.title,
      startsAt: schedules.startsAt,
      hallName: halls.name,
      timeZone: halls.timeZone,
    })
    .from(schedules)
    .innerJoin(performances, eq(performances.id, schedules.performanceId))
    .innerJoin(halls, eq(halls.id, schedules.hallId))
    .where(
      and(eq(schedules.id, scheduleId), eq(schedules.performanceId, performanceId), isNotNull(schedules.publishedAt)),
    )
    .limit(1);
  return rows[0] ?? null;
}

const seatWords = {
  section: orderSeats.section,
  row: orderSeats.row,
  label: orderSeats.label,
  grade: orderSeats.grade,
};

const knownTicket = {
  id: tickets.id,
  performanceId: tickets.performanceId,
  scheduleId: tickets.scheduleId,
  status: tickets.status,
  version: tickets.version,
  code: tickets.code,
  seat: seatWords,
};

function withSeats(db: Records) {
  return db
    .select(knownTicket)
    .from(tickets)
    .innerJoin(orderSeats, and(eq(orderSeats.orderId, tickets.orderId), eq(orderSeats.seatId, tickets.seatId)))
    .$dynamic();
}

/** Everything needed to judge some scans, in one round trip. */
export async function readForScans(
  db: Records,
  place: Place,
  wanted: {
    readonly scanIds: readonly string[];
    readonly ticketIds: readonly string[];
    readonly codes: readonly string[];
  },
): Promise<{
  readonly recorded: readonly ScanRow[];
  readonly tickets: readonly KnownTicket[];
  readonly uses: readonly FirstUse[];
}> {
  const shown = or(
    inArray(tickets.id, [...wanted.ticketIds]),
    and(eq(tickets.performanceId, place.performanceId), inArray(tickets.code, [...wanted.codes])),
  );
  const [recorded, found, uses] = await db.batch([
    db
      .select()
      .from(doorScans)
      .where(and(eq(doorScans.scheduleId, place.scheduleId), inArray(doorScans.id, [...wanted.scanIds]))),
    withSeats(db).where(shown),
    db
      .select({ ticketId: sql<string>`${doorScans.ticketId}`, at: doorScans.at, device: doorScans.device })
      .from(doorScans)
      .innerJoin(tickets, eq(tickets.id, doorScans.ticketId))
      .where(and(eq(doorScans.result, "admitted"), shown)),
  ]);
  return { recorded, tickets: found, uses };
}

/** Writes scans down. Those that are missing in the answer met a row that was there first: a repeat, or somebody faster. */
export async function recordScans(
  db: Records,
  place: Place,
  operator: string,
  scans: readonly Scan[],
): Promise<ReadonlySet<string>> {
  if (scans.length === 0) return new Set();
  const rows = scans.map((scan) => ({ ...place, operator, ...scan }));
  const written = await db.insert(doorScans).values(rows).onConflictDoNothing().returning({ id: doorScans.id });
  return new Set(written.map(({ id }) => id));
}

const MOST_CONFLICTS = 100;

/** How full the house is, and what was let in that should not have been. */
export async function readDoorFigures(db: Records, place: Place) {
  const here = and(eq(doorScans.scheduleId, place.scheduleId), eq(doorScans.performanceId, place.performanceId));
  const [valid, admitted, conflicts] = await db.batch([
    db
      .select({ n: count() })
      .from(tickets)
      .where(
        and(
          eq(tickets.scheduleId, place.scheduleId),
          eq(tickets.performanceId, place.performanceId),
          eq(tickets.status, "valid"),
        ),
      ),
    db
      .select({ n: count() })
      .from(doorScans)
      .where(and(here, eq(doorScans.result, "admitted"))),
    db
      .select({
        id: doorScans.id,
        at: doorScans.at,
        device: doorScans.device,
        result: doorScans.result,
        seat: seatWords,
      })
      .from(doorScans)
      .leftJoin(tickets, eq(tickets.id, doorScans.ticketId))
      .leftJoin(orderSeats, and(eq(orderSeats.orderId, tickets.orderId), eq(orderSeats.seatId, tickets.seatId)))
      .where(and(here, eq(doorScans.letIn, true), ne(doorScans.result, "admitted")))
      .orderBy(desc(doorScans.at))
      .limit(MOST_CONFLICTS),
  ]);
  return { valid: valid[0]?.n ?? 0, admitted: admitted[0]?.n ?? 0, conflicts };
}

/** Every ticket of a date with its use, for a door that will have no connection. */
export async function listForDoor(db: Records, place: Place) {
  return db
    .select({ ...knownTicket, usedAt: doorScans.at })
    .from(tickets)
    .innerJoin(orderSeats, and(eq(orderSeats.orderId, tickets.orderId), eq(orderSeats.seatId, tickets.seatId)))
    .leftJoin(doorScans, and(eq(doorScans.ticketId, tickets.id), eq(doorScans.result, "admitted")))
    .where(and(eq(tickets.scheduleId, place.scheduleId), eq(tickets.performanceId, place.performanceId)))
    .orderBy(asc(tickets.id));
}

/**
 * Once a minute every sale hands over what of it is not an order, so that its object can be built again; what has not changed
 * costs one call and no row. People of the line come in segments that never change once they are full.
 */
import { and, asc, eq, isNotNull, isNull, lt, ne, sql } from "drizzle-orm";
import type {
  DrawView,
  Figures,
  QueueSegment,
  SaleCopy,
  SegmentKind,
} from "../../durable-objects/performance/contract.ts";
import { askPerformanceAgain } from "../calls/objects.ts";
import { errorFields, log } from "../../durable-objects/log.ts";
import type { Environment } from "../environment.ts";
import { withRecords, type Records } from "./database.ts";
import { performances, queueSegments, saleCopies } from "./schema.ts";

const AT_ONCE = 6;
const MOST = 2_000;
/** 16 KB each: a megabyte a minute of one sale. */
const SEGMENTS_AT_ONCE = 64;
/** How many are in a full one, and how many bytes each takes. */
const SEGMENTS = { people: { size: 1_024, bytes: 16 }, claims: { size: 256, bytes: 32 } } as const;
const { size: SEGMENT_PEOPLE, bytes: ENTRY_BYTES } = SEGMENTS.people;

export type SaleCopyRow = typeof saleCopies.$inferSelect;

/** The minute's copies. One that fails is logged and keeps nobody else from theirs. */
export async function copyOpenSales(env: Environment): Promise<void> {
  const rows = await withRecords(env, (db) =>
    db
      .select({ id: performances.id })
      .from(performances)
      .where(and(isNotNull(performances.publishedAt), isNull(performances.emptiedAt), ne(performances.phase, "closed")))
      .limit(MOST),
  );
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const group = rows.slice(from, from + AT_ONCE);
    const outcomes = await Promise.allSettled(group.map(({ id }) => copySale(env, id)));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === "fulfilled") continue;
      log("warn", "copies", "not copied", { performanceId: group[index]?.id, ...errorFields(outcome.reason) });
    }
  }
}

/** True: the records have all of it. False: segments are still missing, and come with the next call. */
export async function copySale(env: Environment, performanceId: string): Promise<boolean> {
  const known = await withRecords(env, (db) => readSaleCopy(db, performanceId));
  const mark = known?.mark ?? null;
  const copy = await askPerformanceAgain(env, performanceId, (object) => object.copy(mark), { regardless: true });
  if (copy === null) return known !== null;
  const line = await copySegments(env, performanceId, "people", copy.joined);
  const claims = await copySegments(env, performanceId, "claims", copy.claimed);
  const complete = line && claims;
  await withRecords(env, (db) => writeSaleCopy(db, performanceId, complete ? copy : { ...copy, mark: "" }));
  return complete;
}

/** A few more of those that are missing. True: all are there. */
async function copySegments(
  env: Environment,
  performanceId: string,
  kind: SegmentKind,
  size: number,
): Promise<boolean> {
  const full = await withRecords(env, (db) => countFullSegments(db, performanceId, kind));
  const needed = Math.ceil(size / SEGMENTS[kind].size);
  const until = Math.min(needed, full + SEGMENTS_AT_ONCE);
  for (let number = full; number < until; number++) {
    const segment = await askPerformanceAgain(env, performanceId, (object) => object.copySegment(kind, number));
    if (segment === null) return false;
    await withRecords(env, (db) => writeSegment(db, performanceId, segment));
  }
  return until === needed;
}

export async function readSaleCopy(db: Records, performanceId: string): Promise<SaleCopyRow | null> {
  const rows = await db.select().from(saleCopies).where(eq(saleCopies.performanceId, performanceId)).limit(1);
  return rows[0] ?? null;
}

/** How the order of a sale that is over came about, if the records alone know. */
export async function readKeptDraw(db: Records, performanceId: string): Promise<DrawView | null> {
  return (await readSaleCopy(db, performanceId))?.draw ?? null;
}

/** The figures a sale ended with. */
export async function readFinalFigures(db: Records, performanceId: string): Promise<Figures | null> {
  return (await readSaleCopy(db, performanceId))?.figures ?? null;
}

/** A segment of the sealed list as the object served it: without those who came after the sealing, lanes behind the entries. */
export async function readSealedSegment(
  db: Records,
  performanceId: string,
  number: number,
): Promise<Uint8Array | null> {
  const draw = await readKeptDraw(db, performanceId);
  const [row] = await readSegments(db, performanceId, "people", number, 1);
  const people = Math.min((draw?.sealed?.n ?? 0) - number * SEGMENT_PEOPLE, SEGMENT_PEOPLE);
  if (row?.number !== number || draw === null || people <= 0) return null;
  const entries = row.entries.slice(0, people * ENTRY_BYTES);
  if (draw.lanes.length < 2) return entries;
  const segment = new Uint8Array(entries.length + people);
  segment.set(entries);
  if (row.lanes !== null) segment.set(row.lanes.slice(0, people), entries.length);
  return segment;
}

export async function readSegments(
  db: Records,
  performanceId: string,
  kind: SegmentKind,
  from: number,
  limit: number,
): Promise<readonly QueueSegment[]> {
  const { number, entries, lanes } = queueSegments;
  return db
    .select({ kind: queueSegments.kind, number, entries, lanes })
    .from(queueSegments)
    .where(and(eq(queueSegments.performanceId, performanceId), eq(queueSegments.kind, kind), sql`${number} >= ${from}`))
    .orderBy(asc(number))
    .limit(limit);
}

/** They come in order, so that all before the first that is not full are there. */
async function countFullSegments(db: Records, performanceId: string, kind: SegmentKind): Promise<number> {
  const { size, bytes } = SEGMENTS[kind];
  const { rows } = await db.execute(sql`select count(*)::int as n from ${queueSegments}
    where ${queueSegments.performanceId} = ${performanceId}::uuid and ${queueSegments.kind} = ${kind}
      and length(${queueSegments.entries}) = ${size * bytes}`);
  return Number(rows[0]?.["n"] ?? 0);
}

/** A shorter one that arrives late changes nothing. */
async function writeSegment(db: Records, performanceId: string, segment: QueueSegment): Promise<void> {
  const { kind, number, entries, lanes } = segment;
  await db
    .insert(queueSegments)
    .values({ performanceId, kind, number, entries, lanes })
    .onConflictDoUpdate({
      target: [queueSegments.performanceId, queueSegments.kind, queueSegments.number],
      set: { entries, lanes, updatedAt: new Date() },
      setWhere: sql`length(excluded.entries) > length(${queueSegments.entries})`,
    });
}

async function writeSaleCopy(db: Records, performanceId: string, copy: SaleCopy): Promise<void> {
  const { mark, joined, claimed, kept, draw } = copy;
  const row = { mark, joined, claimed, kept, draw, takenAt: new Date(copy.takenAt) };
  await db
    .insert(saleCopies)
    .values({ performanceId, ...row })
    .onConflictDoUpdate({
      target: saleCopies.performanceId,
      set: { ...row, updatedAt: new Date() },
      setWhere: lt(saleCopies.takenAt, row.takenAt),
    });
}

/** The highest number of an event the records have seen of a performance, applied or set aside; 0: none. */
export async function lastEvent(db: Records, performanceId: string): Promise<number> {
  const { rows } = await db.execute(sql`select greatest(
    (select coalesce(max(seq), 0) from applied_events where performance_id = ${performanceId}::uuid),
    (select coalesce(max(seq), 0) from quarantined_events where performance_id = ${performanceId})) as last`);
  return Number(rows[0]?.["last"] ?? 0);
}

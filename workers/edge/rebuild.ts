/**
 * Building a sale's object again from the records, step by step: catalogue, line, orders; then everything is told to the
 * records once more, so that both agree on every version. A run that broke off is begun again from the start.
 */
import type { RebuildReply, RebuildStep, SchedulePlan } from "../../durable-objects/performance/contract.ts";
import { withRecords } from "../records/database.ts";
import { exportOrders } from "../records/orders.ts";
import type { Position } from "../records/cursor.ts";
import { lastEvent, readSaleCopy, readSegments } from "../records/sale-copies.ts";
import { askPerformance, commandPerformance } from "./performance-object.ts";
import type { AppContext } from "./context.ts";
import { Problem } from "./problem.ts";

const SEGMENTS_A_CALL = 64;
const ORDERS_A_CALL = 250;
const TRIES = 5;
/** The last step works out the seats of a whole house. */
const STEP_MS = 60_000;

type OrderPage = Awaited<ReturnType<typeof exportOrders>>;

export interface Rebuilt {
  readonly phase: string;
  readonly joined: number;
  readonly sold: number;
  readonly reported: number;
}

export interface Compared extends Rebuilt {
  readonly behind: string | null;
}

/** `dates`: the published ones, as the catalogue has them. */
export async function rebuildFromRecords(
  c: AppContext,
  id: string,
  dates: readonly SchedulePlan[],
  replace: boolean,
): Promise<Rebuilt> {
  const copy = await withRecords(c.env, (db) => readSaleCopy(db, id));
  const kept = copy?.kept ?? null;
  if (kept === null)
    throw new Problem("rebuild-impossible", { evidence: { why: "the records have no copy of this sale" } });
  const nextEvent = (await withRecords(c.env, (db) => lastEvent(db, id))) + 1;
  await step(c, id, { do: "begin", from: "nothing", replace, kept, nextEvent });
  for (const schedule of dates) await step(c, id, { do: "date", schedule });
  for (const kind of ["people", "claims"] as const) {
    for (let from = 0; ; from += SEGMENTS_A_CALL) {
      const segments = await withRecords(c.env, (db) => readSegments(db, id, kind, from, SEGMENTS_A_CALL));
      if (segments.length > 0) await step(c, id, { do: "segments", segments });
      if (segments.length < SEGMENTS_A_CALL) break;
    }
  }
  return finish(c, id, dates);
}

/** The object ends in the middle of the call: that nobody answers is the answer. */
export async function restart(c: AppContext, id: string): Promise<void> {
  await c.env.PERFORMANCE.getByName(id)
    .rebuild({ do: "restart" })
    .catch(() => undefined);
}

/** How the object is, and what it lacks of what the records have; `behind` null: nothing. Changes nothing. */
export async function lacking(c: AppContext, id: string, dates: readonly SchedulePlan[]): Promise<Compared> {
  const nextEvent = (await withRecords(c.env, (db) => lastEvent(db, id))) + 1;
  const known = { do: "compare", nextEvent, dates: dates.map((date) => date.id) } as const;
  let found = await step(c, id, { ...known, orders: [] });
  for (let after: Position | null | undefined; after !== null && (found.behind ?? null) === null;) {
    const from: Position | null = after ?? null;
    const page: OrderPage = await withRecords(c.env, (db) => exportOrders(db, id, from, ORDERS_A_CALL));
    const orders = page.items.map((order) => ({ id: order.id, version: order.version }));
    if (orders.length > 0) found = await step(c, id, { ...known, orders });
    after = page.next;
  }
  const { phase, joined, sold, behind } = found;
  return { phase, joined, sold, reported: 0, behind: behind ?? null };
}

/** An object whose storage was taken back to an earlier moment learns what has happened since. */
export async function catchUp(c: AppContext, id: string, dates: readonly SchedulePlan[]): Promise<Rebuilt> {
  const nextEvent = (await withRecords(c.env, (db) => lastEvent(db, id))) + 1;
  await step(c, id, { do: "begin", from: "storage", nextEvent });
  for (const schedule of dates) await step(c, id, { do: "date", schedule });
  return finish(c, id, dates);
}

async function finish(c: AppContext, id: string, dates: readonly SchedulePlan[]): Promise<Rebuilt> {
  for (let after: Position | null | undefined; after !== null;) {
    const from: Position | null = after ?? null;
    const page: OrderPage = await withRecords(c.env, (db) => exportOrders(db, id, from, ORDERS_A_CALL));
    if (page.items.length > 0) await step(c, id, { do: "orders", orders: page.items });
    after = page.next;
  }
  const { phase, joined, sold } = await step(c, id, { do: "finish" });
  return {
    phase,
    joined,
    sold,
    reported: await reportAgain(
      c,
      id,
      dates.map((date) => date.id),
    ),
  };
}

/** Every order of these dates told to the records once more; answers how many. */
export async function reportAgain(c: AppContext, id: string, scheduleIds: readonly string[]): Promise<number> {
  let reported = 0;
  for (const scheduleId of scheduleIds) {
    for (let after: string | null = ""; after !== null;) {
      const reply = await commandPerformance(c, id, { kind: "report-orders", scheduleId, after });
      if (reply.kind !== "reported") throw new Error(`expected reported, got ${reply.kind}`);
      reported += reply.orders;
      after = reply.next;
    }
  }
  return reported;
}

async function step(c: AppContext, id: string, next: RebuildStep): Promise<Extract<RebuildReply, { ok: true }>> {
  for (let attempt = 1; ; attempt++) {
    try {
      const reply = await askPerformance(c.env, id, (object) => object.rebuild(next), { deadlineMs: STEP_MS });
      if (!reply.ok) throw new Problem(reply.code, { evidence: { why: reply.why } });
      return reply;
    } catch (error) {
      // Each step may be repeated. An object that has just been taken back is not there for a moment.
      if (attempt === TRIES || !(error instanceof Problem) || error.code !== "overloaded") throw error;
    }
  }
}

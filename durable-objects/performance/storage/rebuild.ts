/**
 * Building an object again from what the records have: first rows, then, when all are there, the seats from the orders. Until
 * it is finished the object answers no command. What the records cannot know is decided for the safe side: the sale is
 * paused, numbers of events and holds and versions of orders leave room for those of the lost object that nobody has seen,
 * and whoever had a booking session goes before all who wait.
 *
 * Everything runs inside the caller's transaction.
 */
import { ENTRY_BYTES } from "../admission/entry.ts";
import { applyReturning } from "../apply.ts";
import type { Returning } from "../changes.ts";
import type { Block, Order, PerformanceSettings, Refund, SchedulePlan } from "../contract.ts";
import type { KeptState, QueueSegment, RebuildStep } from "../copy-contract.ts";
import { seatStatusesOf } from "../orders/machine.ts";
import { accountKey, isOnItsWay } from "../orders/refund.ts";
import { Board, SEAT } from "../seats/board.ts";
import { emptyState, type DrawState, type PerformanceState } from "../state.ts";
import { load, readStoredOrder } from "./load.ts";
import { writeEntryKey } from "./rest.ts";
import { saveSections } from "./journal.ts";
import { saveOrder, savePlans } from "./save.ts";
import { integer, rows, run, text, type Sql } from "./sql.ts";
import { migrateTables } from "./tables.ts";

/** More than an object ever has on its way to the records. */
export const EVENTS_SKIPPED = 10_000;
/** More holds than were made since the copy. */
const HOLDS_SKIPPED = 1_000_000;
/** More changes than an order ever sees. */
const VERSIONS_SKIPPED = 1_000;

/** Of the object's own notes what has to be another after a rebuild. */
interface Facts {
  readonly [name: string]: unknown;
  readonly settings: PerformanceSettings | null;
  readonly draw?: DrawState | null;
  readonly phase: string;
  readonly nextEvent: number;
  readonly nextHold: number;
  readonly stateVersion: number;
  readonly clock: number;
  readonly fronts?: readonly number[];
}

export interface Impossible {
  readonly why: string;
}

export function beginFromNothing(sql: Sql, kept: KeptState, nextEvent: number, now: number, secret: string): void {
  migrateTables(sql);
  const facts = kept.facts as Facts;
  const draw = facts.draw ?? null;
  // Of a draw that has not happened the records have no secret: there is another, with another commitment.
  const drawn = draw === null || draw.secret !== "" ? draw : { ...draw, secret };
  writeFacts(sql, { ...facts, draw: drawn }, nextEvent, now);
  writeEntryKey(sql, Buffer.from(kept.entryKey, "hex"));
  mark(sql, "nothing", now);
  for (const entry of kept.revoked) run(sql, "INSERT OR IGNORE INTO revoked (entry) VALUES (?)", entry);
  for (const [entry, lane] of kept.invited) run(sql, "INSERT OR REPLACE INTO invited VALUES (?, ?)", entry, lane);
  for (const [number, standing, at] of kept.standings) addStanding(sql, number, standing, at);
  // Who was inside comes next, when sales go on: the grace begins now, and stands still while they are paused.
  for (const number of kept.sessions) addStanding(sql, number, "passed-over", now);
  for (const block of kept.blocks as readonly Block[]) {
    const values = [block.number, block.scheduleId, JSON.stringify(block)] as const;
    run(sql, "INSERT OR REPLACE INTO blocks (number, schedule_id, body) VALUES (?, ?, ?)", ...values);
  }
  for (const { id, scheduleId, seats, publishedAt, at } of kept.returns as readonly Returning[]) {
    const values = [id, scheduleId, JSON.stringify(seats), publishedAt, at] as const;
    run(sql, "INSERT OR REPLACE INTO returns VALUES (?, ?, ?, ?, ?)", ...values);
  }
  // How many came in during the last minute nobody knows: as many as may, so that the rate is kept whatever it was.
  const rate = facts.settings?.ratePerMinute ?? 0;
  run(sql, "INSERT OR REPLACE INTO admissions (at, count) VALUES (?, ?)", now, rate);
}

/**
 * What the records know of a sale and its object does not, in words; null: nothing, the object is as new as anything that was
 * ever told of it. Whoever asks has read the records first: what the object has done since makes it newer, never older.
 */
export function behindRecords(
  sql: Sql,
  state: Pick<PerformanceState, "nextEvent" | "boards">,
  known: Pick<Extract<RebuildStep, { do: "compare" }>, "nextEvent" | "dates" | "orders">,
): string | null {
  if (state.nextEvent < known.nextEvent) return `event ${known.nextEvent - 1} was never told by it`;
  const date = known.dates.find((id) => !state.boards.has(id));
  if (date !== undefined) return `it has no date ${date}`;
  const order = known.orders.find(({ id, version }) => (readStoredOrder(sql, id)?.version ?? -1) < version);
  return order === undefined ? null : `it has no version ${order.version} of order ${order.id}`;
}

/** Storage that was taken back to an earlier moment: what has happened since comes from the records. */
export function beginFromStorage(sql: Sql, nextEvent: number, now: number): void {
  writeFacts(sql, JSON.parse(factsBody(sql)) as Facts, nextEvent, now);
  // Holds last minutes: those of back then are over, or have become orders. Seats are worked out from the orders.
  run(sql, "DELETE FROM hold_packs");
  run(sql, "DELETE FROM seat_journal");
  mark(sql, "storage", now);
}

/** The chart is another than any that somebody has on a screen: whatever positions they name mean nothing here. */
export function addDate(sql: Sql, plan: SchedulePlan, now: number): void {
  if (rows(sql, "SELECT id FROM schedules WHERE id = ?", plan.id).length > 0) return;
  const state = emptyState("");
  const board = new Board(plan);
  board.chartVersion = Math.floor(now / 1_000);
  state.boards.set(plan.id, board);
  savePlans(sql, state, [plan.id]);
}

export function addSegments(sql: Sql, segments: readonly QueueSegment[]): void {
  for (const { kind, number, entries, lanes } of segments) {
    if (kind === "claims") {
      const query = `INSERT INTO claims (number, pairs) VALUES (?, ?) ON CONFLICT (number) DO UPDATE
        SET pairs = excluded.pairs WHERE length(excluded.pairs) > length(claims.pairs)`;
      run(sql, query, number, new Uint8Array(entries));
      continue;
    }
    const values = [number, new Uint8Array(entries), lanes === null ? null : new Uint8Array(lanes)] as const;
    run(
      sql,
      `INSERT INTO segments (number, entries, lanes) VALUES (?, ?, ?) ON CONFLICT (number) DO UPDATE
       SET entries = excluded.entries, lanes = excluded.lanes WHERE length(excluded.entries) > length(segments.entries)`,
      ...values,
    );
  }
}

/** An order counts as the newer of the two, of which the records' may be the only one. */
export function addOrders(sql: Sql, orders: readonly Order[], now: number): void {
  for (const order of orders) {
    const stored = readStoredOrder(sql, order.id);
    if (stored !== null && stored.version >= order.version) continue;
    saveOrder(sql, { ...order, version: order.version + VERSIONS_SKIPPED, updatedAt: now });
  }
}

/** Seats from orders, blocks and what is on its way back; the state as it will be loaded from now on. */
export function finish(sql: Sql, performanceId: string, now: number): PerformanceState | Impossible {
  const people = rows(sql, "SELECT COALESCE(SUM(length(entries)), 0) AS size FROM segments")[0];
  const joined = people === undefined ? 0 : integer(people, "size") / ENTRY_BYTES;
  const wrong = fitFacts(sql, joined);
  if (wrong !== null) return wrong;
  const returning = rows(sql, "SELECT id, schedule_id, seats, published_at, at FROM returns");
  run(sql, "DELETE FROM returns");
  const state = load(sql, performanceId, now);
  for (const board of state.boards.values()) for (let at = 0; at < board.size; at++) board.free(at);
  let nextHold = state.nextHold;
  fitAccounts(sql, state, now);
  for (const row of sql.exec("SELECT id FROM orders")) {
    const order = readStoredOrder(sql, text(row, "id"));
    const board = order === null ? undefined : state.boards.get(order.scheduleId);
    if (order === null || board === undefined) return { why: `order ${text(row, "id")} is of no date there is` };
    for (const [seat, status] of seatStatusesOf(order)) {
      const position = board.position(seat);
      if (position === null) return { why: `order ${order.id} names seat ${seat}, which is on no chart` };
      if (status === SEAT.free) continue;
      if (board.holder[position] !== 0) return { why: `seat ${seat} belongs to order ${order.id} and to another` };
      board.set(position, status, order.holdNumber);
    }
    nextHold = Math.max(nextHold, order.holdNumber + 1);
  }
  for (const row of returning) {
    const scheduleId = text(row, "schedule_id");
    const board = state.boards.get(scheduleId);
    const seats = (JSON.parse(text(row, "seats")) as number[]).filter((at) => board?.status[at] === SEAT.free);
    if (seats.length === 0) continue;
    const [publishedAt, at] = [integer(row, "published_at"), integer(row, "at")];
    applyReturning(state, { id: text(row, "id"), scheduleId, seats, publishedAt, at });
    const values = [text(row, "id"), scheduleId, JSON.stringify(seats), publishedAt, at] as const;
    run(sql, "INSERT INTO returns VALUES (?, ?, ?, ?, ?)", ...values);
  }
  for (const [id, board] of state.boards) {
    // Newer than any version of the lost object that somebody has on a screen.
    board.version = Math.max(board.version + 1, Math.floor(now / 1_000));
    saveSections(sql, state, id, new Set(board.sections.keys()));
  }
  run(sql, "UPDATE facts SET body = json_set(body, '$.nextHold', ?) WHERE name = 'state'", nextHold);
  run(sql, "DELETE FROM facts WHERE name = 'rebuilding'");
  return load(sql, performanceId, now);
}

/** Fronts and standings of people the records have no entry of are about nobody: they join again. */
function fitFacts(sql: Sql, joined: number): Impossible | null {
  const facts = JSON.parse(factsBody(sql)) as Facts;
  const sealed = facts.draw?.sealed?.n ?? 0;
  if (sealed > joined) return { why: `the list was sealed with ${sealed} people, and ${joined} are here` };
  const fronts = (facts.fronts ?? [0]).map((front) => Math.min(front, joined));
  run(sql, "UPDATE facts SET body = json_set(body, '$.fronts', json(?)) WHERE name = 'state'", JSON.stringify(fronts));
  run(sql, "DELETE FROM exceptions WHERE number >= ?", joined);
  run(sql, "DELETE FROM sessions WHERE number >= ?", joined);
  return null;
}

/**
 * Accounts to pay back to are in no copy: a refund whose account went with the object asks its buyer again, and one that came
 * about meanwhile needs none any more.
 */
function fitAccounts(sql: Sql, state: PerformanceState, now: number): void {
  for (const order of state.openOrders.values()) {
    const refunds = order.refunds.map((refund): Refund => {
      const lost = isOnItsWay(refund) && !state.refundAccounts.has(accountKey(order.id, refund.number));
      return lost && refund.account === "given" ? { ...refund, account: "needed" } : refund;
    });
    const changed = refunds.some((refund, at) => refund !== order.refunds[at]);
    if (changed) saveOrder(sql, { ...order, refunds, version: order.version + 1, updatedAt: now });
  }
  for (const { orderId, refund } of state.refundAccounts.values()) {
    const on = state.openOrders.get(orderId)?.refunds.find(({ number }) => number === refund);
    if (on !== undefined && isOnItsWay(on)) continue;
    run(sql, "DELETE FROM refund_accounts WHERE order_id = ? AND refund = ?", orderId, refund);
  }
}

/** Paused, if it was selling, until somebody has looked; numbers beyond all that the lost object may have given. */
function writeFacts(sql: Sql, facts: Facts, nextEvent: number, now: number): void {
  const selling = facts.phase === "open" || facts.phase === "soldout" || facts.phase === "paused";
  const body = {
    ...facts,
    ...(selling ? { phase: "paused", pausedAt: now } : {}),
    nextEvent: Math.max(facts.nextEvent, nextEvent) + EVENTS_SKIPPED,
    nextHold: facts.nextHold + HOLDS_SKIPPED,
    stateVersion: facts.stateVersion + VERSIONS_SKIPPED,
    clock: Math.max(facts.clock, now),
  };
  run(sql, "INSERT OR REPLACE INTO facts (name, body) VALUES ('state', ?)", JSON.stringify(body));
}

function factsBody(sql: Sql): string {
  return text(rows(sql, "SELECT body FROM facts WHERE name = 'state'")[0] ?? {}, "body");
}

function addStanding(sql: Sql, number: number, standing: string, at: number): void {
  run(sql, "INSERT OR REPLACE INTO exceptions (number, standing, at) VALUES (?, ?, ?)", number, standing, at);
}

function mark(sql: Sql, from: string, now: number): void {
  run(sql, "INSERT OR REPLACE INTO facts (name, body) VALUES ('rebuilding', ?)", JSON.stringify({ from, at: now }));
}

/**
 * Builds the state from storage: storage is the truth, memory an index over it. Presence is not stored: until the lobbies
 * have reported, nobody is admitted, or the absent would be taken for present and the present for absent.
 */
import { ENTRY_BYTES } from "../admission/entry.ts";
import { drawOrder } from "../admission/draw.ts";
import { STANDING } from "../admission/line.ts";
import {
  applyAccount,
  applyDate,
  applyHeld,
  applyReturning,
  enterBlock,
  armGrace,
  armPhase,
  countOrder,
  noteRejoined,
  setSession,
  trackOrder,
} from "../apply.ts";
import { GENERAL, LaneTurns, type StoredTurns } from "../admission/turns.ts";
import type { DateState, HoldFact } from "../changes.ts";
import type {
  Block,
  CodeBatch,
  Order,
  OrderStatus,
  PerformanceSettings,
  Phase,
  SchedulePlan,
  Verifier,
} from "../contract.ts";
import { loadClaims } from "./claims.ts";
import { defaultPolicy } from "../order-policy.ts";
import { completed, type StoredOrder } from "../order-seats.ts";
import { Board } from "../seats/board.ts";
import { emptyState, type DrawState, type PerformanceState } from "../state.ts";
import { loadSeats } from "./journal.ts";
import { loadReplies } from "./replies.ts";
import { bytes, integer, rows, text, type Sql, type SqlValue } from "./sql.ts";

/** Two far ticks: in that time every lobby that has somebody has reported. */
const PRESENCE_SETTLES_MS = 10_000;

/** Memory as storage has it. @throws where a row is none that this version or an older one could have written. */
export function load(sql: Sql, performanceId: string, now: number): PerformanceState {
  const state = emptyState(performanceId);
  const nextBlock = loadFacts(sql, state);
  loadSegments(sql, state);
  if (state.draw?.drawn != null) state.line.draw(drawOrder(state.draw.drawn.seed, state.draw.sealed?.n ?? 0));
  for (const row of rows(sql, "SELECT entry, at FROM rejoined ORDER BY at")) {
    noteRejoined(state, text(row, "entry"), integer(row, "at"));
  }
  for (const row of rows(sql, "SELECT entry, lane FROM invited")) {
    state.invited.set(text(row, "entry"), integer(row, "lane"));
  }
  for (const row of rows(sql, "SELECT entry FROM revoked")) state.revoked.add(text(row, "entry"));
  loadClaims(sql, state.identities);
  loadStandings(sql, state);
  for (const row of rows(sql, "SELECT at, count FROM admissions WHERE at > ? ORDER BY at", state.clock - 60_000)) {
    state.history.record(integer(row, "at"), integer(row, "count"));
  }
  loadBoards(sql, state);
  const holds = loadSeats(sql, state);
  for (const row of rows(sql, "SELECT body FROM blocks ORDER BY number")) {
    enterBlock(state, JSON.parse(text(row, "body")) as Block);
  }
  state.nextBlock = Math.max(state.nextBlock, nextBlock);
  trackHolds(state, holds);
  loadOrders(sql, state);
  for (const row of rows(sql, "SELECT order_id, refund, sealed, until FROM refund_accounts")) {
    const [orderId, sealed] = [text(row, "order_id"), text(row, "sealed")];
    applyAccount(state, { orderId, refund: integer(row, "refund"), sealed, until: integer(row, "until") }, true);
  }
  loadReturns(sql, state);
  loadReplies(sql, state.replies);
  armPhase(state);
  if (state.line.waiting > 0) state.presenceUnknownUntil = Math.max(now, state.clock) + PRESENCE_SETTLES_MS;
  return state;
}

interface StoredFacts {
  settings: PerformanceSettings | null;
  phase: Phase;
  pausedAt: number | null;
  notice: string | null;
  epoch: number;
  draw: DrawState | null;
  stateVersion: number;
  clock: number;
  /** Of an object of before there were lanes: the one front. */
  front?: number;
  fronts?: number[];
  turns?: StoredTurns;
  admittedTotal: number;
  nextHold: number;
  nextBlock?: number;
  accessibleReleased?: boolean;
  nextEvent: number;
  codeBatches?: readonly CodeBatch[];
  verifier?: Verifier | null;
  dates?: Readonly<Record<string, DateState>>;
  journal?: number;
}

/** Answers the number of the next block: those that are gone have had theirs. */
function loadFacts(sql: Sql, state: PerformanceState): number {
  const row = rows(sql, "SELECT body FROM facts WHERE name = 'state'")[0];
  if (row === undefined) return 1;
  const facts = JSON.parse(text(row, "body")) as StoredFacts;
  const fronts = facts.fronts ?? [facts.front ?? 0];
  if (
    !fronts.every(Number.isSafeInteger) ||
    !Number.isSafeInteger(facts.nextEvent) ||
    typeof facts.phase !== "string"
  ) {
    throw new Error("the stored facts are damaged");
  }
  state.settings = facts.settings === null ? null : withSettingsOfBefore(facts.settings);
  for (const [id, date] of Object.entries(facts.dates ?? {})) state.dates.set(id, date);
  for (const batch of facts.codeBatches ?? []) state.identities.batches.set(batch.number, batch);
  state.identities.verifier = facts.verifier ?? null;
  state.phase = facts.phase;
  state.pausedAt = facts.pausedAt ?? null;
  state.notice = facts.notice;
  state.epoch = facts.epoch;
  state.draw = facts.draw ?? null;
  state.stateVersion = facts.stateVersion;
  state.clock = facts.clock;
  state.line.divide(fronts.length);
  for (const [lane, front] of fronts.entries()) state.line.lane(lane).front = front;
  state.turns = new LaneTurns(facts.turns);
  state.admittedTotal = facts.admittedTotal;
  state.nextHold = facts.nextHold;
  state.nextEvent = facts.nextEvent;
  state.journal.generation = facts.journal ?? 0;
  state.accessibleReleased = facts.accessibleReleased ?? false;
  return facts.nextBlock ?? 1;
}

/** What an organiser who says nothing gets: a day. */
const DEPOSIT_MINUTES = 1_440;

/** An object of before there was a setting has none of what it says. */
function withSettingsOfBefore(settings: Partial<PerformanceSettings> & PerformanceSettings): PerformanceSettings {
  return {
    ...settings,
    rejoinSeconds: settings.rejoinSeconds ?? 0,
    depositMinutes: settings.depositMinutes ?? DEPOSIT_MINUTES,
    lanes: settings.lanes ?? GENERAL,
    verification: settings.verification ?? null,
    noSingleSeats: settings.noSingleSeats ?? false,
    accessibleReleaseAt: settings.accessibleReleaseAt ?? null,
    cancellation: settings.cancellation ?? defaultPolicy(settings.currency),
    releaseEverySeconds: settings.releaseEverySeconds ?? 0,
    releaseJitterSeconds: settings.releaseJitterSeconds ?? 0,
  };
}

function loadSegments(sql: Sql, state: PerformanceState): void {
  for (const row of sql.exec("SELECT number, entries, lanes FROM segments ORDER BY number")) {
    const entries = bytes(row, "entries");
    const lanes = row["lanes"] === null ? null : bytes(row, "lanes");
    for (let offset = 0; offset < entries.length; offset += ENTRY_BYTES) {
      state.line.add(entries, offset, lanes?.[offset / ENTRY_BYTES] ?? 0);
    }
  }
}

/** Below the front everybody is done, unless a row says otherwise; at or behind it everybody waits, unless a row does. */
function loadStandings(sql: Sql, state: PerformanceState): void {
  const { line } = state;
  const farthest = Math.max(...line.lanes.map((lane) => lane.front));
  for (let place = 0; place < farthest; place++) {
    const number = line.numberAt(place);
    if (place < line.lane(line.laneOf(number)).front) line.setStanding(number, STANDING.ended);
  }
  for (const row of rows(sql, "SELECT number, standing, at FROM exceptions")) {
    const number = integer(row, "number");
    const standing = text(row, "standing");
    if (standing === "left") {
      line.setStanding(number, STANDING.left);
      continue;
    }
    if (standing === "missed" || standing === "came-back") line.missed.add(number);
    line.passOver(number, integer(row, "at"), standing === "missed");
    armGrace(state, number);
  }
  for (const row of rows(sql, "SELECT number, member, admitted_at, until FROM sessions")) {
    const number = integer(row, "number");
    const member = row["member"];
    line.setStanding(number, STANDING.admitted);
    setSession(state, {
      number,
      admittedAt: integer(row, "admitted_at"),
      until: integer(row, "until"),
      member: typeof member === "string" ? member : null,
    });
  }
}

function loadBoards(sql: Sql, state: PerformanceState): void {
  for (const row of rows(sql, "SELECT id, body FROM schedules ORDER BY id")) {
    const id = text(row, "id");
    // An object of before charts could change has the first one of each date.
    const { chartVersion = 1, ...plan } = JSON.parse(text(row, "body")) as SchedulePlan & { chartVersion?: number };
    const sections = rows(sql, "SELECT body FROM chart_sections WHERE schedule_id = ? ORDER BY section", id).map(
      (section) => JSON.parse(text(section, "body")) as SchedulePlan["chart"]["sections"][number],
    );
    const board = new Board({ ...plan, chart: { ...plan.chart, sections } });
    board.chartVersion = chartVersion;
    state.boards.set(id, board);
    const date = state.dates.get(id);
    if (date !== undefined) applyDate(state, id, date);
  }
}

/** The seats have their state and holder already: this restores the index and the deadlines. */
function trackHolds(state: PerformanceState, holds: readonly HoldFact[]): void {
  for (const fact of holds) {
    const board = state.boards.get(fact.scheduleId);
    const version = board?.version ?? 0;
    applyHeld(state, fact);
    if (board !== undefined) board.version = version;
  }
}

function loadOrders(sql: Sql, state: PerformanceState): void {
  const totals = rows(
    sql,
    "SELECT member, status, SUM(seats) AS seats, COUNT(*) AS orders FROM orders GROUP BY member, status",
  );
  for (const row of totals) {
    const status = text(row, "status") as OrderStatus;
    countOrder(state, text(row, "member"), status, integer(row, "seats"), integer(row, "orders"));
  }
  for (const row of rows(sql, "SELECT body FROM orders WHERE open = 1")) {
    trackOrder(state, orderIn(row));
  }
}

function loadReturns(sql: Sql, state: PerformanceState): void {
  for (const row of rows(sql, "SELECT id, schedule_id, seats, published_at, at FROM returns")) {
    const scheduleId = text(row, "schedule_id");
    const board = state.boards.get(scheduleId);
    const version = board?.version ?? 0;
    const seats = JSON.parse(text(row, "seats")) as number[];
    const times = { publishedAt: integer(row, "published_at"), at: integer(row, "at") };
    applyReturning(state, { id: text(row, "id"), scheduleId, seats, ...times });
    if (board !== undefined) board.version = version;
  }
}

/** A date's orders after an id. Ids are random, so that a page of them is a page of the sale. */
export function readOrdersAfter(sql: Sql, scheduleId: string, after: string, limit: number): readonly Order[] {
  const query = "SELECT body FROM orders WHERE id > ? AND json_extract(body, '$.scheduleId') = ? ORDER BY id LIMIT ?";
  return rows(sql, query, after, scheduleId, limit).map(orderIn);
}

/** Orders of all dates after an id, in the order of their ids. */
export function readOrders(sql: Sql, after: string, limit: number): readonly Order[] {
  return rows(sql, "SELECT body FROM orders WHERE id > ? ORDER BY id LIMIT ?", after, limit).map(orderIn);
}

function orderIn(row: Record<string, SqlValue>): Order {
  return completed(JSON.parse(text(row, "body")) as StoredOrder);
}

/** Null: there is none with this id. */
export function readStoredOrder(sql: Sql, orderId: string): Order | null {
  const row = rows(sql, "SELECT body FROM orders WHERE id = ?", orderId)[0];
  return row === undefined ? null : orderIn(row);
}

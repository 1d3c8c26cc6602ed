/**
 * Writes the changes of one commit. Rows written are the largest item of the bill, so what changes often is packed: a batch
 * of joins rewrites one tail segment, seats and holds append one row to a journal, and the small facts are one row together.
 * Everything runs inside the caller's transaction.
 */
import { ENTRY_BYTES } from "../admission/entry.ts";
import type { Change, HoldFact, Returning } from "../changes.ts";
import type { Block, Order } from "../contract.ts";
import type { EventEnvelope } from "../events.ts";
import { heldCount, isOpen } from "../orders/machine.ts";
import type { PerformanceState } from "../state.ts";
import { saveClaims } from "./claims.ts";
import { saveSeats, saveSections } from "./journal.ts";
import { saveReplies, type ReplyToKeep } from "./replies.ts";
import { run, type Sql } from "./sql.ts";

/** Members per segment row: 16 KB of entries, rewritten while it is the tail, never again once full. */
const SEGMENT_MEMBERS = 1_024;

interface Dirty {
  facts: boolean;
  /** How many of the newest numbers, and of the newest claims, are new in this commit. */
  joined: number;
  claimed: number;
  /** Passed over in this commit and not written yet: after a restart with nobody there they are many at once. */
  readonly passedOver: Map<number, number>;
  readonly seats: Map<string, number[]>;
  /** Dates with a new chart: everything that names places by position is written anew. */
  readonly charts: Set<string>;
  readonly admissions: Set<number>;
  readonly holds: Map<number, HoldFact>;
  readonly holdsEnded: number[];
  readonly orders: Map<string, Order>;
  readonly replies: ReplyToKeep[];
  readonly events: EventEnvelope[];
}

/** `firstEvent`: the number of the first event among the changes (the state already counts them). */
export function save(sql: Sql, state: PerformanceState, changes: readonly Change[], firstEvent: number): void {
  const dirty: Dirty = {
    facts: false,
    joined: 0,
    claimed: 0,
    passedOver: new Map(),
    seats: new Map(),
    charts: new Set(),
    admissions: new Set(),
    holds: new Map(),
    holdsEnded: [],
    orders: new Map(),
    replies: [],
    events: [],
  };
  for (const change of changes) note(sql, state, change, dirty, firstEvent);
  flushPassedOver(sql, dirty);
  if (dirty.joined > 0) saveSegments(sql, state, state.line.roster.size - dirty.joined);
  if (dirty.claimed > 0) saveClaims(sql, state.identities, state.identities.size - dirty.claimed);
  for (const at of dirty.admissions) {
    const count = state.history.counts().find((entry) => entry.at === at)?.count ?? 0;
    // What is older than the rate's window counts for nothing any more.
    run(sql, "DELETE FROM admissions WHERE at <= ?", at - 60_000);
    run(sql, "INSERT OR REPLACE INTO admissions (at, count) VALUES (?, ?)", at, count);
  }
  for (const scheduleId of dirty.charts) saveNewChart(sql, state, scheduleId, dirty);
  if (saveSeats(sql, state, dirty, dirty.charts.size > 0)) dirty.facts = true;
  for (const order of dirty.orders.values()) saveOrder(sql, order);
  saveReplies(sql, state.replies, dirty.replies);
  const outbox = dirty.events.map((envelope) => ({
    seq: envelope.seq,
    at: envelope.at,
    body: JSON.stringify(envelope),
  }));
  insertMany(sql, "outbox (seq, at, body)", ["seq", "at", "body"], outbox);
  if (dirty.facts) saveFacts(sql, state);
}

function note(sql: Sql, state: PerformanceState, change: Change, dirty: Dirty, firstEvent: number): void {
  switch (change.kind) {
    case "published":
      savePlans(
        sql,
        state,
        change.schedules.map((plan) => plan.id),
      );
      dirty.facts = true;
      return;
    case "code-batch":
    case "verifier":
    case "epoch":
    case "draw-committed":
    case "sealed":
    case "beacon":
    case "drawn":
    case "phase":
    case "limits":
    case "notice":
    case "front":
      dirty.facts = true;
      return;
    case "revoked":
      return run(sql, "INSERT OR IGNORE INTO revoked (entry) VALUES (?)", change.entry);
    case "invited": {
      const rows = change.entries.map((entry) => ({ entry, lane: change.lane }));
      return insertMany(sql, "invited (entry, lane)", ["entry", "lane"], rows);
    }
    case "rejoined":
      run(sql, "DELETE FROM rejoined WHERE at <= ?", change.at - (state.settings?.rejoinSeconds ?? 0) * 1_000);
      return run(sql, "INSERT OR REPLACE INTO rejoined (entry, at) VALUES (?, ?)", change.entry, change.at);
    case "joined":
      dirty.joined += change.entries.length / ENTRY_BYTES;
      return;
    case "claimed":
      dirty.claimed += 1;
      return;
    case "passed-over":
      dirty.passedOver.set(change.number, change.at);
      return;
    case "left":
    case "revived":
    case "lapsed":
    case "came-back":
    case "graces-moved":
    case "admitted":
    case "entered":
    case "session-ended":
      if ("number" in change ? dirty.passedOver.has(change.number) : true) flushPassedOver(sql, dirty);
      return notePlace(sql, state, change, dirty);
    case "held":
      dirty.holds.set(change.hold.number, change.hold);
      dirty.facts = true;
      return noteSeats(change.hold.scheduleId, change.hold.seats, dirty);
    case "hold-grown":
      dirty.holds.set(change.hold.number, change.hold);
      return noteSeats(change.hold.scheduleId, change.added, dirty);
    case "block":
      dirty.facts = true;
      saveBlock(sql, change.block);
      return noteSeats(change.block.scheduleId, [...change.block.seats, ...change.freed], dirty);
    case "accessible-released":
      dirty.facts = true;
      return;
    case "chart-changed":
      dirty.charts.add(change.scheduleId);
      return;
    case "hold-ended": {
      dirty.holds.delete(change.number);
      dirty.holdsEnded.push(change.number);
      return noteSeats(change.scheduleId, change.seats, dirty);
    }
    case "order": {
      dirty.orders.set(change.order.id, change.order);
      const board = state.boards.get(change.order.scheduleId);
      const positions = change.order.seats.map((seat) => board?.position(seat.id) ?? 0);
      return noteSeats(change.order.scheduleId, positions, dirty);
    }
    case "refund-account": {
      const { orderId, refund, sealed, until } = change.account;
      if (!change.kept)
        return run(sql, "DELETE FROM refund_accounts WHERE order_id = ? AND refund = ?", orderId, refund);
      return run(sql, "INSERT OR REPLACE INTO refund_accounts VALUES (?, ?, ?, ?)", orderId, refund, sealed, until);
    }
    case "date":
      dirty.facts = true;
      return;
    case "returning":
      saveReturning(sql, change.returning);
      return noteSeats(change.returning.scheduleId, change.returning.seats, dirty);
    case "returned":
      run(sql, "DELETE FROM returns WHERE id = ?", change.returning.id);
      return noteSeats(change.returning.scheduleId, change.returning.seats, dirty);
    case "event":
      dirty.events.push({
        performanceId: state.performanceId,
        seq: firstEvent + dirty.events.length,
        at: change.at,
        ...(change.cause === undefined ? {} : { cause: change.cause }),
        event: change.event,
      });
      dirty.facts = true;
      return;
    case "replied":
      dirty.replies.push(change);
      return;
    default:
      change satisfies never;
  }
}

type PlaceChange = Extract<
  Change,
  { kind: "left" | "revived" | "lapsed" | "came-back" | "graces-moved" | "admitted" | "entered" | "session-ended" }
>;

/** One person's place in the line, or their session. */
function notePlace(sql: Sql, state: PerformanceState, change: PlaceChange, dirty: Dirty): void {
  switch (change.kind) {
    case "left":
      return saveException(sql, change.number, "left", state.clock);
    case "revived":
    case "lapsed":
      return run(sql, "DELETE FROM exceptions WHERE number = ?", change.number);
    case "came-back":
      // Presence is memory; the exception stays until the person is admitted or the grace ends.
      return run(
        sql,
        "UPDATE exceptions SET standing = 'came-back' WHERE number = ? AND standing = 'missed'",
        change.number,
      );
    case "graces-moved":
      return run(sql, "UPDATE exceptions SET at = at + ? WHERE standing <> 'left'", change.by);
    case "admitted":
      run(sql, "DELETE FROM exceptions WHERE number = ? AND standing NOT IN ('missed', 'came-back')", change.number);
      run(
        sql,
        "INSERT OR REPLACE INTO sessions (number, member, admitted_at, until) VALUES (?, NULL, ?, ?)",
        change.number,
        change.at,
        change.until,
      );
      dirty.admissions.add(change.at);
      dirty.facts = true;
      return;
    case "entered":
      return run(
        sql,
        "UPDATE sessions SET member = ?, until = ? WHERE number = ?",
        change.member,
        change.until,
        change.number,
      );
    case "session-ended":
      run(sql, "DELETE FROM sessions WHERE number = ?", change.number);
      if (change.reason === "missed") return saveException(sql, change.number, "missed", change.at);
      return run(sql, "DELETE FROM exceptions WHERE number = ?", change.number);
    default:
      change satisfies never;
  }
}

function flushPassedOver(sql: Sql, dirty: Dirty): void {
  const rows = Array.from(dirty.passedOver, ([number, at]) => ({ number, standing: "passed-over", at }));
  insertMany(sql, "exceptions (number, standing, at)", ["number", "standing", "at"], rows);
  dirty.passedOver.clear();
}

function saveException(sql: Sql, number: number, standing: string, at: number): void {
  run(sql, "INSERT OR REPLACE INTO exceptions (number, standing, at) VALUES (?, ?, ?)", number, standing, at);
}

function noteSeats(scheduleId: string, positions: readonly number[], dirty: Dirty): void {
  const seats = dirty.seats.get(scheduleId);
  if (seats === undefined) dirty.seats.set(scheduleId, [...positions]);
  else for (const position of positions) seats.push(position);
}

function saveSegments(sql: Sql, state: PerformanceState, from: number): void {
  const roster = state.line.roster;
  for (let segment = Math.floor(from / SEGMENT_MEMBERS); segment * SEGMENT_MEMBERS < roster.size; segment++) {
    const first = segment * SEGMENT_MEMBERS;
    const entries = roster.bytes(first, Math.min(first + SEGMENT_MEMBERS, roster.size));
    const lanes = state.line.lanes.length > 1 ? state.line.lanesOf(first, first + SEGMENT_MEMBERS) : null;
    run(sql, "INSERT OR REPLACE INTO segments (number, entries, lanes) VALUES (?, ?, ?)", segment, entries, lanes);
  }
}

/** Rare, and at most a thousand seats: one row, written whole. */
function saveBlock(sql: Sql, block: Block): void {
  if (block.seats.length === 0) return run(sql, "DELETE FROM blocks WHERE number = ?", block.number);
  const { number, scheduleId } = block;
  run(
    sql,
    "INSERT OR REPLACE INTO blocks (number, schedule_id, body) VALUES (?, ?, ?)",
    number,
    scheduleId,
    JSON.stringify(block),
  );
}

function saveReturning(sql: Sql, { id, scheduleId, seats, publishedAt, at }: Returning): void {
  const query = "INSERT OR REPLACE INTO returns VALUES (?, ?, ?, ?, ?)";
  run(sql, query, id, scheduleId, JSON.stringify(seats), publishedAt, at);
}

export function saveOrder(sql: Sql, order: Order): void {
  run(
    sql,
    "INSERT OR REPLACE INTO orders (id, member, status, seats, open, body) VALUES (?, ?, ?, ?, ?, ?)",
    order.id,
    order.member,
    order.status,
    heldCount(order),
    isOpen(order) ? 1 : 0,
    JSON.stringify(order),
  );
}

/** A chart of 50,000 seats exceeds the 2 MB of one row: its sections are rows of their own, written once. */
export function savePlans(sql: Sql, state: PerformanceState, ids: readonly string[]): void {
  for (const id of ids) {
    const board = state.boards.get(id);
    if (board === undefined) throw new Error(`no schedule ${id}`);
    const { chart, ...rest } = board.plan;
    const body = JSON.stringify({ ...rest, chart: { ...chart, sections: [] }, chartVersion: board.chartVersion });
    run(sql, "INSERT OR REPLACE INTO schedules (id, body) VALUES (?, ?)", id, body);
    for (const [index, section] of chart.sections.entries()) {
      const json = JSON.stringify(section);
      run(sql, "INSERT OR REPLACE INTO chart_sections (schedule_id, section, body) VALUES (?, ?, ?)", id, index, json);
    }
    saveSections(sql, state, id, new Set(board.sections.keys()));
  }
}

/** The state is that of the end of the commit, so that facts of before the change need no thought of their own. */
function saveNewChart(sql: Sql, state: PerformanceState, scheduleId: string, dirty: Dirty): void {
  run(sql, "DELETE FROM chart_sections WHERE schedule_id = ?", scheduleId);
  run(sql, "DELETE FROM seat_sections WHERE schedule_id = ?", scheduleId);
  savePlans(sql, state, [scheduleId]);
  // Positions of the old chart mean nothing any more: neither those of this commit nor those of the journal, which is folded.
  dirty.seats.delete(scheduleId);
  state.journal.sections.delete(scheduleId);
  for (const hold of state.holds.values()) if (hold.scheduleId === scheduleId) dirty.holds.set(hold.number, hold);
  for (const returning of state.returns.values())
    if (returning.scheduleId === scheduleId) saveReturning(sql, returning);
  for (const block of state.blocks.values()) if (block.scheduleId === scheduleId) saveBlock(sql, block);
}

function saveFacts(sql: Sql, state: PerformanceState): void {
  const body = JSON.stringify({
    settings: state.settings,
    phase: state.phase,
    pausedAt: state.pausedAt,
    notice: state.notice,
    epoch: state.epoch,
    draw: state.draw,
    stateVersion: state.stateVersion,
    clock: state.clock,
    fronts: state.line.lanes.map((lane) => lane.front),
    turns: state.turns.stored(state.line.lanes.length),
    admittedTotal: state.admittedTotal,
    nextHold: state.nextHold,
    nextBlock: state.nextBlock,
    accessibleReleased: state.accessibleReleased,
    nextEvent: state.nextEvent,
    dates: Object.fromEntries(state.dates),
    codeBatches: [...state.identities.batches.values()],
    verifier: state.identities.verifier,
    journal: state.journal.generation,
  });
  run(sql, "INSERT OR REPLACE INTO facts (name, body) VALUES ('state', ?)", body);
}

/** A statement takes at most 100 bound parameters. */
const PARAMETERS_MAX = 100;

/** Many rows in few statements: several times cheaper than taking them apart from one JSON parameter, column by column. */
function insertMany<Row extends Readonly<Record<Field, string | number>>, Field extends string>(
  sql: Sql,
  target: string,
  fields: readonly Field[],
  values: readonly Row[],
): void {
  const rowsMax = Math.floor(PARAMETERS_MAX / fields.length);
  const row = `(${fields.map(() => "?").join(", ")})`;
  for (let from = 0; from < values.length; from += rowsMax) {
    const chunk = values.slice(from, from + rowsMax);
    const query = `INSERT OR REPLACE INTO ${target} VALUES ${chunk.map(() => row).join(", ")}`;
    run(sql, query, ...chunk.flatMap((value) => fields.map((field) => value[field])));
  }
}

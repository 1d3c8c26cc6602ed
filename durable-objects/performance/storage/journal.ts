/**
 * Seats and holds in storage. A batch of holds touches seats all over the house: rewriting a row of thousands of seats for each
 * section, and a row for each hold, was most of what a hold cost. So a commit appends one row to a journal, and every so many
 * commits what the journal has is folded into the sections and packs of holds. The journal's rows are used again and again:
 * those of an earlier generation than the facts name are done with (a deleted row costs as much as a written one).
 *
 * Whoever writes seats or holds in any other way has to fold first: the journal is replayed over them.
 */
import type { HoldFact } from "../changes.ts";
import type { SeatStatus } from "../seats/board.ts";
import type { PerformanceState } from "../state.ts";
import { bytes, integer, rows, run, text, type Sql } from "./sql.ts";

/** So many rows are replayed after a restart at most. */
const JOURNAL_ROWS_MAX = 64;
/** A commit that touches more seats (a block over half the house) is folded at once: its row would be a large one. */
const JOURNAL_SEATS_MAX = 4_096;
/** Holds of neighbouring numbers share a row: 256 of them, some 30 KB. */
const PACK_BITS = 8;

export interface SeatChanges {
  /** Positions that may have changed, by schedule; a position may be named twice. */
  readonly seats: ReadonlyMap<string, readonly number[]>;
  readonly holds: ReadonlyMap<number, HoldFact>;
  readonly holdsEnded: readonly number[];
}

/** `[schedule, version of its board, position, status, holder, position, status, holder …]` */
type StoredSeats = [string, number, ...number[]];
/** `[number, member, schedule, positions, first seat at, expires at]` */
type StoredHold = [number, string, string, number[], number, number];

interface StoredCommit {
  readonly seats: readonly StoredSeats[];
  readonly holds: readonly StoredHold[];
  readonly ended: readonly number[];
}

/**
 * Writes what a commit did to seats and holds; the state has it already. `fold`: the journal must not be replayed over what this
 * commit has written. True: the journal was folded, and the facts have to be saved.
 */
export function saveSeats(
  sql: Sql,
  state: PerformanceState,
  { seats, holds, holdsEnded }: SeatChanges,
  fold = false,
): boolean {
  if (!fold && seats.size === 0 && holds.size === 0 && holdsEnded.length === 0) return false;
  const { journal } = state;
  let touched = 0;
  for (const [scheduleId, positions] of seats) {
    touched += positions.length;
    noteSections(state, scheduleId, positions);
  }
  for (const number of holds.keys()) journal.packs.add(number >> PACK_BITS);
  for (const number of holdsEnded) journal.packs.add(number >> PACK_BITS);
  if (fold || journal.rows >= JOURNAL_ROWS_MAX || touched > JOURNAL_SEATS_MAX) {
    foldJournal(sql, state);
    return true;
  }
  const commit: StoredCommit = {
    seats: Array.from(seats, ([scheduleId, positions]) => storedSeats(state, scheduleId, positions)),
    holds: Array.from(holds.values(), storedHold),
    ended: holdsEnded,
  };
  journal.rows += 1;
  run(
    sql,
    "INSERT OR REPLACE INTO seat_journal (number, generation, body) VALUES (?, ?, ?)",
    journal.rows,
    journal.generation,
    JSON.stringify(commit),
  );
  return false;
}

/** Everything that only the journal had goes to its own row, as it is now. The facts have to be saved in the same commit. */
function foldJournal(sql: Sql, state: PerformanceState): void {
  const { journal } = state;
  for (const [scheduleId, sections] of journal.sections) saveSections(sql, state, scheduleId, sections);
  for (const pack of journal.packs) saveHolds(sql, state, pack);
  journal.generation += 1;
  journal.rows = 0;
  journal.sections.clear();
  journal.packs.clear();
}

export function saveSections(
  sql: Sql,
  state: PerformanceState,
  scheduleId: string,
  sections: ReadonlySet<number>,
): void {
  const board = state.boards.get(scheduleId);
  if (board === undefined) throw new Error(`no schedule ${scheduleId}`);
  for (const index of sections) {
    const section = board.sections[index];
    if (section === undefined) throw new Error(`no section ${index}`);
    const holder = board.holder.slice(section.from, section.to);
    run(
      sql,
      "INSERT OR REPLACE INTO seat_sections (schedule_id, section, version, status, holder) VALUES (?, ?, ?, ?, ?)",
      scheduleId,
      index,
      board.version,
      board.status.slice(section.from, section.to),
      new Uint8Array(holder.buffer),
    );
  }
}

function saveHolds(sql: Sql, state: PerformanceState, pack: number): void {
  const holds: StoredHold[] = [];
  for (let number = pack << PACK_BITS; number < (pack + 1) << PACK_BITS; number++) {
    const hold = state.holds.get(number);
    if (hold !== undefined) holds.push(storedHold(hold));
  }
  if (holds.length === 0) return run(sql, "DELETE FROM hold_packs WHERE pack = ?", pack);
  run(sql, "INSERT OR REPLACE INTO hold_packs (pack, body) VALUES (?, ?)", pack, JSON.stringify(holds));
}

function storedHold({ number, member, scheduleId, seats, firstAt, expiresAt }: HoldFact): StoredHold {
  return [number, member, scheduleId, [...seats], firstAt, expiresAt];
}

function storedSeats(state: PerformanceState, scheduleId: string, positions: readonly number[]): StoredSeats {
  const board = state.boards.get(scheduleId);
  if (board === undefined) throw new Error(`no schedule ${scheduleId}`);
  const stored: StoredSeats = [scheduleId, board.version];
  for (const position of positions) stored.push(position, board.status[position] ?? 0, board.holder[position] ?? 0);
  return stored;
}

function noteSections(state: PerformanceState, scheduleId: string, positions: Iterable<number>): void {
  const board = state.boards.get(scheduleId);
  if (board === undefined) throw new Error(`no schedule ${scheduleId}`);
  let sections = state.journal.sections.get(scheduleId);
  if (sections === undefined) state.journal.sections.set(scheduleId, (sections = new Set()));
  for (const position of positions) sections.add(board.sectionOf(position));
}

/**
 * Brings the boards, which are free as yet, to where storage has them, and answers the live holds. What a row says is checked by
 * what it is used for: a position that is not on the board, or a section of another length, stops the object.
 */
export function loadSeats(sql: Sql, state: PerformanceState): readonly HoldFact[] {
  for (const [id, board] of state.boards) {
    const stored = rows(sql, "SELECT section, version, status, holder FROM seat_sections WHERE schedule_id = ?", id);
    for (const row of stored) {
      board.restore(integer(row, "section"), bytes(row, "status"), new Int32Array(bytes(row, "holder").buffer));
      board.version = Math.max(board.version, integer(row, "version"));
    }
  }
  const holds = new Map<number, HoldFact>();
  for (const row of rows(sql, "SELECT body FROM hold_packs")) {
    for (const stored of JSON.parse(text(row, "body")) as StoredHold[]) restoreHold(holds, stored);
  }
  for (const row of rows(
    sql,
    "SELECT body FROM seat_journal WHERE generation = ? ORDER BY number",
    state.journal.generation,
  )) {
    replay(state, holds, JSON.parse(text(row, "body")) as StoredCommit);
  }
  return Array.from(holds.values()).toSorted((a, b) => a.number - b.number);
}

function replay(
  state: PerformanceState,
  holds: Map<number, HoldFact>,
  { seats, holds: made, ended }: StoredCommit,
): void {
  state.journal.rows += 1;
  for (const [scheduleId, version, ...changes] of seats) {
    const board = state.boards.get(scheduleId);
    if (board === undefined) throw new Error(`the journal names schedule ${scheduleId}, which is not there`);
    for (let at = 0; at < changes.length; at += 3) {
      const [position, status, holder] = [changes[at], changes[at + 1], changes[at + 2]];
      if (position === undefined || status === undefined || holder === undefined)
        throw new Error("the journal is damaged");
      board.set(position, status as SeatStatus, holder);
      noteSections(state, scheduleId, [position]);
    }
    board.version = Math.max(board.version, version);
  }
  for (const stored of made) {
    restoreHold(holds, stored);
    state.journal.packs.add(stored[0] >> PACK_BITS);
  }
  for (const number of ended) {
    holds.delete(number);
    state.journal.packs.add(number >> PACK_BITS);
  }
}

function restoreHold(
  holds: Map<number, HoldFact>,
  [number, member, scheduleId, seats, firstAt, expiresAt]: StoredHold,
): void {
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(expiresAt)) throw new Error("a stored hold is damaged");
  holds.set(number, { number, member, scheduleId, seats, firstAt, expiresAt });
}

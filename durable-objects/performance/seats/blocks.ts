/**
 * Blocks and allotments: seats an organiser keeps out of the sale for a reason, frees again, or grants to whoever has a code.
 * A block remembers its seats while they are held or sold, so that one that comes back comes back into its block.
 */
import type { Change } from "../changes.ts";
import type { Block, BlockView, Refusal, RefusalCode, ScheduleView, SeatAction } from "../contract.ts";
import type { PerformanceState } from "../state.ts";
import { SEAT, type Board } from "./board.ts";

/** Places one action may touch: what fits into one event of the audit log. */
const BLOCKED_AT_ONCE_MAX = 1_000;
const REASON_LENGTH_MAX = 200;

export type SeatsOperated =
  | { readonly ok: true; readonly changes: readonly Change[]; readonly block: Block | null; readonly detail: object }
  | { readonly ok: false; readonly refusal: Refusal };

export function operateSeats(state: PerformanceState, action: SeatAction): SeatsOperated {
  switch (action.do) {
    case "block":
      return block(state, action);
    case "unblock":
      return unblock(state, action);
    case "grant":
      return grant(state, action);
    case "release-accessible":
      return {
        ok: true,
        changes: state.accessibleReleased ? [] : [{ kind: "accessible-released" }],
        block: null,
        detail: {},
      };
    default:
      return action satisfies never;
  }
}

function no(code: RefusalCode, evidence?: Refusal["evidence"]): SeatsOperated {
  return { ok: false, refusal: evidence === undefined ? { code } : { code, evidence } };
}

function block(state: PerformanceState, action: Extract<SeatAction, { do: "block" }>): SeatsOperated {
  const board = state.boards.get(action.scheduleId);
  if (board === undefined) return no("unknown-schedule");
  const reason = action.reason.trim();
  if (reason === "" || reason.length > REASON_LENGTH_MAX) return no("settings-invalid", { setting: "reason" });
  const named = positionsOf(board, action);
  if (!named.ok) return named;
  const { positions } = named;
  if (positions.length === 0) return no("no-seats");
  if (positions.length > BLOCKED_AT_ONCE_MAX) return no("seat-limit-reached", { limit: BLOCKED_AT_ONCE_MAX });
  const same = Array.from(state.blocks.values()).find(
    (one) => one.scheduleId === action.scheduleId && one.reason === reason && sameSeats(one.seats, positions),
  );
  if (same !== undefined) return { ok: true, changes: [], block: same, detail: {} }; // asked again
  const taken = positions.filter((position) => board.status[position] !== SEAT.free || board.block[position] !== 0);
  if (taken.length > 0)
    return no("seats-taken", { seats: taken.slice(0, 100).map((position) => board.seatId(position)) });
  const made: Block = {
    number: state.nextBlock,
    scheduleId: action.scheduleId,
    reason,
    channel: null,
    codeHash: null,
    seats: positions,
  };
  const detail = { scheduleId: made.scheduleId, block: made.number, reason, seats: idsOf(board, positions) };
  return { ok: true, changes: [{ kind: "block", block: made, freed: [] }], block: made, detail };
}

type Named = { readonly ok: true; readonly positions: readonly number[] } | Extract<SeatsOperated, { ok: false }>;

function positionsOf(
  board: Board,
  { seats = [], sections = [], zones = [] }: Extract<SeatAction, { do: "block" }>,
): Named {
  const positions = new Set<number>();
  for (const id of seats) {
    const position = board.position(id);
    if (position === null) return { ok: false, refusal: { code: "unknown-seat", evidence: { seat: id } } };
    positions.add(position);
  }
  for (const id of sections) {
    const ranges = board.sections.filter((section) => section.id === id);
    if (ranges.length === 0) return { ok: false, refusal: { code: "unknown-seat", evidence: { section: id } } };
    for (const { from, to } of ranges) for (let position = from; position < to; position++) positions.add(position);
  }
  for (const { zone: id, count } of zones) {
    const zone = board.places.zones[board.places.zone(id)];
    if (zone === undefined) return { ok: false, refusal: { code: "unknown-seat", evidence: { zone: id } } };
    // From the back: the first numbers are those that people get who come first.
    let left = count;
    for (let position = zone.to - 1; position >= zone.from && left > 0; position--) {
      if (board.status[position] !== SEAT.free || board.block[position] !== 0) continue;
      positions.add(position);
      left -= 1;
    }
    if (left > 0) return { ok: false, refusal: { code: "zone-full", evidence: { zone: id, free: count - left } } };
  }
  return { ok: true, positions: [...positions].toSorted((a, b) => a - b) };
}

function unblock(state: PerformanceState, action: Extract<SeatAction, { do: "unblock" }>): SeatsOperated {
  const known = state.blocks.get(action.block);
  if (known === undefined) return no("block-not-found");
  const board = state.boards.get(known.scheduleId);
  if (board === undefined) return no("unknown-schedule");
  const own = new Set(known.seats);
  const freed: number[] = [];
  for (const id of action.seats ?? []) {
    const position = board.position(id);
    if (position === null || !own.has(position)) return no("unknown-seat", { seat: id });
    freed.push(position);
  }
  if (action.seats === undefined) freed.push(...known.seats);
  const gone = new Set(freed);
  const after: Block = { ...known, seats: known.seats.filter((position) => !gone.has(position)) };
  const detail = {
    scheduleId: known.scheduleId,
    block: known.number,
    reason: known.reason,
    seats: idsOf(board, freed),
  };
  return { ok: true, changes: [{ kind: "block", block: after, freed: [...gone] }], block: after, detail };
}

function grant(state: PerformanceState, action: Extract<SeatAction, { do: "grant" }>): SeatsOperated {
  const known = state.blocks.get(action.block);
  if (known === undefined) return no("block-not-found");
  const after: Block = { ...known, channel: action.channel, codeHash: action.codeHash };
  // The log says that there is a code and for whom; the code itself nobody can read out of it.
  const detail = {
    scheduleId: known.scheduleId,
    block: known.number,
    channel: action.channel,
    granted: action.codeHash !== null,
  };
  return { ok: true, changes: [{ kind: "block", block: after, freed: [] }], block: after, detail };
}

function idsOf(board: Board, positions: readonly number[]): readonly string[] {
  return positions.map((position) => board.seatId(position));
}

function sameSeats(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((position, index) => position === b[index]);
}

/** Null: there is no such schedule. */
export function viewBlocks(state: PerformanceState, scheduleId: string): readonly BlockView[] | null {
  if (!state.boards.has(scheduleId)) return null;
  const own = Array.from(state.blocks.values()).filter((block) => block.scheduleId === scheduleId);
  return own.map((block) => viewBlock(state, block));
}

export function viewSchedule(state: PerformanceState, scheduleId: string): ScheduleView | null {
  const board = state.boards.get(scheduleId);
  const currency = state.settings?.currency;
  if (board === undefined || currency === undefined) return null;
  return { ...board.plan, chartVersion: board.chartVersion, currency };
}

export function viewBlock(state: PerformanceState, known: Block): BlockView {
  const { number, scheduleId, reason, channel, seats } = known;
  const board = state.boards.get(scheduleId);
  const places = board === undefined ? [] : seats.map((position) => board.describe(position));
  const taken = seats.filter((position) => (board?.status[position] ?? SEAT.free) > SEAT.blocked).length;
  return { number, scheduleId, reason, channel, places, taken };
}

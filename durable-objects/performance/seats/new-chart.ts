/** Folds a new chart into memory: every place that stays keeps its state, whatever its position is now. */
import type { Change, HoldFact, Returning } from "../changes.ts";
import type { Block } from "../contract.ts";
import type { PerformanceState } from "../state.ts";
import { Board, SEAT, type SeatStatus } from "./board.ts";

/**
 * Holds, returns and blocks name places by position, so they are written anew too. A place with a state of its own that the
 * new chart does not know would be lost: the rule has refused that, so that here it is a bug.
 */
export function takeChart(
  state: PerformanceState,
  { scheduleId, chart, version }: Extract<Change, { kind: "chart-changed" }>,
): void {
  const before = state.boards.get(scheduleId);
  if (before === undefined) throw new Error(`no schedule ${scheduleId}`);
  const board = new Board({ ...before.plan, chart });
  board.version = before.version + 1;
  board.chartVersion = version;
  const positionNow = (position: number): number => {
    const now = board.position(before.seatId(position));
    if (now === null) throw new Error(`the new chart has no place ${before.seatId(position)}`);
    return now;
  };
  for (let position = 0; position < before.size; position++) {
    const status = (before.status[position] ?? SEAT.free) as SeatStatus;
    const block = before.block[position] ?? 0;
    if (status === SEAT.free && block === 0) continue;
    const now = positionNow(position);
    board.block[now] = block;
    board.set(now, status, before.holder[position] ?? 0);
  }
  const moved = (seats: readonly number[]): number[] => seats.map(positionNow);
  for (const [number, hold] of state.holds) {
    if (hold.scheduleId === scheduleId) {
      state.holds.set(number, { ...hold, seats: moved(hold.seats) } satisfies HoldFact);
    }
  }
  for (const [id, returning] of state.returns) {
    if (returning.scheduleId === scheduleId) {
      state.returns.set(id, { ...returning, seats: moved(returning.seats) } satisfies Returning);
    }
  }
  for (const [number, block] of state.blocks) {
    if (block.scheduleId === scheduleId) {
      state.blocks.set(number, { ...block, seats: moved(block.seats).toSorted((a, b) => a - b) } satisfies Block);
    }
  }
  state.boards.set(scheduleId, board);
}

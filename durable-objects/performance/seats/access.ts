/** Which places one buyer may have at all: not only what is free, but what is kept for somebody. */
import type { PerformanceState } from "../state.ts";
import { SEAT, type Board } from "./board.ts";
import { codeHash } from "./code.ts";
import { ACCESSIBLE } from "./places.ts";

export interface Buyer {
  readonly code?: string | undefined;
  readonly accessible?: boolean | undefined;
}

/**
 * The written rule of the pool of accessible seats: they are for people who need them until the published moment, or until
 * an operator frees them; from then on they are seats like all others.
 */
export function accessibleReleased(state: PerformanceState, now: number): boolean {
  const at = state.settings?.accessibleReleaseAt ?? null;
  return state.accessibleReleased || (at !== null && now >= at);
}

const NONE: ReadonlySet<number> = new Set();

export class Access {
  readonly board: Board;
  /** Blocks whose code the buyer has: mostly there is no code, and nothing to make a set for. */
  readonly #granted: ReadonlySet<number> = NONE;
  readonly #pool: boolean;

  constructor(state: PerformanceState, board: Board, { code, accessible }: Buyer, now: number) {
    this.board = board;
    this.#pool = accessible === true || accessibleReleased(state, now);
    if (code === undefined) return;
    const hash = codeHash(code);
    const granted = new Set<number>();
    for (const block of state.blocks.values()) {
      if (block.scheduleId === board.plan.id && block.codeHash === hash) granted.add(block.number);
    }
    this.#granted = granted;
  }

  /** Is the code one of this schedule's? */
  get granted(): boolean {
    return this.#granted.size > 0;
  }

  /** Nobody has it, and it is not kept for others. */
  readonly free = (position: number): boolean => this.isOpen(position) && !this.isPool(position);

  /** Nobody has it, and it is in no block, or in one the buyer has the code of. */
  isOpen(position: number): boolean {
    const status = this.board.status[position];
    if (status === SEAT.free) return true;
    return status === SEAT.blocked && this.#granted.has(this.board.block[position] ?? 0);
  }

  /** Kept for people with wheelchairs, and this is none. */
  isPool(position: number): boolean {
    return !this.#pool && ((this.board.places.traits[position] ?? 0) & ACCESSIBLE) !== 0;
  }
}

/** What one person has chosen: picked seats (not yet asked for) and holds; and how a seat looks because of it. */
import type { Hold } from "../calls/booking.ts";
import type { Board } from "./board.ts";
import type { Hall } from "./hall.ts";
import type { Mark } from "./marks.ts";

export interface Choice {
  readonly picked: readonly number[];
  readonly holds: readonly Hold[];
}

export const nothingChosen: Choice = { picked: [], holds: [] };

export function heldIndexes(hall: Hall, choice: Choice): ReadonlySet<number> {
  const held = new Set<number>();
  for (const hold of choice.holds) {
    for (const { id } of hold.seats) {
      const index = hall.indexOf.get(id);
      if (index !== undefined) held.add(index);
    }
  }
  return held;
}

export function markOf(index: number, board: Board, picked: ReadonlySet<number>, held: ReadonlySet<number>): Mark {
  if (held.has(index)) return "mine";
  if (!board.isOpen(index)) return board.isBlocked(index) ? "blocked" : "taken";
  if (picked.has(index)) return "picked";
  return board.isFree(index) ? "free" : "coded";
}

export type Toggled =
  { readonly result: "changed"; readonly choice: Choice } | { readonly result: "taken" | "over-limit" | "holding" };

/** Picks or unpicks a seat. With a hold in hand nothing more is picked: one purchase at a time. */
export function toggle(choice: Choice, index: number, board: Board, limit: number): Toggled {
  if (choice.picked.includes(index)) {
    return { result: "changed", choice: { ...choice, picked: choice.picked.filter((other) => other !== index) } };
  }
  if (choice.holds.length > 0) return { result: "holding" };
  if (!board.isOpen(index)) return { result: "taken" };
  if (choice.picked.length >= limit) return { result: "over-limit" };
  return { result: "changed", choice: { ...choice, picked: [...choice.picked, index] } };
}

/** Picked seats that somebody else has taken meanwhile, or that no code opens any more. */
export function lostSeats(choice: Choice, board: Board): readonly number[] {
  return choice.picked.filter((index) => !board.isOpen(index));
}

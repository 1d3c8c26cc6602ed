/** What the seat page knows of one person's choosing at a moment. */
import type { Alternative, BestReason } from "../calls/booking.ts";
import { type Choice, nothingChosen } from "./choice.ts";

export interface BookingState {
  readonly choice: Choice;
  readonly busy: "hold" | "order" | "release" | null;
  readonly message: string;
  readonly live: boolean;
  readonly sessionUntil: number;
  readonly over: boolean;
  readonly freeByGrade: ReadonlyMap<string, number>;
  readonly freeInZones: readonly number[];
  /** Seats the choice would leave alone, which this performance does not allow: said before they are asked for. */
  readonly alone: readonly number[];
  /** Somebody among us needs a wheelchair space. */
  readonly accessible: boolean;
  /** What opens kept seats to its owner, if it is right; empty: there is none. */
  readonly code: string;
  /** What is offered instead of seats that were gone. */
  readonly offer: Alternative | null;
  /** Why the held places are the best there were. */
  readonly why: BestReason | null;
}

export const atFirst: BookingState = {
  choice: nothingChosen,
  busy: null,
  message: "",
  live: false,
  sessionUntil: 0,
  over: false,
  freeByGrade: new Map(),
  freeInZones: [],
  alone: [],
  accessible: false,
  code: "",
  offer: null,
  why: null,
};

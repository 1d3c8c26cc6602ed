/**
 * Everything that can happen to a performance, as plain facts. A rule decides facts from the state without touching it;
 * apply.ts folds them into memory; storage/save.ts writes them, all facts of a batch in one transaction.
 */
import type { Block, CodeBatch, Order, PerformanceSettings, Phase, SchedulePlan, Verifier } from "./contract.ts";
import type { PerformanceEvent } from "./events.ts";
import type { Chart } from "./seats/chart.ts";

export interface HoldFact {
  readonly number: number;
  readonly member: string;
  readonly scheduleId: string;
  /** Positions on the board (seats/board.ts). */
  readonly seats: readonly number[];
  readonly firstAt: number;
  readonly expiresAt: number;
}

export interface Returning {
  readonly id: string;
  readonly scheduleId: string;
  /** Positions on the board. */
  readonly seats: readonly number[];
  /** The time everybody is told. */
  readonly publishedAt: number;
  /** When they are free, a random while later. */
  readonly at: number;
}

/** A bank account money goes back to, sealed for the provider's own code: nothing here can read it. */
export interface RefundAccount {
  readonly orderId: string;
  /** Number of the refund. */
  readonly refund: number;
  readonly sealed: string;
  /** Forgotten then at the latest. */
  readonly until: number;
}

/** What has been done to a date since it was published. */
export interface DateState {
  readonly cancelled: { readonly at: number; readonly reason: string } | null;
  readonly moved: { readonly startsAt: number; readonly at: number; readonly freeUntil: number } | null;
  /** Orders up to this id have been told; null: all of them. */
  readonly sweptTo: string | null;
}

export type HoldEnd = "released" | "expired" | "ordered";

/** The fact that a hold is over; it names the seats, because after it nobody else knows them. */
export function holdEnded(hold: HoldFact, reason: HoldEnd): Change {
  return { kind: "hold-ended", number: hold.number, scheduleId: hold.scheduleId, seats: hold.seats, reason };
}

export type SessionEnd = "paid" | "left" | "deadline" | "missed" | "revoked";

export type Change =
  | { readonly kind: "published"; readonly settings: PerformanceSettings; readonly schedules: readonly SchedulePlan[] }
  | { readonly kind: "phase"; readonly phase: Phase; readonly at: number }
  | { readonly kind: "limits"; readonly capacity: number; readonly ratePerMinute: number }
  | { readonly kind: "notice"; readonly text: string | null }
  | { readonly kind: "revoked"; readonly entry: string }
  /** Who will stand in which lane when they join. */
  | { readonly kind: "invited"; readonly entries: readonly string[]; readonly lane: number }
  /** Every pass issued before is worth nothing. */
  | { readonly kind: "epoch"; readonly epoch: number }
  // identities
  | { readonly kind: "claimed"; readonly identity: string; readonly entry: string }
  | { readonly kind: "code-batch"; readonly batch: CodeBatch }
  | { readonly kind: "verifier"; readonly verifier: Verifier }
  // the draw
  | { readonly kind: "draw-committed"; readonly secret: string }
  | { readonly kind: "sealed"; readonly n: number; readonly root: string; readonly at: number }
  | { readonly kind: "beacon"; readonly signature: string; readonly randomness: string }
  | { readonly kind: "drawn"; readonly seed: string; readonly randomness: string; readonly at: number }
  // the line
  | { readonly kind: "joined"; readonly entries: Uint8Array; readonly lanes: Uint8Array; readonly at: number }
  /** Somebody who had a number before got a new one: the next one not before the cooldown has passed. */
  | { readonly kind: "rejoined"; readonly entry: string; readonly at: number }
  | { readonly kind: "left"; readonly number: number }
  | { readonly kind: "revived"; readonly number: number; readonly at: number }
  | { readonly kind: "passed-over"; readonly number: number; readonly at: number }
  | { readonly kind: "came-back"; readonly number: number; readonly at: number }
  /** After a pause: every grace goes on from where it stood. */
  | { readonly kind: "graces-moved"; readonly by: number }
  | { readonly kind: "lapsed"; readonly number: number }
  | { readonly kind: "front"; readonly lane: number; readonly to: number }
  | { readonly kind: "admitted"; readonly number: number; readonly at: number; readonly until: number }
  | { readonly kind: "entered"; readonly number: number; readonly member: string; readonly until: number }
  | { readonly kind: "session-ended"; readonly number: number; readonly reason: SessionEnd; readonly at: number }
  // seats
  | { readonly kind: "held"; readonly hold: HoldFact }
  /** The whole hold after it, and what is new. */
  | { readonly kind: "hold-grown"; readonly hold: HoldFact; readonly added: readonly number[] }
  | {
      readonly kind: "hold-ended";
      readonly number: number;
      readonly scheduleId: string;
      readonly seats: readonly number[];
      readonly reason: HoldEnd;
    }
  /** A block after a change (without seats: it is gone), and the seats that left it. */
  | { readonly kind: "block"; readonly block: Block; readonly freed: readonly number[] }
  | { readonly kind: "accessible-released" }
  /** Positions of before it mean nothing any more; whoever keeps some finds the place by its id. */
  | { readonly kind: "chart-changed"; readonly scheduleId: string; readonly chart: Chart; readonly version: number }
  // orders: the whole order after the change
  | { readonly kind: "order"; readonly order: Order; readonly before: Order | null }
  /** Kept until the money has gone. */
  | { readonly kind: "refund-account"; readonly account: RefundAccount; readonly kept: boolean }
  /** A date was cancelled or moved, or some more of its orders have been told. */
  | { readonly kind: "date"; readonly scheduleId: string; readonly date: DateState }
  /** Seats that were sold and given back, until they are free. */
  | { readonly kind: "returning"; readonly returning: Returning }
  | { readonly kind: "returned"; readonly returning: Returning }
  // what leaves
  | { readonly kind: "event"; readonly event: PerformanceEvent; readonly at: number; readonly cause?: string }
  | {
      readonly kind: "replied";
      readonly id: string;
      readonly hash: string;
      readonly reply: string;
      readonly expiresAt: number;
    };

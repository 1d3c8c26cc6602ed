/**
 * What may be asked of a Rehearsal object: one per performance, in which its sale is played through before it happens. It
 * holds a copy of the performance and a crowd that does not exist; nothing of it reaches the catalogue, the records, a
 * payment provider, or the performance itself.
 */
import type { PublishRequest } from "../performance/contract.ts";

export const MOST_FANS = 100_000;

export interface RehearsalContract {
  /** Plays the sale of a copy. One that is being played is answered as it stands; one that is over is played anew. */
  start(request: PublishRequest, fans: number, seed: number): Promise<RehearsalView>;
  view(): Promise<RehearsalView>;
  /** Ends one that is being played, without a result; `ended`: whether there was one. One that is over stays as it is. */
  cancel(): Promise<{ readonly ended: boolean; readonly view: RehearsalView }>;
  /** The sale is over for good: what came of its rehearsal is forgotten. */
  empty(): Promise<void>;
}

/** One moment of the sale that was played; `second` counts from the opening. */
export interface RehearsalPoint {
  readonly second: number;
  readonly waiting: number;
  readonly sessions: number;
  readonly admitted: number;
  readonly sold: number;
}

export interface RehearsalResult {
  readonly points: readonly RehearsalPoint[];
  readonly seats: number;
  readonly sold: number;
  readonly orders: number;
  readonly admitted: number;
  /** Seconds after the opening; null: it was not sold out. */
  readonly soldOutAfter: number | null;
  /** How long those who were let in had waited, in seconds: half, nine in ten, the longest. */
  readonly waits: { readonly half: number; readonly most: number; readonly longest: number } | null;
  /** Still waiting when it was over. */
  readonly leftWaiting: number;
  readonly refusals: Readonly<Record<string, number>>;
  /** What must hold, counted independently of the rules that keep it. */
  readonly checks: { readonly capacity: boolean; readonly rate: boolean; readonly soldOnce: boolean };
}

export interface RehearsalView {
  readonly state: "none" | "running" | "done" | "interrupted" | "cancelled";
  readonly fans: number;
  /** 0 to 1. */
  readonly progress: number;
  readonly result: RehearsalResult | null;
}

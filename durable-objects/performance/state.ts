/**
 * The whole of a performance in memory: an index over what storage holds, rebuilt from it at any time.
 * Only apply.ts changes it (presence apart, which is nowhere else).
 */
import { FlowMeter } from "./admission/flow.ts";
import { Identities } from "./admission/identities.ts";
import { AdmissionHistory } from "./admission/limits.ts";
import { Line } from "./admission/line.ts";
import { LaneTurns } from "./admission/turns.ts";
import type { DateState, HoldFact, RefundAccount, Returning } from "./changes.ts";
import type { Block, Order, OrderStatus, PerformanceSettings, Phase } from "./contract.ts";
import { Deadlines } from "./deadlines.ts";
import { ReplyIndex } from "./reply-index.ts";
import { SEAT, type Board } from "./seats/board.ts";

export interface Session {
  readonly number: number;
  readonly admittedAt: number;
  readonly until: number;
  /** Null until the member entered. */
  readonly member: string | null;
}

export interface DrawState {
  /** Made in the object, committed to, and told to nobody before the draw. */
  readonly secret: string;
  readonly sealed: { readonly n: number; readonly root: string; readonly at: number } | null;
  /** The verified round. */
  readonly beacon: { readonly signature: string; readonly randomness: string } | null;
  readonly drawn: { readonly seed: string; readonly randomness: string; readonly at: number } | null;
}

/** What a deadline is about. It is checked again when it comes: the subject may have moved on. */
export type DueSubject =
  | { readonly kind: "phase" }
  | { readonly kind: "session"; readonly number: number }
  | { readonly kind: "hold"; readonly number: number }
  | { readonly kind: "order"; readonly id: string }
  | { readonly kind: "return"; readonly id: string }
  | { readonly kind: "refund-account"; readonly key: string }
  | { readonly kind: "grace"; readonly number: number };

/** Of seats and holds (storage/journal.ts): rows of the generation that counts, and the rows they will be folded into. */
export interface Journal {
  generation: number;
  rows: number;
  readonly sections: Map<string, Set<number>>;
  readonly packs: Set<number>;
}

export interface PerformanceState {
  readonly performanceId: string;
  /** Latest time seen: a clock that steps back changes nothing. */
  clock: number;
  settings: PerformanceSettings | null;
  phase: Phase;
  /** Since when sales are paused, or null. */
  pausedAt: number | null;
  notice: string | null;
  /** Raised to revoke every pass issued before. */
  epoch: number;
  /** Counts changes of phase, limits and notice. */
  stateVersion: number;
  /** Null: there is no gathering, and so nothing to draw. */
  draw: DrawState | null;
  readonly line: Line;
  /** Which entry has shown which identity, where joining takes one. */
  readonly identities: Identities;
  readonly sessions: Map<number, Session>;
  readonly sessionOfMember: Map<string, number>;
  readonly history: AdmissionHistory;
  /** Whose turn it is among the lanes. */
  turns: LaneTurns;
  /** How fast the line moves; memory only. */
  readonly flow: FlowMeter;
  admittedTotal: number;
  readonly revoked: Set<string>;
  /** Entries with a lane of their own to join. */
  readonly invited: Map<string, number>;
  /** When those who joined again got their latest number, oldest first; forgotten after the cooldown. */
  readonly rejoined: Map<string, number>;
  readonly boards: Map<string, Board>;
  readonly holds: Map<number, HoldFact>;
  /** Numbers of a member's holds: few per member, so that nobody's request walks through everybody's. */
  readonly holdsOfMember: Map<string, Set<number>>;
  nextHold: number;
  readonly blocks: Map<number, Block>;
  nextBlock: number;
  /** An operator has freed the pool of accessible seats. */
  accessibleReleased: boolean;
  /** Orders with something left to happen (orders/machine.ts, isOpen); the others are read from storage. */
  readonly openOrders: Map<string, Order>;
  /** Sealed bank accounts of refunds under way (orders/refund.ts). */
  readonly refundAccounts: Map<string, RefundAccount>;
  /** Dates that were cancelled or moved. */
  readonly dates: Map<string, DateState>;
  /** Seats that were given back and are not free yet. */
  readonly returns: Map<string, Returning>;
  readonly ordersByStatus: Map<OrderStatus, number>;
  /** Seats held or ordered per member, paid ones included. */
  readonly seatsOfMember: Map<string, number>;
  nextEvent: number;
  /** Where to find the kept replies of keyed commands. */
  readonly replies: ReplyIndex;
  /** What storage has only in its journal so far. */
  readonly journal: Journal;
  readonly deadlines: Deadlines<DueSubject>;
  /** Nobody is admitted before: presence is still unknown after a restart. 0: known. */
  presenceUnknownUntil: number;
}

export function emptyState(performanceId: string): PerformanceState {
  return {
    performanceId,
    clock: 0,
    settings: null,
    phase: "unpublished",
    pausedAt: null,
    notice: null,
    epoch: 0,
    stateVersion: 0,
    draw: null,
    line: new Line(),
    identities: new Identities(),
    sessions: new Map(),
    sessionOfMember: new Map(),
    history: new AdmissionHistory(),
    turns: new LaneTurns(),
    flow: new FlowMeter(),
    admittedTotal: 0,
    revoked: new Set(),
    invited: new Map(),
    rejoined: new Map(),
    boards: new Map(),
    holds: new Map(),
    holdsOfMember: new Map(),
    nextHold: 1,
    blocks: new Map(),
    nextBlock: 1,
    accessibleReleased: false,
    openOrders: new Map(),
    refundAccounts: new Map(),
    dates: new Map(),
    returns: new Map(),
    ordersByStatus: new Map(),
    seatsOfMember: new Map(),
    nextEvent: 1,
    replies: new ReplyIndex(),
    journal: { generation: 0, rows: 0, sections: new Map(), packs: new Set() },
    deadlines: new Deadlines(),
    presenceUnknownUntil: 0,
  };
}

/** Nothing of a cancelled date is for sale any more. */
export function isCancelled(state: PerformanceState, scheduleId: string): boolean {
  return (state.dates.get(scheduleId)?.cancelled ?? null) !== null;
}

/** The boards of dates that take place. */
export function boardsOnSale(state: PerformanceState): readonly Board[] {
  return Array.from(state.boards.values()).filter((board) => !isCancelled(state, board.plan.id));
}

/** Seats that are not sold and not blocked: what the people who wait can still hope for. */
export function unsoldSeats(state: PerformanceState): number {
  let total = 0;
  for (const board of boardsOnSale(state)) {
    for (const grade of Object.keys(board.plan.prices)) {
      total += HOPEFUL.reduce<number>((sum, status) => sum + board.count(grade, status), 0);
    }
  }
  return total;
}

const HOPEFUL = [SEAT.free, SEAT.held, SEAT.paying, SEAT.awaitingDeposit, SEAT.returning] as const;

/** Seats that are free now, over all schedules. */
export function freeSeats(state: PerformanceState): number {
  let total = 0;
  for (const board of boardsOnSale(state)) {
    for (const grade of Object.keys(board.plan.prices)) total += board.count(grade, SEAT.free);
  }
  return total;
}

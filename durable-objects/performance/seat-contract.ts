/**
 * Seats and holds as everybody outside the object sees them: plain data, times in milliseconds since 1970 UTC, amounts as
 * integers in minor units.
 */
import type { OrderSeat } from "./order-contract.ts";
import type { Chart } from "./seats/chart.ts";

/**
 * What a hold is asked for: seats by id, a number of places in standing zones, or the best there is. Either the first two
 * in any mixture, or the last.
 */
export interface HoldWish {
  readonly seats?: readonly string[];
  readonly zones?: readonly ZoneWish[];
  readonly best?: BestWish;
  /** A hold of the member's own that these are added to: its time stays as it is. */
  readonly addTo?: string;
  /** Opens seats that were granted to whoever knows it. */
  readonly code?: string;
  /** The member needs a wheelchair space: opens the pool of accessible seats. */
  readonly accessible?: boolean;
}

export interface ZoneWish {
  readonly zone: string;
  readonly count: number;
}

/** So many places together, of a grade or within prices (both ends belong to it). */
export interface BestWish {
  readonly count: number;
  readonly grade?: string;
  readonly minPrice?: number;
  readonly maxPrice?: number;
}

/** Why best available chose what it chose. */
export interface BestReason {
  readonly section: string;
  /** Null: standing places. */
  readonly row: string | null;
  /** From the point the best seats are near, on average, in seat widths; null where the chart does not draw the zone. */
  readonly distance: number | null;
  readonly restrictedView: boolean;
  /** Seats of the grades asked for that are nearer, and why it was none of them. */
  readonly nearer: {
    readonly taken: number;
    /** Blocked, or granted to others. */
    readonly withheld: number;
    /** Kept for people with wheelchairs. */
    readonly accessible: number;
    /** Free, but not so many beside each other, or only with a single seat left over or a restricted view. */
    readonly notTogether: number;
  };
}

/** Instead of seats that are gone: as many, together, of the same grades if there are such, the nearest to them. */
export interface Alternative {
  readonly seats: readonly OrderSeat[];
  readonly amount: number;
  readonly sameGrade: boolean;
}

export interface HoldView {
  readonly id: string;
  readonly scheduleId: string;
  readonly seats: readonly OrderSeat[];
  readonly amount: number;
  readonly currency: string;
  readonly expiresAt: number;
}

/**
 * Seats of one schedule: status per seat, one digit each in chart order (seats/board.ts names the digits); of standing zones
 * the free places. `chart` changes when the chart does: digits of another one mean other seats.
 */
export interface SeatSnapshot {
  readonly scheduleId: string;
  readonly version: number;
  readonly chart: number;
  readonly sections: readonly { readonly id: string; readonly statuses: string }[];
  readonly zones: readonly { readonly id: string; readonly free: number }[];
}

/** Changes from one version to the next; `from` of a delta equals `to` of the one before it. */
export interface SeatDelta {
  readonly scheduleId: string;
  /** The chart its positions are of, as in snapshots; not there from an object of before charts could change. */
  readonly chart?: number;
  readonly from: number;
  readonly to: number;
  /** (section index, seat index, status digit) triples. */
  readonly changes: readonly (readonly [section: number, seat: number, status: number])[];
  /** Free places of the zones that changed. */
  readonly zones: readonly (readonly [zone: number, free: number])[];
}

export interface ScheduleView {
  readonly id: string;
  readonly startsAt: number;
  readonly hallName: string;
  readonly timeZone: string;
  readonly chart: Chart;
  readonly chartVersion: number;
  readonly prices: Readonly<Record<string, number>>;
  readonly currency: string;
}

/** Seats an organiser keeps out of the sale, or grants to whoever has a code. */
export interface Block {
  readonly number: number;
  readonly scheduleId: string;
  readonly reason: string;
  /** Whom the seats are granted to, by name: a fan club, a sponsor. Null: to nobody. */
  readonly channel: string | null;
  /** SHA-256 of the code in hex; null: nobody can have them. */
  readonly codeHash: string | null;
  /** Positions on the board. */
  readonly seats: readonly number[];
}

export interface BlockView {
  readonly number: number;
  readonly scheduleId: string;
  readonly reason: string;
  readonly channel: string | null;
  readonly places: readonly OrderSeat[];
  /** Of them, those that somebody with the code holds or has bought. */
  readonly taken: number;
}

/**
 * Another chart for a date, also while it sells: refused where it touches a place with a history (seats/chart-change.ts). Asked
 * again with the chart it has, it does nothing.
 */
export interface ChartAction {
  readonly do: "change-chart";
  readonly scheduleId: string;
  readonly chart: Chart;
}

/** What an operator may do with seats; `do` says what. */
export type SeatAction =
  /** Out of the sale: seats by id, whole sections, a number of places of a zone. All of them or none. */
  | {
      readonly do: "block";
      readonly scheduleId: string;
      readonly reason: string;
      readonly seats?: readonly string[];
      readonly sections?: readonly string[];
      readonly zones?: readonly ZoneWish[];
    }
  /** Back into the sale: the whole block, or some of its seats. */
  | { readonly do: "unblock"; readonly block: number; readonly seats?: readonly string[] }
  /** Granted to whoever has the code; without one the grant is taken back. */
  | { readonly do: "grant"; readonly block: number; readonly channel: string | null; readonly codeHash: string | null }
  /** The written rule's other half: an operator frees the accessible seats before its time. */
  | { readonly do: "release-accessible" };

/**
 * What the records keep of a sale besides its orders, so that its object can be emptied when all is over, and built again
 * should it be lost. Plain data; times are milliseconds since 1970 UTC.
 */
import type { Order } from "./order-contract.ts";
import type { SchedulePlan } from "./contract.ts";
import type { DrawView, Phase } from "./queue-contract.ts";

/** What an object hands over of itself, at most a minute old in the records. */
export interface SaleCopy {
  /** Changes whenever something of the copy does. */
  readonly mark: string;
  readonly takenAt: number;
  readonly phase: Phase;
  /** People in the line, and identities that were shown: their segments are copied one by one. */
  readonly joined: number;
  readonly claimed: number;
  readonly kept: KeptState;
  readonly draw: DrawView;
}

/**
 * The object's own notes, which nobody else reads: they come back to it as they are. `entryKey` names everybody in the line,
 * so it goes when the object is emptied; a draw's secret is not among them before the draw, and accounts to pay back to never
 * are: a refund whose account was lost with the object asks its buyer again.
 */
export interface KeptState {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly entryKey: string;
  readonly standings: readonly (readonly [number: number, standing: string, at: number])[];
  /** Numbers of the live sessions. */
  readonly sessions: readonly number[];
  readonly revoked: readonly string[];
  readonly invited: readonly (readonly [entry: string, lane: number])[];
  readonly blocks: readonly unknown[];
  readonly returns: readonly unknown[];
}

/**
 * - `people` of the line, in order, 1,024 a segment: 16 bytes an entry; a lane's index each, null where all are in the general one.
 * - `claims`: who has shown which identity, 256 pairs of identity and entry, 16 bytes each; no lanes.
 */
export type SegmentKind = "people" | "claims";

export interface QueueSegment {
  readonly kind: SegmentKind;
  readonly number: number;
  readonly entries: Uint8Array;
  readonly lanes: Uint8Array | null;
}

/** Why an object may not be emptied yet. */
export type Obstacle =
  | "not-published"
  | "not-closed"
  | "sessions"
  | "holds"
  | "open-orders"
  | "seats-returning"
  | "dates-being-told"
  | "events-unreported"
  | "date-not-over"
  | "kept-until";

export type EmptyReply =
  /** When it was; null: nothing stands in the way of it. */
  { readonly ok: true; readonly at: number | null } | { readonly ok: false; readonly obstacles: readonly Obstacle[] };

/**
 * How an object is built again, one call a step; a call carries 32 MiB at most. `begin` from nothing takes an object that has
 * nothing (or, if told to replace, whatever it has); from storage it keeps what is there and takes over what is newer.
 */
export type RebuildStep =
  /** Changes nothing. `nextEvent`: the records have seen all before it; `orders`: as the records have them. */
  | {
      readonly do: "compare";
      readonly nextEvent: number;
      readonly dates: readonly string[];
      readonly orders: readonly { readonly id: string; readonly version: number }[];
    }
  /** The object starts again; nobody hears an answer. */
  | { readonly do: "restart" }
  | {
      readonly do: "begin";
      readonly from: "nothing";
      readonly replace: boolean;
      readonly kept: KeptState;
      readonly nextEvent: number;
    }
  | { readonly do: "begin"; readonly from: "storage"; readonly nextEvent: number }
  | { readonly do: "date"; readonly schedule: SchedulePlan }
  | { readonly do: "segments"; readonly segments: readonly QueueSegment[] }
  | { readonly do: "orders"; readonly orders: readonly Order[] }
  | { readonly do: "finish" };

export type RebuildReply =
  | {
      readonly ok: true;
      readonly phase: Phase;
      readonly joined: number;
      readonly sold: number;
      /** Only of `compare`: what the records know and the object does not; null: nothing. */
      readonly behind?: string | null;
    }
  | {
      readonly ok: false;
      readonly code: "object-alive" | "not-rebuilding" | "rebuild-impossible";
      readonly why: string;
    };

/** What a platform that keeps no history of an object's storage answers. */
export type RestoreReply =
  | { readonly ok: true; readonly bookmark: string; readonly undo: string }
  | { readonly ok: false; readonly why: string };

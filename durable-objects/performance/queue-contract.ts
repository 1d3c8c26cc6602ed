/**
 * What the waiting room says: phases, a person's standing, the frame everybody shares, signs of life, how the order comes
 * about. Plain data; times are milliseconds since 1970 UTC.
 */
import type { PerformanceSettings, Verification } from "./contract.ts";

/** Where a performance stands. Only the object's clock moves it. */
export type Phase = "unpublished" | "scheduled" | "gathering" | "sealed" | "open" | "paused" | "soldout" | "closed";

/** A public randomness beacon: everything needed to know which round is due when, and to verify it. */
export interface BeaconChain {
  readonly hash: string;
  /** G2 point, 96 bytes as hex. */
  readonly publicKey: string;
  /** Unix seconds of round 1. */
  readonly genesis: number;
  readonly periodSeconds: number;
}

/** A separately ordered part of the line. Public before anybody joins, and fixed by the first publication. */
export interface LanePlan {
  readonly id: string;
  /** Percent of the admissions while people wait in every lane; the shares of all lanes are 100. */
  readonly share: number;
}

/** How one lane stands. */
export interface LaneStatus extends LanePlan {
  /** Everybody of the lane at a place below this has been admitted or passed over. */
  readonly front: number;
  readonly waiting: number;
  readonly admitted: number;
  /** (place, people ahead) points: the first 100 places from the front exactly, then log-spaced. */
  readonly ahead: readonly (readonly [place: number, ahead: number])[];
  /** The wait, in seconds from `now`, by people ahead: 0, 1, 2, 4 … and the last one. Empty while nothing moves. */
  readonly waits: readonly (readonly [ahead: number, fromSeconds: number, toSeconds: number])[];
}

/** A person's standing in the queue. */
export interface Standing {
  readonly state: "none" | "waiting" | "passed-over" | "admitted" | "entered" | "ended";
  readonly number: number | null;
  readonly place: number | null;
  /** The lane's index; 0 is the general one. */
  readonly lane: number;
  /** Admitted or entered: until when. */
  readonly until: number | null;
  /** It ended because the organiser revoked this member, who cannot come back. */
  readonly revoked?: true;
}

export interface SessionView {
  readonly number: number;
  readonly until: number;
  readonly epoch: number;
}

export interface PresenceReport {
  /** Everybody this lobby has, not only what changed: an object that started again counts the lobbies that said so. */
  readonly full: boolean;
  readonly numbers: Uint32Array;
  /** Same length: lease ends, in whole seconds after the report's arrival. 0 ends the lease. */
  readonly leaseSeconds: Uint16Array;
}

/** One frame for everybody in a lobby; the browser works out its own numbers. */
export interface StatusFrame {
  readonly phase: Phase;
  readonly now: number;
  readonly gatherAt: number | null;
  readonly openAt: number;
  readonly closeAt: number;
  readonly joined: number;
  /** Null without a gathering: first come, first served. `n` from sealing on, `seed` from the draw on. */
  readonly draw: { readonly n: number | null; readonly seed: string | null } | null;
  /** Front, people ahead and waits of the general lane, under the names they have in `lanes`. */
  readonly front: number;
  readonly ahead: LaneStatus["ahead"];
  readonly waits: LaneStatus["waits"];
  /** All lanes, the general one first; empty where there is no other. */
  readonly lanes: readonly LaneStatus[];
  /** In all lanes. */
  readonly waiting: number;
  readonly sessions: number;
  readonly capacity: number;
  readonly ratePerMinute: number;
  /** How many of those waiting show signs of life. */
  readonly present: number;
  /** Admissions in the last minute. */
  readonly flowPerMinute: number;
  readonly seatsLeft: Readonly<Record<string, number>>;
  readonly notice: string | null;
  /** When seats that were given back can be had again, as published; null: none are waiting for that. */
  readonly seatsReturnAt: number | null;
  /** Changes with every committed change of a seat. */
  readonly seatsVersion: number;
}

/** Pushed to a queue lobby as soon as it is durable; a lost push is repaired by the next tick. */
export interface PersonalNews {
  readonly entry: string;
  readonly standing: Standing;
}

/** How the order of a queue comes about, for anybody to compute again (admission/draw.ts says how). Hex throughout. */
export interface DrawView {
  readonly performanceId: string;
  readonly method: "arrival" | "draw";
  /** What everybody has shown who is on the list: each code, or each person of the verifier's, is there once at most. */
  readonly verification: Verification;
  /** With more than one lane a segment of the list ends with one byte an entry: the index of its lane. */
  readonly lanes: readonly LanePlan[];
  /** SHA-256 of the secret, published before anybody joined. */
  readonly commitment: string | null;
  readonly beacon: PerformanceSettings["beacon"];
  /** Without the beacon's round until then, the draw goes on without it: the rule for a late beacon. */
  readonly beaconUntil: number | null;
  readonly sealed: { readonly n: number; readonly root: string; readonly segments: number; readonly at: number } | null;
  readonly drawn: {
    readonly secret: string;
    /** The beacon's signature, whose SHA-256 is the randomness used; null: 32 zero bytes were used instead. */
    readonly signature: string | null;
    readonly randomness: string;
    readonly seed: string;
    readonly at: number;
  } | null;
}

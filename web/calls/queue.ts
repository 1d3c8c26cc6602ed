/** The queue of a performance: joining, looking, leaving, entering, and the frames its live connection sends. */
import { ask } from "../api.ts";
import {
  type Decoder,
  fields,
  listOf,
  nothing,
  nullable,
  number,
  oneOf,
  recordOf,
  ShapeError,
  text,
  time,
} from "../decode.ts";
import { fallback } from "../decode-loosely.ts";

const phase = oneOf("unpublished", "scheduled", "gathering", "sealed", "open", "paused", "soldout", "closed");
const standing = oneOf("none", "waiting", "passed-over", "admitted", "entered", "ended");
export type Phase = ReturnType<typeof phase>;
export type Standing = ReturnType<typeof standing>;

export type AheadPoint = readonly [place: number, ahead: number];

export type WaitPoint = readonly [ahead: number, fromSeconds: number, toSeconds: number];

export interface LaneStatus {
  readonly front: number;
  readonly waits: readonly WaitPoint[];
  readonly ahead: readonly AheadPoint[];
}

export interface QueueStatus extends LaneStatus {
  readonly phase: Phase;
  readonly now: number;
  readonly gatherAt: number | null;
  readonly openAt: number;
  readonly joined: number;
  /** Null: first come, first served. `n` from sealing on. */
  readonly draw: { readonly n: number | null } | null;
  /** The same for each lane, where there is more than one. */
  readonly lanes: readonly LaneStatus[];
  readonly seatsLeft: Readonly<Record<string, number>>;
  readonly notice: string | null;
  /** When seats that were given back can be had again. */
  readonly seatsReturnAt: number | null;
}

export interface QueueState {
  readonly state: Standing;
  readonly number: number | null;
  readonly place: number | null;
  readonly lane: number;
  readonly until: number | null;
  /** Ended by the organiser, for good. */
  readonly revoked: boolean;
  readonly status: QueueStatus;
  readonly pollAfterSeconds: number;
  /** Where many join at once: so long from now, and no sooner, a live connection is welcome. */
  readonly connectAfterMs: number;
  /** The answer to joining brings it along. */
  readonly receipt: string | null;
}

/** Pairs and triples alike: what a pair lacks is nought. */
const point: Decoder<WaitPoint> = (value) => {
  const [x, y, z = 0] = listOf(number)(value);
  if (x === undefined || y === undefined) throw new ShapeError("expected a point");
  return [x, y, z];
};

const lane = {
  front: number,
  waits: listOf(point),
  // Of a pair the third is nought, and nobody asks for it: one decoder less on the busiest page.
  ahead: listOf(point) as Decoder<readonly unknown[]> as Decoder<readonly AheadPoint[]>,
};

const status = fields<QueueStatus>({
  phase,
  now: time,
  gatherAt: nullable(time),
  openAt: time,
  joined: number,
  draw: nullable(fields({ n: nullable(number) })),
  ...lane,
  lanes: listOf(fields(lane)),
  seatsLeft: recordOf(number),
  notice: nullable(text),
  seatsReturnAt: fallback(nullable(time), null),
});

const queueState = fields<QueueState>({
  state: standing,
  number: nullable(number),
  place: nullable(number),
  lane: number,
  until: nullable(time),
  revoked: (value) => value === true,
  status,
  pollAfterSeconds: number,
  connectAfterMs: fallback(number, 0),
  receipt: nullable(text),
});

export type QueueFrame =
  | { readonly type: "state"; readonly state: QueueState }
  | { readonly type: "status"; readonly status: QueueStatus }
  | { readonly type: "other" };

const tagged = fields({ type: text });

export function readQueueFrame(frame: unknown): QueueFrame {
  const { type } = tagged(frame);
  if (type === "state") return { type, state: queueState(frame) };
  if (type === "status") return { type, status: fields({ status })(frame).status };
  return { type: "other" };
}

const at = (performanceId: string, rest: string): string =>
  `/api/performances/${encodeURIComponent(performanceId)}/${rest}`;

/** Idempotent by state: the same person keeps the same number. `tries` 1: the waiting page paces its own retries. */
export function joinQueue(performanceId: string): Promise<QueueState> {
  return ask({ method: "POST", path: at(performanceId, "queue"), decode: queueState, repeatable: true, tries: 1 });
}

export function lookAtQueue(performanceId: string): Promise<QueueState> {
  return ask({ method: "GET", path: at(performanceId, "queue"), decode: queueState, tries: 1 });
}

export function leaveQueue(performanceId: string): Promise<null> {
  return ask({ method: "DELETE", path: at(performanceId, "queue"), decode: nothing });
}

/** The pass itself arrives as a cookie. */
export function enter(performanceId: string): Promise<{ readonly expiresAt: number }> {
  return ask({
    method: "POST",
    path: at(performanceId, "enter"),
    decode: fields({ expiresAt: time }),
    repeatable: true,
  });
}

export function livePath(performanceId: string, booking: boolean): string {
  return at(performanceId, booking ? "live?booking=1" : "live");
}

/** What one person is shown, from their own standing and the frame everybody shares. Pure: the browser could do the same. */
import type { LaneStatus, Standing, StatusFrame } from "../performance/contract.ts";
import type { QueueState } from "./contract.ts";

export function queueStateOf(standing: Standing, status: StatusFrame, now: number): QueueState {
  const waiting = standing.state === "waiting" || standing.state === "passed-over";
  const lane = laneOf(standing, status);
  const ahead = waiting && standing.place !== null ? aheadOf(standing.place, lane) : null;
  return {
    state: standing.state,
    number: standing.number,
    place: standing.place,
    lane: standing.lane,
    ahead,
    until: standing.until === null ? null : new Date(standing.until).toISOString(),
    revoked: standing.revoked === true,
    status,
    wait: ahead === null ? null : waitRange(ahead, lane),
    seatsUnlikely: ahead !== null && ahead >= sum(Object.values(status.seatsLeft)),
    pollAfterSeconds: pollAfter(ahead, standing, status),
    serverTime: new Date(now).toISOString(),
  };
}

/** What the frame says of somebody's lane. */
export function laneOf(
  { lane }: Pick<Standing, "lane">,
  status: StatusFrame,
): Pick<LaneStatus, "front" | "ahead" | "waits"> {
  return status.lanes[lane] ?? status;
}

/** People ahead of a place: exact at the points of the frame, interpolated between them. */
export function aheadOf(place: number, status: Pick<LaneStatus, "front" | "ahead">): number {
  let below: readonly [number, number] = [status.front, 0];
  for (const point of status.ahead) {
    if (point[0] === place) return point[1];
    if (point[0] > place) {
      const span = point[0] - below[0];
      const share = span === 0 ? 0 : (place - below[0]) / span;
      return Math.max(0, Math.round(below[1] + share * (point[1] - below[1])));
    }
    below = point;
  }
  return Math.max(0, below[1] + Math.max(0, place - below[0]));
}

/** A range, because a single number is a promise nobody can keep. Null when nothing moves. */
export function waitRange(ahead: number, { waits }: Pick<LaneStatus, "waits">): QueueState["wait"] {
  let before = waits[0];
  if (before === undefined) return null;
  for (const point of waits) {
    const share = Math.min(1, (ahead - before[0]) / (point[0] - before[0] || 1));
    if (point[0] >= ahead || point === waits.at(-1)) {
      const fromSeconds = Math.floor(before[1] + share * (point[1] - before[1]));
      return { fromSeconds, toSeconds: Math.ceil(before[2] + share * (point[2] - before[2])) };
    }
    before = point;
  }
  return null;
}

/** The nearer the front, the sooner: told by the server, so that a crowd never decides its own pace. */
function pollAfter(ahead: number | null, standing: Standing, status: StatusFrame): number {
  if (standing.state === "admitted" || standing.state === "entered") return 5;
  if (ahead === null) return 10;
  if (status.phase === "gathering" || status.phase === "sealed") return 15;
  if (ahead < 50) return 2;
  return ahead < 1_000 ? 5 : 20;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

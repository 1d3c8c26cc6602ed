/** What one person is shown, from their own standing and the frame everybody shares. Pure: the browser could do the same. */
import type { Standing, StatusFrame } from "../performance/contract.ts";
import type { QueueState } from "./contract.ts";

export function queueStateOf(standing: Standing, status: StatusFrame, now: number): QueueState {
  const waiting = standing.state === "waiting" || standing.state === "passed-over";
  const ahead = waiting && standing.place !== null ? aheadOf(standing.place, status) : null;
  return {
    state: standing.state,
    number: standing.number,
    place: standing.place,
    ahead,
    until: standing.until === null ? null : new Date(standing.until).toISOString(),
    status,
    wait: ahead === null ? null : waitRange(ahead, status, now),
    seatsUnlikely: ahead !== null && ahead >= sum(Object.values(status.seatsLeft)),
    pollAfterSeconds: pollAfter(ahead, standing, status),
    serverTime: new Date(now).toISOString(),
  };
}

/** People ahead of a place: exact at the points of the frame, interpolated between them. */
export function aheadOf(place: number, status: StatusFrame): number {
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

/** A session that is not given up early lasts about this long; used until a flow has been measured. */
const TYPICAL_SESSION_SECONDS = 240;

/** A range, because a single number is a promise nobody can keep. Null when nothing moves and nothing is known. */
export function waitRange(ahead: number, status: StatusFrame, now: number): QueueState["wait"] {
  const untilOpen = Math.max(0, (status.openAt - now) / 1_000);
  if (status.phase === "soldout" || status.phase === "closed" || status.phase === "paused") return null;
  const measured = status.flowPerMinute / 60;
  const expected = Math.min(status.capacity / TYPICAL_SESSION_SECONDS, status.ratePerMinute / 60);
  const perSecond = Math.max(measured, expected);
  if (perSecond <= 0) return null;
  const free = Math.max(0, status.capacity - status.sessions);
  const seconds = Math.max(0, ahead + 1 - free) / perSecond;
  return { fromSeconds: Math.floor(untilOpen + seconds * 0.6), toSeconds: Math.ceil(untilOpen + seconds * 1.7) + 1 };
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

/** Works out one's own numbers from the frame everybody gets: log-spaced (place, people ahead) points. */
import type { AheadPoint, WaitRange } from "../calls/queue.ts";

/**
 * People ahead of a place. Between two points the line between them; before the first and after the last one person a
 * place, which is exact at the front and never too optimistic at the back.
 */
export function peopleAhead(place: number, points: readonly AheadPoint[], front: number): number {
  if (place < front) return 0;
  const first = points[0];
  if (first === undefined) return place - front;
  let before = first;
  for (const point of points) {
    if (point[0] === place) return point[1];
    if (point[0] > place) return Math.max(0, Math.round(between(place, before, point)));
    before = point;
  }
  return before[1] + (place - before[0]);
}

function between(place: number, left: AheadPoint, right: AheadPoint): number {
  if (left[0] === right[0]) return right[1] - (right[0] - place);
  const share = (place - left[0]) / (right[0] - left[0]);
  return left[1] + share * (right[1] - left[1]);
}

/** The range told with an earlier count of people ahead, carried over to the count of now. */
export function scaledWait(wait: WaitRange, aheadThen: number, aheadNow: number): WaitRange {
  if (aheadThen <= 0) return wait;
  const share = Math.min(1, aheadNow / aheadThen);
  return { fromSeconds: wait.fromSeconds * share, toSeconds: wait.toSeconds * share };
}

/** More people are ahead than seats are free: the server's own rule, for what has changed since it last applied it. */
export function seatsShort(ahead: number, seatsLeft: Readonly<Record<string, number>>): boolean {
  return ahead >= Object.values(seatsLeft).reduce((sum, left) => sum + left, 0);
}

export type WaitWords =
  | { readonly say: "soon" }
  | { readonly say: "seconds"; readonly to: number }
  | { readonly say: "minute"; readonly n: number }
  | { readonly say: "minutes"; readonly from: number; readonly to: number };

/** A range as people say it: coarse, rounded outwards. */
export function waitWords({ fromSeconds, toSeconds }: WaitRange): WaitWords {
  if (toSeconds <= 10) return { say: "soon" };
  if (toSeconds < 60) return { say: "seconds", to: Math.ceil(toSeconds / 10) * 10 };
  const from = Math.floor(fromSeconds / 60);
  const to = Math.ceil(toSeconds / 60);
  return from === to ? { say: "minute", n: to } : { say: "minutes", from, to };
}

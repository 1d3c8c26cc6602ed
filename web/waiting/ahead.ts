/** Works out one's own numbers from the frame everybody gets: log-spaced (place, people ahead) points. */
import type { AheadPoint, WaitPoint } from "../calls/queue.ts";

/** The points around x, and how far it is from the first to the second; behind the last one they are the same. */
function around<Point extends readonly [number, number, ...number[]]>(
  x: number,
  points: readonly Point[],
  before: Point,
): readonly [before: Point, after: Point, share: number] {
  for (const point of points) {
    if (point[0] >= x) return [before, point, (x - before[0]) / (point[0] - before[0] || 1)];
    before = point;
  }
  return [before, before, 0];
}

/** People ahead of a place, as the server has it: between two points the line between them, behind the last one a place. */
export function peopleAhead(place: number, points: readonly AheadPoint[], front: number): number {
  const [before, after, share] = around<AheadPoint>(place, points, [front, 0]);
  if (before === after) return Math.max(0, before[1] + place - before[0]);
  return Math.max(0, Math.round(before[1] + share * (after[1] - before[1])));
}

export interface WaitRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/**
 * The range of the wait with so many people ahead, from the points every frame brings: between two of them the line between
 * them, behind the last one that. Null when nothing moves. The server's own rule (durable-objects/lobby/queue-state.ts).
 */
export function waitRange(ahead: number, points: readonly WaitPoint[]): WaitRange | null {
  const first = points[0];
  if (first === undefined) return null;
  const [before, after, share] = around(ahead, points, first);
  return {
    fromSeconds: Math.floor(before[1] + share * (after[1] - before[1])),
    toSeconds: Math.ceil(before[2] + share * (after[2] - before[2])),
  };
}

/** More people are ahead than seats are free: the server's own rule, applied to the newest frame. */
export function seatsShort(ahead: number, seatsLeft: Readonly<Record<string, number>>): boolean {
  return ahead >= Object.values(seatsLeft).reduce((sum, left) => sum + left, 0);
}

export type WaitWords =
  | { readonly say: "waitSoon" }
  | { readonly say: "waitSeconds"; readonly to: number }
  | { readonly say: "waitMinute"; readonly n: number }
  | { readonly say: "waitMinutes"; readonly from: number; readonly to: number };

/** A range as people say it: coarse, rounded outwards. `say` is the sentence, the rest what is filled into it. */
export function waitWords({ fromSeconds, toSeconds }: WaitRange): WaitWords {
  if (toSeconds <= 10) return { say: "waitSoon" };
  if (toSeconds < 60) return { say: "waitSeconds", to: Math.ceil(toSeconds / 10) * 10 };
  const from = Math.floor(fromSeconds / 60);
  const to = Math.ceil(toSeconds / 60);
  return from === to ? { say: "waitMinute", n: to } : { say: "waitMinutes", from, to };
}

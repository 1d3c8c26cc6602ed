/**
 * How long people really waited, beside what they were told: worked out from the samples alone. Whoever is at the front now
 * joined when the count of joins passed that number; what was shown then to the last in line is what was shown to them.
 */
import type { Sample } from "../../calls/control.ts";

export interface WaitPoint {
  readonly at: number;
  /** Seconds. */
  readonly measured: number | null;
  readonly from: number | null;
  readonly to: number | null;
}

type Seen = Pick<Sample, "at" | "joined" | "front" | "admitted" | "drawn" | "shownWait">;

const NOTHING = { measured: null, from: null, to: null };

/** One point per sample; without figures where nobody was let in or where the beginning of the wait was not seen. */
export function waitPoints(samples: readonly Seen[], openAt: number): readonly WaitPoint[] {
  const opened = samples.findLast(({ at }) => at <= openAt) ?? samples[0];
  let begin = 0;
  return samples.map((sample, index) => {
    const before = samples[index - 1];
    const { at, front } = sample;
    if (before === undefined || sample.admitted <= before.admitted || at < openAt) return { at, ...NOTHING };
    // The last one let in stood just before the front.
    const place = Math.max(0, front - 1);
    if (place < sample.drawn) {
      // Drawn places are not in order of arrival: everybody's wait begins at the opening, and is shared out by place.
      const shown = opened?.shownWait ?? null;
      const share = (place + 1) / sample.drawn;
      const untilOpen = opened === undefined ? 0 : Math.max(0, openAt - opened.at) / 1_000;
      const part = (seconds: number): number => Math.max(0, seconds - untilOpen) * share;
      return {
        at,
        measured: (at - openAt) / 1_000,
        from: shown === null ? null : part(shown[0]),
        to: shown === null ? null : part(shown[1]),
      };
    }
    while (begin < index && (samples[begin]?.joined ?? 0) <= place) begin += 1;
    const joined = samples[begin];
    // Joined before anything was seen: how long before, nobody knows.
    if (joined === undefined || begin === 0) return { at, ...NOTHING };
    const [from, to] = joined.shownWait ?? [null, null];
    return { at, measured: (at - joined.at) / 1_000, from, to };
  });
}

/** How an object's calls of others have ended: what its guard counts, and what lobbies and control rooms add to it. */
import type { CallFigures } from "./figures-contract.ts";

type Counts = Record<string, number>;

export class CallCounts {
  #ended: Record<string, Counts> = {};
  #seconds: Counts = {};
  #openings: Counts = {};

  ended(dependency: string, outcome: string, seconds: number | null): void {
    raise((this.#ended[dependency] ??= {}), outcome, 1);
    if (seconds !== null) raise(this.#seconds, dependency, seconds);
  }

  opened(dependency: string): void {
    raise(this.#openings, dependency, 1);
  }

  add({ ended, seconds, openings }: CallFigures): void {
    for (const [dependency, outcomes] of Object.entries(ended)) {
      const own = (this.#ended[dependency] ??= {});
      for (const [outcome, count] of Object.entries(outcomes)) raise(own, outcome, count);
    }
    for (const [dependency, sum] of Object.entries(seconds)) raise(this.#seconds, dependency, sum);
    for (const [dependency, count] of Object.entries(openings)) raise(this.#openings, dependency, count);
  }

  read(): CallFigures {
    const ended = Object.entries(this.#ended).map(([dependency, outcomes]) => [dependency, { ...outcomes }] as const);
    return { ended: Object.fromEntries(ended), seconds: { ...this.#seconds }, openings: { ...this.#openings } };
  }

  /** What was counted since it was taken last; null when nothing was. */
  take(): CallFigures | null {
    const taken = { ended: this.#ended, seconds: this.#seconds, openings: this.#openings };
    if (Object.keys(taken.ended).length === 0) return null;
    this.#ended = {};
    this.#seconds = {};
    this.#openings = {};
    return taken;
  }
}

function raise(counts: Counts, name: string, by: number): void {
  counts[name] = (counts[name] ?? 0) + by;
}

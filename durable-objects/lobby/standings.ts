/** What a lobby knows of its people's standings: memory alone, and only so much of it. */
import type { Standing } from "../performance/contract.ts";

export const NOBODY: Standing = { state: "none", number: null, place: null, lane: 0, until: null };
/** Beyond it those heard of longest ago are asked for again. */
const STANDINGS_MAX = 50_000;

interface Known {
  readonly standing: Standing;
  readonly incarnation: number;
}

export class Standings {
  /** By entry, the one heard of longest ago first. */
  readonly #known = new Map<string, Known>();
  readonly #most: number;

  constructor(most = STANDINGS_MAX) {
    this.#most = most;
  }

  has(entry: string): boolean {
    return this.#known.has(entry);
  }

  get(entry: string): Standing | undefined {
    return this.#known.get(entry)?.standing;
  }

  /**
   * False: it was older than what is known, and is dropped. Answers overtake each other, and whoever joins again has a higher
   * number. `incarnation`: of the object; only a restart, after its storage went back in time, may take a number away again.
   */
  keep(entry: string, standing: Standing, incarnation: number): boolean {
    const known = this.#known.get(entry);
    const older = (standing.number ?? Infinity) < (known?.standing.number ?? 0);
    if (older && known?.incarnation === incarnation) return false;
    this.#known.delete(entry);
    this.#known.set(entry, { standing, incarnation });
    if (this.#known.size <= this.#most) return true;
    const oldest = this.#known.keys().next();
    if (oldest.done !== true) this.#known.delete(oldest.value);
    return true;
  }
}

/** What a lobby knows of its people's standings: memory alone, and only so much of it. */
import type { Standing } from "../performance/contract.ts";

export const NOBODY: Standing = { state: "none", number: null, place: null, lane: 0, until: null };
/** Beyond it those heard of longest ago are asked for again. */
const STANDINGS_MAX = 50_000;

export class Standings {
  /** By entry, the one heard of longest ago first. */
  readonly #known = new Map<string, Standing>();
  readonly #most: number;

  constructor(most = STANDINGS_MAX) {
    this.#most = most;
  }

  has(entry: string): boolean {
    return this.#known.has(entry);
  }

  get(entry: string): Standing | undefined {
    return this.#known.get(entry);
  }

  keep(entry: string, standing: Standing): void {
    this.#known.delete(entry);
    this.#known.set(entry, standing);
    if (this.#known.size <= this.#most) return;
    const oldest = this.#known.keys().next();
    if (oldest.done !== true) this.#known.delete(oldest.value);
  }
}

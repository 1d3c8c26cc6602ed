/**
 * Whose turn is it, when several lanes have somebody waiting? Each gets its share of the admissions, whatever the order in
 * which people come: start-time fair queueing (Goyal, Vin and Cheng, 1996). Every admission moves its lane's tag by
 * 100 / share; the lane with the lowest tag is next. A lane nobody waits in saves nothing up.
 */
import type { LanePlan } from "../queue-contract.ts";

export const GENERAL: readonly LanePlan[] = [{ id: "general", share: 100 }];

export interface StoredTurns {
  readonly time: number;
  readonly tags: readonly number[];
  /** Admissions so far. */
  readonly admitted: readonly number[];
}

export class LaneTurns {
  #time: number;
  readonly #tags: number[];
  readonly #admitted: number[];

  constructor({ time, tags, admitted }: StoredTurns = { time: 0, tags: [], admitted: [] }) {
    this.#time = time;
    this.#tags = [...tags];
    this.#admitted = [...admitted];
  }

  /** Of these lanes, the next; the one that is named first if both are as far. -1: there is none. */
  next(lanes: Iterable<number>): number {
    let next = -1;
    for (const lane of lanes) if (next < 0 || this.#start(lane) < this.#start(next)) next = lane;
    return next;
  }

  take(lane: number, share: number): void {
    this.#time = this.#start(lane);
    this.#tags[lane] = this.#time + 100 / share;
    this.#admitted[lane] = this.admitted(lane) + 1;
  }

  admitted(lane: number): number {
    return this.#admitted[lane] ?? 0;
  }

  stored(lanes: number): StoredTurns {
    const indexes = Array.from({ length: lanes }, (_, lane) => lane);
    return {
      time: this.#time,
      tags: indexes.map((lane) => this.#tags[lane] ?? 0),
      admitted: indexes.map((lane) => this.admitted(lane)),
    };
  }

  #start(lane: number): number {
    return Math.max(this.#time, this.#tags[lane] ?? 0);
  }
}

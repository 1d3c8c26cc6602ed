/** Counting into buckets, cheaply: a walk over a dozen bounds and two additions. */
import type { Histogram } from "./figures-contract.ts";

export class Buckets {
  readonly #bounds: readonly number[];
  #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = this.#empty();
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  /** What another has counted into the same bounds. A histogram of another form (a lobby of an older version) is dropped. */
  add(other: Histogram): void {
    if (other.counts.length !== this.#counts.length) return;
    this.#sum += other.sum;
    this.#counts = this.#counts.map((count, bucket) => count + (other.counts[bucket] ?? 0));
  }

  read(): Histogram {
    return { counts: [...this.#counts], sum: this.#sum };
  }

  /** What was counted since it was taken last. */
  take(): Histogram {
    const taken = { counts: this.#counts, sum: this.#sum };
    this.#counts = this.#empty();
    this.#sum = 0;
    return taken;
  }

  #empty(): number[] {
    return Array.from({ length: this.#bounds.length + 1 }, () => 0);
  }
}

/**
 * Both limits, exactly: fewer than `capacity` live sessions, and at most `rate` admissions in any 60 seconds, that is:
 * admission k at time t needs t - t(k - rate) >= 60 s. Lowering a limit evicts nobody.
 */
const WINDOW_MS = 60_000;

/** Admissions that share a time are one entry: a commit has one time. */
export interface AdmissionCount {
  readonly at: number;
  count: number;
}

export class AdmissionHistory {
  #counts: AdmissionCount[] = [];

  record(at: number, count: number): void {
    const last = this.#counts.at(-1);
    if (last !== undefined && last.at === at) last.count += count;
    else this.#counts.push({ at, count });
  }

  /** Admissions of the last 60 seconds: those the rate still remembers at `now`. */
  recent(now: number): number {
    this.#forget(now);
    let total = 0;
    for (const entry of this.#counts) total += entry.count;
    return total;
  }

  /** How many more may be admitted at `now`. */
  allowance(ratePerMinute: number, now: number): number {
    return Math.max(0, ratePerMinute - this.recent(now));
  }

  /** When the next admission becomes possible, if the rate forbids it now. */
  nextAllowance(ratePerMinute: number, now: number): number | null {
    if (this.allowance(ratePerMinute, now) > 0) return null;
    let excess = this.recent(now) - ratePerMinute + 1;
    for (const entry of this.#counts) {
      excess -= entry.count;
      if (excess <= 0) return entry.at + WINDOW_MS;
    }
    return null; // a rate of zero: nothing to wait for
  }

  /**
   * Milliseconds until the rate permits the n-th admission from now (n from 1), if everybody is let in as soon as it does.
   * Each of the `rate` permissions comes back a minute after it was used, so the n-th waits for the one used longest ago.
   */
  permittedIn(n: number, ratePerMinute: number, now: number): number {
    if (ratePerMinute <= 0) return Number.POSITIVE_INFINITY;
    const rounds = Math.floor((n - 1) / ratePerMinute);
    let left = (n - 1) % ratePerMinute;
    left -= this.allowance(ratePerMinute, now);
    if (left < 0) return rounds * WINDOW_MS;
    // A rate that was lowered: the oldest of what is beyond it come back to nobody.
    left += Math.max(0, this.recent(now) - ratePerMinute);
    for (const entry of this.#counts) {
      left -= entry.count;
      if (left < 0) return entry.at + WINDOW_MS - now + rounds * WINDOW_MS;
    }
    return (rounds + 1) * WINDOW_MS;
  }

  counts(): readonly AdmissionCount[] {
    return this.#counts;
  }

  #forget(now: number): void {
    const first = this.#counts.findIndex((entry) => entry.at > now - WINDOW_MS);
    if (first === -1) this.#counts = [];
    else if (first > 0) this.#counts = this.#counts.slice(first);
  }
}

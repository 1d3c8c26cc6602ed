/**
 * Signs of life on their way to the object: coalesced per person, reported with the next batch. A person's lease is
 * renewed only when it has run a third of its time, so that a crowd standing still costs a few bytes a minute each.
 * When the object has started again it knows nobody: then every lease that still runs is reported once more.
 */
import type { PresenceReport } from "../performance/contract.ts";

/** A socket's lease from its last sign of life. */
export const SOCKET_LEASE_SECONDS = 45;
/** What is left after the last socket closed: long enough for a reload. */
export const CLOSED_LEASE_SECONDS = 5;
/** A poller's lease outlives the interval it was told by this. */
export const POLL_SLACK_SECONDS = 10;
const RENEW_BELOW_MS = 30_000;
/** A walk over everybody: not with each of the many batches. */
const PRUNE_EVERY_MS = 10_000;

export class Presence {
  readonly #until = new Map<number, number>();
  readonly #changed = new Set<number>();
  #prunedAt = 0;

  /** Somebody on a socket is there. */
  alive(number: number, now: number): void {
    if ((this.#until.get(number) ?? 0) - now < RENEW_BELOW_MS) this.lease(number, SOCKET_LEASE_SECONDS, now);
  }

  /** Somebody said until when: a poller until the next poll, a closed tab a few seconds. */
  lease(number: number, seconds: number, now: number): void {
    this.#until.set(number, now + seconds * 1_000);
    this.#changed.add(number);
  }

  /** What changed since the last report, or (`full`) every lease there is; null when there is nothing to say. */
  take(now: number, full: boolean): PresenceReport | null {
    if (now - this.#prunedAt > PRUNE_EVERY_MS) this.#prune(now);
    const numbers = Array.from(full ? this.#until.keys() : this.#changed);
    this.#changed.clear();
    if (numbers.length === 0 && !full) return null;
    const seconds = numbers.map((number) => Math.max(0, Math.ceil(((this.#until.get(number) ?? now) - now) / 1_000)));
    return { full, numbers: Uint32Array.from(numbers), leaseSeconds: Uint16Array.from(seconds) };
  }

  #prune(now: number): void {
    this.#prunedAt = now;
    for (const [number, until] of this.#until) {
      if (until <= now && !this.#changed.has(number)) this.#until.delete(number);
    }
  }
}

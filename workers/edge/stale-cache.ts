/**
 * A small cache per isolate that prefers an old answer to none: fresh for seconds, and as long as the records cannot be
 * reached, good for up to an hour. It is what lets people browse while Postgres is down.
 *
 * Only finished values are kept, never promises (a promise belongs to the request that made it). While one request loads
 * anew, the others are answered with the copy there is, so that an expiry in a crowd costs one query and not a thousand.
 * Limit: an isolate that starts during an outage has no copy.
 */
import { isRecordsUnavailable } from "../records/database.ts";

export interface CacheLimits {
  readonly freshMs: number;
  readonly staleMs: number;
  readonly entries: number;
}

interface Entry<T> {
  readonly value: T;
  readonly loadedAt: number;
  /** When somebody last set out to load it anew. */
  triedAt: number;
}

/** A load that takes longer than this is taken for lost, and the next request tries. */
const RELOAD_EVERY_MS = 6_000;

export class StaleCache<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #limits: CacheLimits;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
  }

  /** @throws what `load` throws, unless that is an outage and there is a copy not older than `staleMs`. */
  async get(key: string, load: () => Promise<T>, now: () => number = Date.now): Promise<T> {
    const started = now();
    const known = this.#entries.get(key);
    const usable = known !== undefined && started - known.loadedAt <= this.#limits.staleMs ? known : null;
    if (usable !== null) {
      if (started - usable.loadedAt < this.#limits.freshMs) return usable.value;
      if (started - usable.triedAt < RELOAD_EVERY_MS && usable.triedAt !== usable.loadedAt) return usable.value;
      usable.triedAt = started;
    }
    try {
      const value = await load();
      this.#keep(key, { value, loadedAt: started, triedAt: started });
      return value;
    } catch (error) {
      if (usable !== null && isRecordsUnavailable(error)) return usable.value;
      throw error;
    }
  }

  /** After a change of one's own, so that who made it sees it (in this isolate). */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** The oldest entry makes room: a map keeps the order of insertion. */
  #keep(key: string, entry: Entry<T>): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#limits.entries) {
      const oldest = this.#entries.keys().next();
      if (oldest.done !== true) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, entry);
  }
}

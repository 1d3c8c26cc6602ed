/**
 * An object's one alarm, as the object knows it: asking storage for it would cost every commit a wait. An alarm that should
 * have come long ago was lost after the platform's tries, and counts as none.
 */
const LOST_MS = 60_000;

export class Alarm {
  readonly #storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm">;
  #at: number | null = null;

  constructor(storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm">) {
    this.#storage = storage;
  }

  /** After a start: what was set before it. */
  async learn(): Promise<void> {
    this.#at = await this.#storage.getAlarm();
  }

  /** It has rung, or went with the storage. */
  over(): void {
    this.#at = null;
  }

  /** Will it come? By `at` (milliseconds), where that is said. */
  comes(now: number, at = Number.POSITIVE_INFINITY): boolean {
    return this.#at !== null && this.#at <= at && this.#at >= now - LOST_MS;
  }

  async set(at: number): Promise<void> {
    this.#at = at;
    await this.#storage.setAlarm(at);
  }
}

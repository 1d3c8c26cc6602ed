/**
 * Brings a payment sandbox's notifications to the shop, as badly as a test asks for. The real providers try for days; three
 * tries are enough for a laptop, and a lost hint must do no harm anyway.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const tries = [0, 1_000, 4_000] as const;
const TIMEOUT_MS = 5_000;

/**
 *     off         none is sent                        duplicate   each is sent twice
 *     reordered   each waits until after the next     late        each comes a year after it was made
 *     forged      each says something untrue, or is signed with another key
 */
export const Delivery = z.enum(["normal", "off", "duplicate", "reordered", "late", "forged"]);
export type Delivery = z.infer<typeof Delivery>;

export interface Letter {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Writes a notification in the given manner; called at the time of sending, which signatures contain. */
export type Write = (manner: Delivery) => Letter;

export class WebhookCourier {
  readonly #url: string | null;
  readonly #closing = new AbortController();
  #manner: Delivery = "normal";
  #waiting: Write | null = null;

  constructor(url: string | null) {
    this.#url = url;
  }

  set manner(manner: Delivery) {
    this.#manner = manner;
  }

  get manner(): Delivery {
    return this.#manner;
  }

  send(write: Write): void {
    const manner = this.#manner;
    if (manner === "off") return;
    if (manner === "reordered" && this.#waiting === null) {
      this.#waiting = write;
      return;
    }
    const before = this.#waiting;
    this.#waiting = null;
    void this.#deliver(write(manner));
    if (manner === "duplicate") void this.#deliver(write(manner));
    if (before !== null) void this.#deliver(before(manner));
  }

  close(): void {
    this.#closing.abort();
  }

  async #deliver({ body, headers }: Letter): Promise<void> {
    if (this.#url === null) return;
    for (const wait of tries) {
      try {
        await sleep(wait, undefined, { signal: this.#closing.signal, ref: false });
        const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT_MS)]);
        const response = await fetch(this.#url, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body,
          signal,
        });
        await response.body?.cancel();
        if (response.status === 200) return;
      } catch {
        if (this.#closing.signal.aborted) return;
      }
    }
  }
}

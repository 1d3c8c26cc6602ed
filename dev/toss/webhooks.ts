/**
 * Tells the shop that a payment changed. Unsigned, like the real ones: a hint, to be checked by reading the payment.
 * Toss tries again for almost four days; three tries are enough for a laptop, and a lost hint must do no harm anyway.
 */
import { setTimeout as sleep } from "node:timers/promises";

const tries = [0, 1_000, 4_000] as const;
const TIMEOUT_MS = 5_000;

export class Webhooks {
  readonly #url: string | null;
  readonly #closing = new AbortController();

  constructor(url: string | null) {
    this.#url = url;
  }

  paymentChanged(payment: unknown): void {
    if (this.#url === null) return;
    const createdAt = new Date(Date.now() + 9 * 3_600_000).toISOString().replace("Z", "000");
    void this.#deliver(this.#url, JSON.stringify({ eventType: "PAYMENT_STATUS_CHANGED", createdAt, data: payment }));
  }

  close(): void {
    this.#closing.abort();
  }

  async #deliver(url: string, body: string): Promise<void> {
    for (const wait of tries) {
      try {
        await sleep(wait, undefined, { signal: this.#closing.signal, ref: false });
        const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT_MS)]);
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
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

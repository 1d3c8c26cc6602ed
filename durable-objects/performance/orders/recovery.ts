/**
 * Which orders have an outcome a provider still owes: an attempt that was sent and not answered, or money on its way back.
 * They are asked about again, under the same key, until there is an answer. Times are memory only: after a restart every
 * open one is simply asked about soon.
 */
import type { Order } from "../contract.ts";

/** The request that sent the attempt usually settles it; the recovery only steps in after it must have given up. */
const FIRST_MS = 20_000;
const LAST_MS = 60_000;

interface Asking {
  readonly nextAt: number;
  readonly tries: number;
}

export class Recovery {
  readonly #asking = new Map<string, Asking>();

  /** Takes note of an order as it is now. */
  note(order: Order, now: number): void {
    if (!owed(order)) this.#asking.delete(order.id);
    else if (!this.#asking.has(order.id)) this.#asking.set(order.id, { nextAt: now + FIRST_MS, tries: 0 });
  }

  /** A hint (a webhook) that the provider has news: ask now. */
  hurry(orderId: string, now: number): void {
    const asking = this.#asking.get(orderId);
    if (asking !== undefined) this.#asking.set(orderId, { ...asking, nextAt: now });
  }

  /** The orders to ask about now; each is due again later, whatever becomes of this try. */
  take(now: number, most: number): readonly string[] {
    const due: string[] = [];
    for (const [id, asking] of this.#asking) {
      if (asking.nextAt > now) continue;
      const wait = Math.min(FIRST_MS * 2 ** asking.tries, LAST_MS);
      this.#asking.set(id, { nextAt: now + wait, tries: asking.tries + 1 });
      due.push(id);
      if (due.length >= most) break;
    }
    return due;
  }

  nextAt(): number | null {
    let earliest: number | null = null;
    for (const { nextAt } of this.#asking.values()) earliest = Math.min(earliest ?? nextAt, nextAt);
    return earliest;
  }

  get size(): number {
    return this.#asking.size;
  }
}

/** Does a provider owe an answer about this order? */
export function owed(order: Order): boolean {
  return (
    order.attempts.at(-1)?.status === "confirming" || order.refunds.some((refund) => refund.status === "requested")
  );
}

/**
 * Which orders have an outcome a provider still owes: an attempt that was sent and not answered, or money on its way back.
 * They are asked about again until there is an answer. Times are memory only: after a restart every open one is simply
 * asked about soon.
 *
 * The first question repeats the confirm under the same key, for the buyer has agreed and may still get the seats; from the
 * second on the attempt is concluded: taken, or not and never any more (docs/decisions/0015). So an attempt is open for two
 * questions after the provider answers again, which the longest pause between two bounds to about two minutes.
 */
import type { Order, ProviderTask, RefundTask } from "../contract.ts";
import { openTasks, taskOf } from "./payment.ts";
import { openRefunds } from "./refund.ts";

/** The request that sent the attempt usually settles it; the recovery only steps in after it must have given up. */
const FIRST_MS = 20_000;
const LAST_MS = 60_000;

interface Asking {
  readonly nextAt: number;
  readonly tries: number;
}

export interface Due {
  readonly orderId: string;
  readonly tries: number;
}

export type Question =
  | { readonly ask: "confirm" | "conclude"; readonly task: ProviderTask }
  | { readonly ask: "refund"; readonly task: RefundTask };

export class Recovery {
  readonly #asking = new Map<string, Asking>();
  /** Asked once because of a hint, although nothing is owed. */
  readonly #hinted = new Set<string>();

  /** Takes note of an order as it is now. */
  note(order: Order, now: number): void {
    if (!owed(order)) {
      if (!this.#hinted.has(order.id)) this.#asking.delete(order.id);
      return;
    }
    this.#hinted.delete(order.id);
    if (this.#asking.has(order.id)) return;
    // Nobody's request is on its way for what the organiser gives back.
    const first = order.cancellations.at(-1)?.by === "organiser" ? now : now + FIRST_MS;
    this.#asking.set(order.id, { nextAt: first, tries: 0 });
  }

  /** A hint (a webhook) that the provider has news of an order: ask now, once at least. */
  hurry(orderId: string, now: number): void {
    const asking = this.#asking.get(orderId);
    if (asking === undefined) this.#hinted.add(orderId);
    this.#asking.set(orderId, { tries: asking?.tries ?? 0, nextAt: now });
  }

  /** The orders to ask about now; each is due again later, whatever becomes of this try. */
  take(now: number, most: number): readonly Due[] {
    const due: Due[] = [];
    for (const [orderId, { nextAt, tries }] of this.#asking) {
      if (nextAt > now) continue;
      const wait = Math.min(FIRST_MS * 2 ** tries, LAST_MS);
      if (this.#hinted.delete(orderId)) this.#asking.delete(orderId);
      else this.#asking.set(orderId, { nextAt: now + wait, tries: tries + 1 });
      due.push({ orderId, tries });
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

/** What to ask about an order, at the so-manieth try. */
export function questionsAbout(order: Order, tries: number): readonly Question[] {
  const now = Number.POSITIVE_INFINITY;
  return [
    ...openTasks([order], now).map((task): Question => ({ ask: tries === 0 ? "confirm" : "conclude", task })),
    // Agreed to by the buyer after we had given it up: the provider is told to let go of it.
    ...abandonedTasks(order).map((task): Question => ({ ask: "conclude", task })),
    ...openRefunds([order], now).map((task): Question => ({ ask: "refund", task })),
  ];
}

function abandonedTasks(order: Order): readonly ProviderTask[] {
  return order.attempts
    .filter((attempt) => attempt.status === "abandoned" && attempt.paymentKey !== null)
    .map((attempt) => taskOf(order, attempt));
}

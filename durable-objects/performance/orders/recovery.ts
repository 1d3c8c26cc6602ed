/**
 * Which orders have an outcome a provider still owes: an attempt that was sent and not answered, or money on its way back.
 * They are asked about again until there is an answer. Times are memory only: after a restart every open one is simply
 * asked about soon.
 *
 * The first question repeats the confirm under the same key, for the buyer has agreed and may still get the seats; from the
 * second on the attempt is concluded: taken, or not and never any more (docs/decisions/0015). So an attempt is open for two
 * questions after the provider answers again, which the longest pause between two bounds to about two minutes.
 *
 * Where a transfer is waited for the provider is only looked at, once an hour and whenever it says that it has news; from the
 * deadline on the account is closed, and what it says then is the end.
 */
import type { Order, PaymentAttempt, ProviderTask, RefundTask } from "../contract.ts";
import { openTasks, taskOf } from "./payment.ts";
import { isOnItsWay, openRefunds, type RefundAccounts } from "./refund.ts";

/** The request that sent the attempt usually settles it; the recovery only steps in after it must have given up. */
const FIRST_MS = 20_000;
const LAST_MS = 60_000;
/** Up to this share of a pause is left out: orders that met the same outage are not all asked about in the same second. */
const SPREAD = 0.25;
/** A deposit whose notification was lost is noticed after so long. */
const LOOK_EVERY_MS = 3_600_000;

interface Asking {
  readonly nextAt: number;
  readonly tries: number;
  /** Nothing is owed before: a transfer may take until then. */
  readonly quietUntil: number | null;
}

export interface Due {
  readonly orderId: string;
  readonly tries: number;
  /** Asked because of a hint, although nothing is owed. */
  readonly hinted: boolean;
}

export type Question =
  | { readonly ask: "confirm" | "conclude" | "read"; readonly task: ProviderTask }
  | { readonly ask: "refund"; readonly task: RefundTask };

export class Recovery {
  readonly #asking = new Map<string, Asking>();
  /** Asked once because of a hint, although nothing is owed. */
  readonly #hinted = new Set<string>();

  /** Takes note of an order as it is now. */
  note(order: Order, now: number): void {
    const quietUntil = waitsUntil(order);
    if (!owed(order) && quietUntil === null) {
      if (!this.#hinted.has(order.id)) this.#asking.delete(order.id);
      return;
    }
    this.#hinted.delete(order.id);
    const asking = this.#asking.get(order.id);
    if (asking?.quietUntil === quietUntil) return;
    const nextAt = quietUntil === null ? firstOf(order, now) : Math.max(now, Math.min(now + LOOK_EVERY_MS, quietUntil));
    this.#asking.set(order.id, { nextAt, tries: 0, quietUntil });
  }

  /** A hint (a webhook) that the provider has news of an order: ask now, once at least. */
  hurry(orderId: string, now: number): void {
    const asking = this.#asking.get(orderId);
    if (asking === undefined) this.#hinted.add(orderId);
    this.#asking.set(orderId, { tries: 0, quietUntil: null, ...asking, nextAt: now });
  }

  /** The orders to ask about now; each is due again later, whatever becomes of this try. `chance` in [0, 1) spreads the pauses. */
  take(now: number, most: number, chance: () => number): readonly Due[] {
    const due: Due[] = [];
    for (const [orderId, { nextAt, tries, quietUntil }] of this.#asking) {
      if (nextAt > now) continue;
      const hinted = this.#hinted.delete(orderId);
      const left = quietUntil === null ? 0 : quietUntil - now;
      const wait =
        left > 0 ? Math.min(LOOK_EVERY_MS, left) : Math.min(FIRST_MS * 2 ** tries, LAST_MS) * (1 - SPREAD * chance());
      if (hinted) this.#asking.delete(orderId);
      else this.#asking.set(orderId, { nextAt: now + wait, tries: left > 0 ? 0 : tries + 1, quietUntil });
      due.push({ orderId, tries, hinted });
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
    order.attempts.some(({ status }) => status === "confirming" || status === "closing") ||
    order.refunds.some(isOnItsWay)
  );
}

/** The deadline of the transfer an order waits for, where it waits for nothing else. */
function waitsUntil(order: Order): number | null {
  if (order.status !== "awaiting-deposit" || owed(order)) return null;
  return order.attempts.at(-1)?.deposit?.dueAt ?? null;
}

/** Nobody's request is on its way for what the organiser gives back, nor for an account that is to be closed. */
function firstOf(order: Order, now: number): number {
  const byItself = order.cancellations.at(-1)?.by === "organiser" || order.attempts.some(isClosing);
  return byItself ? now : now + FIRST_MS;
}

export interface Asked {
  readonly now: number;
  /** Of how many times this is the one. */
  readonly tries: number;
  readonly hinted: boolean;
  readonly accounts: RefundAccounts;
}

/** What to ask about an order. */
export function questionsAbout(order: Order, { now, tries, hinted, accounts }: Asked): readonly Question[] {
  const ever = Number.POSITIVE_INFINITY;
  return [
    // The confirm of a transfer answers what became of it, and an account that has just been opened is not to be closed.
    ...openTasks([order], ever).map((task): Question => ({
      ask: tries === 0 || task.depositBy !== null ? "confirm" : "conclude",
      task,
    })),
    // Agreed to by the buyer after we had given it up: the provider is told to let go of it.
    ...abandonedTasks(order).map((task): Question => ({ ask: "conclude", task })),
    ...depositQuestions(order, now, hinted),
    ...openRefunds([order], ever, accounts).map((task): Question => ({ ask: "refund", task })),
  ];
}

function depositQuestions(order: Order, now: number, hinted: boolean): readonly Question[] {
  return order.attempts.flatMap((attempt): readonly Question[] => {
    const { deposit, status } = attempt;
    if (deposit === null) return [];
    const task = taskOf(order, attempt);
    if (status === "awaiting-deposit") return [{ ask: deposit.dueAt <= now ? "conclude" : "read", task }];
    // The bank may have taken it back, which leaves nothing to give back, or may have been late.
    const goesBack = order.refunds.some((refund) => refund.attempt === attempt.number && isOnItsWay(refund));
    const doubtful = (hinted || goesBack) && status === "approved";
    return doubtful || (hinted && status === "declined") ? [{ ask: "read", task }] : [];
  });
}

function abandonedTasks(order: Order): readonly ProviderTask[] {
  return order.attempts
    .filter((attempt) => isClosing(attempt) || (attempt.status === "abandoned" && attempt.paymentKey !== null))
    .map((attempt) => taskOf(order, attempt));
}

function isClosing({ status }: PaymentAttempt): boolean {
  return status === "closing";
}

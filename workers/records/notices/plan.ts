/** Who is told what because of an order. Pure: rows are made of it where events are applied. */
import type { Order } from "../../../durable-objects/performance/contract.ts";
import { paidAttempt } from "../../../durable-objects/performance/order-seats.ts";
import { spread } from "../pause.ts";

export type NoticeKind =
  "order-confirmed" | "order-cancelled" | "deposit-due" | "refund-account" | TakenBackKind | ChangeKind;
/** The bank took a transfer back: it is waited for again, or the order is over. */
type TakenBackKind = "deposit-undone" | "deposit-lost";
/** What became of a show, or of some seats, that somebody has paid for. */
export type ChangeKind = "show-moved" | "show-cancelled" | "seats-cancelled";

/** At most one for each state an order can be in: what lies behind it has been told, or is not worth telling any more. */
function noticeOf(order: Order): NoticeKind | null {
  switch (order.status) {
    case "paid":
      return "order-confirmed";
    case "awaiting-deposit":
      return timesUndone(order) > 0 ? "deposit-undone" : "deposit-due";
    case "cancelled":
      // One that was never paid was given up by its buyer before the eyes of the buyer.
      return paidAttempt(order) !== null ? "order-cancelled" : timesUndone(order) > 0 ? "deposit-lost" : null;
    default:
      return null;
  }
}

export interface PlannedNotice {
  /** Unique within the order: whatever is delivered again tells nobody again. */
  readonly name: string;
  readonly kind: NoticeKind;
  /** Whom it is for: the buyer, the organiser's webhooks, or both. */
  readonly mail: boolean;
  readonly webhooks: boolean;
}

/** Everything that is to be told of an order as it is now. */
export function noticesOf(order: Order): readonly PlannedNotice[] {
  const planned: PlannedNotice[] = [];
  const called = isCalledOff(order);
  const kind = noticeOf(order);
  // The buyer of a show that was called off is told once, and at once, that all of it goes back.
  // Paid and taken back are told each time.
  const again = timesUndone(order) > 0 ? `:${timesUndone(order)}` : "";
  if (kind !== null) {
    planned.push({ name: `${kind}${again}`, kind, mail: kind !== "order-cancelled" || !called, webhooks: true });
  }
  // Nobody else can say where a bank transfer goes back to. Where that was refused it is asked for once more.
  const lacking = order.refunds.filter(({ status, account }) => status === "requested" && account !== "given");
  if (lacking.some(({ account }) => account !== null)) {
    const refused = lacking.some(({ account }) => account === "refused") ? ":again" : "";
    planned.push({ name: `refund-account${refused}`, kind: "refund-account", mail: true, webhooks: false });
  }
  for (const { number } of order.cancellations) {
    // All that was left is told of as the order's end.
    if (endsOrder(order, number)) continue;
    planned.push({ name: `${SEATS_CANCELLED}:${number}`, kind: SEATS_CANCELLED, mail: true, webhooks: true });
  }
  if (called) planned.push({ name: "show-cancelled", kind: "show-cancelled", mail: true, webhooks: false });
  if (order.moved !== null && order.status === "paid") {
    planned.push({ name: `show-moved:${order.moved.at}`, kind: "show-moved", mail: true, webhooks: true });
  }
  return planned;
}

/** How often a bank took back what had been transferred for it. */
function timesUndone({ attempts }: Order): number {
  const arrivals = attempts.flatMap(({ deposit }) => deposit?.arrivals ?? []);
  return arrivals.filter(({ undoneAt }) => undoneAt !== null).length;
}

const SEATS_CANCELLED = "seats-cancelled";

/** Which of its order's cancellations a notice of this kind, by its id, is about; null: the id names none. */
export function cancellationTold(noticeId: string): number | null {
  const found = /:seats-cancelled:(\d{1,6}):/.exec(noticeId);
  return found === null ? null : Number(found[1]);
}

/** Did this cancellation leave no seat? */
function endsOrder({ status, cancellations }: Order, number: number): boolean {
  return (status === "cancelling" || status === "cancelled") && cancellations.at(-1)?.number === number;
}

/** Paid for, and given back whole by the organiser. */
function isCalledOff(order: Order): boolean {
  const last = order.cancellations.at(-1);
  const over = order.status === "cancelling" || order.status === "cancelled";
  return over && last?.by === "organiser" && order.attempts.some(({ status }) => status === "approved");
}

/** A minute of patience for whoever may only be restarting, half a day for whoever is away. Seconds, by tries so far. */
const PAUSES = [30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200] as const;

/** Seconds until the next try, or null when it is enough. `chance` in [0, 1) spreads what failed together. */
export function pauseAfter(tries: number, chance: number): number | null {
  const pause = PAUSES[tries - 1];
  return pause === undefined ? null : spread(pause, chance);
}

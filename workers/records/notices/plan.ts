/** Who is told what because of an order. Pure: rows are made of it where events are applied. */
import type { Order } from "../../../durable-objects/performance/contract.ts";

export type NoticeKind = "order-confirmed" | "order-cancelled" | "deposit-due";

/** At most one for each state an order can be in: what lies behind it has been told, or is not worth telling any more. */
export function noticeOf(order: Order): NoticeKind | null {
  switch (order.status) {
    case "paid":
      return "order-confirmed";
    case "awaiting-deposit":
      return "deposit-due";
    case "cancelled":
      // One that was never paid was given up by its buyer before the eyes of the buyer.
      return order.attempts.some(({ status }) => status === "approved") ? "order-cancelled" : null;
    default:
      return null;
  }
}

/** A minute of patience for whoever may only be restarting, half a day for whoever is away. Seconds, by tries so far. */
const PAUSES = [30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200] as const;

/** Seconds until the next try, or null when it is enough. */
export function pauseAfter(tries: number): number | null {
  return PAUSES[tries - 1] ?? null;
}

/** What an order comes to: everything that was paid, went back and was kept, for its receipt. Amounts in minor units. */
import type { Attempt, Order } from "../calls/orders.ts";

export interface Account {
  readonly payments: readonly Attempt[];
  /** What has gone back; what is on its way is not yet. */
  readonly refunded: number;
  /** Kept of seats that were cancelled. */
  readonly fees: number;
  /** What was paid and has not gone back. */
  readonly total: number;
}

/** null: nothing was ever paid, so there is nothing to receive a receipt for. */
export function accountOf(order: Pick<Order, "attempts" | "refunds" | "cancellations">): Account | null {
  const payments = order.attempts.filter(({ status, amount }) => status === "approved" && amount > 0);
  if (payments.length === 0) return null;
  const paid = sum(payments.map(({ amount }) => amount));
  const refunded = sum(order.refunds.map(({ status, amount }) => (status === "refunded" ? amount : 0)));
  const fees = sum(order.cancellations.map(({ fee, settledAt }) => (settledAt === null ? 0 : fee)));
  return { payments, refunded, fees, total: paid - refunded };
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

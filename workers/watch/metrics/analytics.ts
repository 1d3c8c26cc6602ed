/**
 * The main figures of every sale for Analytics Engine, once a minute: history that outlives a Prometheus. Columns are
 * positions there, so the lists below are append-only. docs/metrics.md names them.
 */
import type { Figures } from "../../../durable-objects/performance/figures-contract.ts";
import type { Environment } from "../../environment.ts";
import { age, type Sources } from "./family.ts";

export const analyticsColumns: readonly (readonly [name: string, read: (figures: Figures, now: number) => number])[] = [
  ["waiting", ({ status }) => status.waiting],
  ["present", ({ status }) => status.present],
  ["sockets", ({ sockets }) => sockets],
  ["joined", ({ status }) => status.joined],
  ["admitted", ({ admittedTotal }) => admittedTotal],
  ["sessions", ({ status }) => status.sessions],
  ["capacity", ({ status }) => status.capacity],
  ["overshoot", ({ tally }) => tally.overshoot],
  ["seats_free", ({ seatsByStatus }) => seatsByStatus["free"] ?? 0],
  ["seats_sold", ({ seatsByStatus }) => seatsByStatus["sold"] ?? 0],
  ["holds", ({ holds }) => holds],
  ["orders_paid", ({ ordersByStatus }) => ordersByStatus["paid"] ?? 0],
  ["unknown_payments", ({ unknownPayments }) => unknownPayments],
  ["unknown_payment_age_seconds", ({ oldestUnknownPaymentAt }, now) => age(oldestUnknownPaymentAt, now)],
  ["open_refunds", ({ openRefunds }) => openRefunds],
  ["outbox_events", ({ outboxDepth }) => outboxDepth],
  ["outbox_age_seconds", ({ oldestOutboxAt }, now) => age(oldestOutboxAt, now)],
];

export function writeAnalytics(env: Pick<Environment, "ANALYTICS">, { sales, now }: Sources): void {
  for (const { id, figures } of sales) {
    env.ANALYTICS?.writeDataPoint({
      indexes: [id],
      blobs: [figures.status.phase],
      doubles: analyticsColumns.map(([, read]) => read(figures, now)),
    });
  }
}

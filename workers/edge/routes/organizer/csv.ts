/** Orders as CSV (RFC 4180, CRLF). One line per order; members appear by id only. */
import type { Order } from "../../../../durable-objects/performance/contract.ts";
import { orderNumber } from "../../../../durable-objects/performance/order-number.ts";

/** Tells spreadsheet programs that what follows is UTF-8; without it, Excel garbles Korean. */
export const BYTE_ORDER_MARK = "\ufeff";

const columns = [
  "order",
  "member",
  "status",
  "schedule",
  "starts_at",
  "hall",
  "seats",
  "seat_count",
  "amount",
  "refunded",
  "currency",
  "provider",
  "placed_at",
  "updated_at",
  "order_number",
] as const;

export const csvHeader = (): string => csvLine(columns);

export function csvOrder(order: Order): string {
  const approved = order.attempts.findLast((attempt) => attempt.status === "approved");
  const refunded = order.refunds.filter((refund) => refund.status === "refunded");
  return csvLine([
    order.id,
    order.member,
    order.status,
    order.scheduleId,
    new Date(order.startsAt).toISOString(),
    order.hallName,
    order.seats.map((seat) => `${seat.section} ${seat.row}-${seat.label} (${seat.grade})`).join("; "),
    order.seats.length,
    order.amount,
    refunded.reduce((sum, refund) => sum + refund.amount, 0),
    order.currency,
    approved?.provider ?? "",
    new Date(order.placedAt).toISOString(),
    new Date(order.updatedAt).toISOString(),
    orderNumber(order.id),
  ]);
}

function csvLine(values: readonly (string | number)[]): string {
  return `${values.map(csvField).join(",")}\r\n`;
}

/** A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV injection"). */
export function csvField(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * What organisers download, as CSV (RFC 4180, CRLF; decision 0060; every column is in docs/exports.md): orders, one line
 * each, with members by id only; and the log.
 */
import type { Order } from "../../../../durable-objects/performance/contract.ts";
import { orderNumber } from "../../../../durable-objects/performance/order-number.ts";

/** Tells spreadsheet programs that what follows is UTF-8; without it, Excel garbles Korean. */
export const BYTE_ORDER_MARK = "\ufeff";

/** A new one goes to the end: programs that read the file know the others by their place. */
export const orderColumns = [
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
  "starts_at_venue",
  "placed_at_venue",
  "time_zone",
] as const;
export const auditColumns = ["at", "action", "actor", "actor_name", "detail"] as const;

export const csvHeader = (columns: readonly string[]): string => csvLine(columns);

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
    wallClock(order.startsAt, order.timeZone),
    wallClock(order.placedAt, order.timeZone),
    order.timeZone,
  ]);
}

/** A line of the log; `detail` as the JSON it is kept as. */
export function csvAudit(entry: {
  readonly at: Date;
  readonly action: string;
  readonly actor: string;
  readonly actorName: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}): string {
  const { at, action, actor, actorName, detail } = entry;
  return csvLine([at.toISOString(), action, actor, actorName ?? "", JSON.stringify(detail)]);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** "2026-12-24 19:30:00", which spreadsheets take for a time: what the clock at the venue shows. */
function wallClock(ms: number, timeZone: string): string {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
    clocks.set(timeZone, clock);
  }
  return clock.format(ms);
}

function csvLine(values: readonly (string | number)[]): string {
  return `${values.map(csvField).join(",")}\r\n`;
}

/**
 * A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV injection"); the wide signs of
 * an East Asian keyboard are taken for the narrow ones by some.
 */
export function csvField(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Orders as the records know them: what the objects have reported so far, usually a second or two old. */
import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { Order } from "../../durable-objects/performance/contract.ts";
import { completed } from "../../durable-objects/performance/order-seats.ts";
import type { Page, Position } from "./cursor.ts";
import { pageOf } from "./cursor.ts";
import type { Records } from "./database.ts";
import { orders } from "./schema.ts";

/** Whose order it is must be checked by the caller: `order.member`. */
export async function readOrder(db: Records, id: string): Promise<Order | null> {
  const rows = await db.select({ snapshot: orders.snapshot }).from(orders).where(eq(orders.id, id)).limit(1);
  return rows[0] === undefined ? null : completed(rows[0].snapshot);
}

/** A member's orders, newest first. */
export async function listOrders(
  db: Records,
  memberId: string,
  after: Position | null,
  limit: number,
): Promise<Page<Order>> {
  const older =
    after === null
      ? undefined
      : sql`(${orders.placedAt}, ${orders.id}) < (${after.at.toISOString()}::timestamptz, ${after.id})`;
  const rows = await db
    .select({ snapshot: orders.snapshot, placedAt: orders.placedAt, id: orders.id })
    .from(orders)
    .where(and(eq(orders.memberId, memberId), older))
    .orderBy(desc(orders.placedAt), desc(orders.id))
    .limit(limit + 1);
  const { items, nextCursor } = pageOf(rows, limit, ({ placedAt, id }) => ({ at: placedAt, id }));
  return { items: items.map((row) => completed(row.snapshot)), nextCursor };
}

/** A performance's orders, oldest first, one page at a time, so that an export of any size needs little memory. */
export async function exportOrders(
  db: Records,
  performanceId: string,
  after: Position | null,
  limit: number,
): Promise<{ readonly items: readonly Order[]; readonly next: Position | null }> {
  const newer =
    after === null
      ? undefined
      : sql`(${orders.placedAt}, ${orders.id}) > (${after.at.toISOString()}::timestamptz, ${after.id})`;
  const rows = await db
    .select({ snapshot: orders.snapshot, placedAt: orders.placedAt, id: orders.id })
    .from(orders)
    .where(and(eq(orders.performanceId, performanceId), newer))
    .orderBy(asc(orders.placedAt), asc(orders.id))
    .limit(limit);
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    items: rows.map((row) => completed(row.snapshot)),
    next: last === undefined ? null : { at: last.placedAt, id: last.id },
  };
}

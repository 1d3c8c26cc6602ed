/** A performance's orders and money as the records know them: what its organiser searches and adds up. */
import { and, count, desc, eq, ilike, inArray, like, or, sql, sum } from "drizzle-orm";
import type { Order } from "../../durable-objects/performance/contract.ts";
import { readOrderNumber } from "../../durable-objects/performance/order-number.ts";
import { completed } from "../../durable-objects/performance/order-seats.ts";
import type { Page, Position } from "./cursor.ts";
import { pageOf } from "./cursor.ts";
import type { Records } from "./database.ts";
import { literally } from "./literally.ts";
import { ledgerEntries, members, orders, payments, refunds } from "./schema.ts";

export interface Purchase {
  readonly order: Order;
  /** null for a member who is gone. */
  readonly email: string | null;
  readonly nickname: string | null;
}

/** Newest first. `search`: an order's number, part of its id, or part of its buyer's e-mail address. */
export async function searchPurchases(
  db: Records,
  performanceId: string,
  search: string,
  after: Position | null,
  limit: number,
): Promise<Page<Purchase>> {
  const older =
    after === null
      ? undefined
      : sql`(${orders.placedAt}, ${orders.id}) < (${after.at.toISOString()}::timestamptz, ${after.id})`;
  const part = `%${literally(search.toLowerCase())}%`;
  const number = readOrderNumber(search);
  const numbered = number === null ? undefined : eq(orders.number, number);
  const found = search === "" ? undefined : or(numbered, like(orders.id, part), ilike(members.emailKey, part));
  const rows = await db
    .select({
      order: orders.snapshot,
      email: members.email,
      nickname: members.nickname,
      placedAt: orders.placedAt,
      id: orders.id,
    })
    .from(orders)
    .leftJoin(members, eq(members.id, orders.memberId))
    .where(and(eq(orders.performanceId, performanceId), older, found))
    .orderBy(desc(orders.placedAt), desc(orders.id))
    .limit(limit + 1);
  const { items, nextCursor } = pageOf(rows, limit, ({ placedAt, id }) => ({ at: placedAt, id }));
  return {
    items: items.map(({ order, email, nickname }) => ({ order: completed(order), email, nickname })),
    nextCursor,
  };
}

export interface Books {
  readonly captured: number;
  readonly refunded: number;
  /** Tries at taking money, by how they ended. */
  readonly attempts: Readonly<Record<string, number>>;
  readonly refunds: Readonly<Record<string, number>>;
}

/** One round trip. Money is what the ledger says; how tries went is what the payments say. */
export async function readBooks(db: Records, performanceId: string): Promise<Books> {
  const own = db.select({ id: orders.id }).from(orders).where(eq(orders.performanceId, performanceId));
  const sales = `sales:${performanceId}`;
  const [money, attempts, returned] = await db.batch([
    db
      .select({ captured: sum(ledgerEntries.credit), refunded: sum(ledgerEntries.debit) })
      .from(ledgerEntries)
      .where(and(inArray(ledgerEntries.orderId, own), eq(ledgerEntries.account, sales))),
    db
      .select({ status: payments.status, many: count() })
      .from(payments)
      .where(inArray(payments.orderId, own))
      .groupBy(payments.status),
    db
      .select({ status: refunds.status, many: count() })
      .from(refunds)
      .where(inArray(refunds.orderId, own))
      .groupBy(refunds.status),
  ]);
  return {
    captured: Number(money[0]?.captured ?? 0),
    refunded: Number(money[0]?.refunded ?? 0),
    attempts: Object.fromEntries(attempts.map(({ status, many }) => [status, many])),
    refunds: Object.fromEntries(returned.map(({ status, many }) => [status, many])),
  };
}

/** What the reconciler reads and keeps in the records: rows of a range of orders, how far it has come, what it has found. */
import {
  and,
  asc,
  count,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  max,
  ne,
  notInArray,
  or,
  sql,
} from "drizzle-orm";
import { auditInsert } from "./audit.ts";
import type { Records } from "./database.ts";
import {
  ledgerEntries,
  orders,
  orderSeats,
  payments,
  performances,
  reconcilerDrifts,
  reconcilerPasses,
  refunds,
  tickets,
} from "./schema.ts";

export type Side = "records" | "provider";

/** Between object and records, then between object and provider. */
export const driftKinds = [
  "order-missing",
  "order-behind",
  "order-ahead",
  "order-differs",
  "order-unknown",
  "order-unreadable",
  "plan-contradicts",
  "sold-seats",
  "seat-missing",
  "seat-differs",
  "payment-missing",
  "payment-differs",
  "refund-missing",
  "refund-differs",
  "ticket-missing",
  "ticket-differs",
  "ledger-missing",
  "ledger-differs",
  "capture-unknown",
  "capture-missing",
  "capture-amount",
  "provider-refund-unknown",
  "provider-refund-missing",
] as const;
export type DriftKind = (typeof driftKinds)[number];

/** A row with the columns' own names, as fold.ts makes them. */
export type RecordedRow = Readonly<Record<string, unknown>>;

export interface RecordedOrder {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly amount: number;
  readonly currency: string;
  readonly member_id: string;
  readonly schedule_id: string;
  readonly snapshot: unknown;
}

export interface RecordedOrders {
  readonly orders: readonly RecordedOrder[];
  /** Rows by their order. */
  readonly seats: ReadonlyMap<string, readonly RecordedRow[]>;
  readonly payments: ReadonlyMap<string, readonly RecordedRow[]>;
  readonly refunds: ReadonlyMap<string, readonly RecordedRow[]>;
  readonly tickets: ReadonlyMap<string, readonly RecordedRow[]>;
  readonly ledger: ReadonlyMap<string, readonly RecordedRow[]>;
  /** Sold seats of the whole sale; 0 where nobody asked. */
  readonly sold: number;
}

/** Ids of orders, from behind one to another; they begin with their performance's id. */
export interface Range {
  readonly after: string;
  /** Null: to the sale's last. */
  readonly upTo: string | null;
}

/** A page of a sale's orders with everything that belongs to them, in one round trip. */
export async function readRecorded(db: Records, performanceId: string, range: Range): Promise<RecordedOrders> {
  const { low, high } = bounds(performanceId, range);
  const { orderId } = orderSeats;
  const soldOfAll = and(
    gt(orderId, bounds(performanceId, { after: "", upTo: null }).low),
    lte(orderId, high),
    eq(orderSeats.status, "sold"),
  );
  const [found, seats, paid, back, issued, booked, sold] = await db.batch([
    db
      .select({
        id: orders.id,
        version: orders.version,
        status: orders.status,
        amount: orders.amount,
        currency: orders.currency,
        member_id: orders.memberId,
        schedule_id: orders.scheduleId,
        snapshot: orders.snapshot,
      })
      .from(orders)
      .where(and(gt(orders.id, low), lte(orders.id, high))),
    db
      .select({
        order_id: orderSeats.orderId,
        seat_id: orderSeats.seatId,
        schedule_id: orderSeats.scheduleId,
        grade: orderSeats.grade,
        price: orderSeats.price,
        status: orderSeats.status,
      })
      .from(orderSeats)
      .where(and(gt(orderSeats.orderId, low), lte(orderSeats.orderId, high))),
    db
      .select({
        order_id: payments.orderId,
        attempt: payments.attempt,
        provider: payments.provider,
        method: payments.method,
        amount: payments.amount,
        status: payments.status,
        payment_key: payments.paymentKey,
        transaction: payments.transaction,
      })
      .from(payments)
      .where(and(gt(payments.orderId, low), lte(payments.orderId, high))),
    db
      .select({
        order_id: refunds.orderId,
        number: refunds.number,
        attempt: refunds.attempt,
        amount: refunds.amount,
        status: refunds.status,
        transaction: refunds.transaction,
      })
      .from(refunds)
      .where(and(gt(refunds.orderId, low), lte(refunds.orderId, high))),
    db
      .select({
        order_id: tickets.orderId,
        id: tickets.id,
        member_id: tickets.memberId,
        schedule_id: tickets.scheduleId,
        seat_id: tickets.seatId,
        status: tickets.status,
      })
      .from(tickets)
      .where(and(gt(tickets.orderId, low), lte(tickets.orderId, high))),
    db
      .select({
        order_id: ledgerEntries.orderId,
        id: ledgerEntries.id,
        account: ledgerEntries.account,
        debit: ledgerEntries.debit,
        credit: ledgerEntries.credit,
        currency: ledgerEntries.currency,
      })
      .from(ledgerEntries)
      .where(and(gt(ledgerEntries.orderId, low), lte(ledgerEntries.orderId, high))),
    db
      .select({ count: count() })
      .from(orderSeats)
      .where(range.upTo === null ? soldOfAll : sql`false`),
  ]);
  return {
    orders: found,
    seats: byOrder(seats),
    payments: byOrder(paid),
    refunds: byOrder(back),
    tickets: byOrder(issued),
    ledger: byOrder(booked),
    sold: sold[0]?.count ?? 0,
  };
}

/** `-` and what comes behind the highest digit enclose all ids of a sale in any collation. */
function bounds(performanceId: string, { after, upTo }: Range): { readonly low: string; readonly high: string } {
  const prefix = performanceId.replaceAll("-", "");
  return { low: after === "" ? `${prefix}-` : after, high: upTo ?? `${prefix}-g` };
}

function byOrder(rows: readonly (RecordedRow & { readonly order_id: string })[]): ReadonlyMap<string, RecordedRow[]> {
  return Map.groupBy(rows, ({ order_id }) => order_id);
}

export interface Pass {
  readonly performanceId: string;
  readonly cursor: string;
}

const CLOSED_FOR_MS = 30 * 86_400_000;

/**
 * Sales whose turn it is, those first that have waited longest: open ones, and those closed in the last 30 days. Taking them
 * is one statement, so that two runs at once take different ones. One in the middle of a round comes again after `restMs`, one
 * at the end of a round after `roundMs`.
 */
export async function takePasses(
  db: Records,
  side: Side,
  now: Date,
  { most, restMs, roundMs }: { readonly most: number; readonly restMs: number; readonly roundMs: number },
): Promise<readonly Pass[]> {
  const recent = new Date(now.getTime() - CLOSED_FOR_MS);
  const { cursor, advancedAt } = reconcilerPasses;
  const rested = or(
    and(ne(cursor, ""), lte(advancedAt, new Date(now.getTime() - restMs))),
    lte(advancedAt, new Date(now.getTime() - roundMs)),
  );
  const of = and(eq(reconcilerPasses.performanceId, performances.id), eq(reconcilerPasses.side, side));
  const due = await db
    .select({ id: performances.id })
    .from(performances)
    .leftJoin(reconcilerPasses, of)
    .where(
      and(
        isNotNull(performances.publishedAt),
        isNull(performances.emptiedAt),
        or(ne(performances.phase, "closed"), gt(performances.updatedAt, recent)),
        or(isNull(advancedAt), rested),
      ),
    )
    .orderBy(sql`${advancedAt} asc nulls first`, asc(performances.id))
    .limit(most);
  if (due.length === 0) return [];
  return db
    .insert(reconcilerPasses)
    .values(due.map(({ id }) => ({ performanceId: id, side, advancedAt: now })))
    .onConflictDoUpdate({
      target: [reconcilerPasses.performanceId, reconcilerPasses.side],
      set: { advancedAt: now },
      ...(rested === undefined ? {} : { setWhere: rested }),
    })
    .returning({ performanceId: reconcilerPasses.performanceId, cursor });
}

export interface FoundDrift {
  readonly key: string;
  readonly kind: string;
  readonly subject: string;
  readonly detail: string;
}

export interface PageOfBooks {
  readonly performanceId: string;
  readonly side: Side;
  readonly range: Range;
  /** Orders nothing is known of: what was found of them before stays. */
  readonly unknown: readonly string[];
  readonly now: Date;
}

/**
 * A page that was compared: what was found in it is kept, what is no longer so goes, and the round goes on from its end, all
 * at once. Answers how often each of the found ones was repaired before.
 */
export async function writePage(
  db: Records,
  page: PageOfBooks,
  found: readonly FoundDrift[],
): Promise<ReadonlyMap<string, number>> {
  const { performanceId, side, range, unknown, now } = page;
  const { low, high } = bounds(performanceId, range);
  const { subject, key } = reconcilerDrifts;
  const inRange = and(gt(subject, low), lte(subject, high));
  const gone = and(
    eq(reconcilerDrifts.performanceId, performanceId),
    eq(reconcilerDrifts.side, side),
    range.upTo === null ? or(inRange, eq(subject, "")) : inRange,
    unknown.length === 0 ? undefined : notInArray(subject, [...unknown]),
    found.length === 0
      ? undefined
      : notInArray(
          key,
          found.map((drift) => drift.key),
        ),
  );
  const cleared = db.delete(reconcilerDrifts).where(gone);
  const moved = db
    .update(reconcilerPasses)
    .set({ cursor: range.upTo ?? "", advancedAt: now, ...(range.upTo === null ? { finishedAt: now } : {}) })
    .where(and(eq(reconcilerPasses.performanceId, performanceId), eq(reconcilerPasses.side, side)));
  if (found.length === 0) {
    await db.batch([cleared, moved]);
    return new Map();
  }
  const kept = db
    .insert(reconcilerDrifts)
    .values(found.map((drift) => ({ ...drift, performanceId, side, foundAt: now })))
    .onConflictDoUpdate({ target: key, set: { detail: sql`excluded.detail`, updatedAt: now } })
    .returning({ key, repairs: reconcilerDrifts.repairs });
  const [, , rows] = await db.batch([cleared, moved, kept]);
  return new Map(rows.map((row) => [row.key, row.repairs]));
}

/** A repair was asked for: counted, and in the audit log. Ids of orders are nobody's name. */
export async function noteRepair(
  db: Records,
  performanceId: string,
  repair: { readonly orderId: string; readonly remedy: string; readonly drifts: readonly FoundDrift[] },
  now: Date,
): Promise<void> {
  const { orderId, remedy, drifts } = repair;
  const keys = drifts.map(({ key }) => key);
  await db.batch([
    db
      .update(reconcilerDrifts)
      .set({ repairs: sql`${reconcilerDrifts.repairs} + 1`, repairedAt: now, updatedAt: now })
      .where(inArray(reconcilerDrifts.key, keys)),
    auditInsert(db, {
      performanceId,
      actor: "reconciler",
      action: "reconciler.repaired",
      detail: { orderId, remedy, found: drifts.map(({ kind, detail }) => `${kind}: ${detail}`) },
    }),
  ]);
}

/** Sales that are compared no more leave nothing behind that would be told for ever. */
export async function forgetOldDrifts(db: Records, now: Date): Promise<void> {
  const { updatedAt } = reconcilerDrifts;
  await db.delete(reconcilerDrifts).where(lt(updatedAt, new Date(now.getTime() - 2 * CLOSED_FOR_MS)));
}

/** What differs now, by kind. */
export function countDrifts(db: Records) {
  return db
    .select({ kind: reconcilerDrifts.kind, count: count() })
    .from(reconcilerDrifts)
    .groupBy(reconcilerDrifts.kind);
}

export function lastReconciled(db: Records) {
  return db.select({ at: max(reconcilerPasses.advancedAt) }).from(reconcilerPasses);
}

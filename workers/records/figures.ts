/** Counts of what Postgres keeps, for metrics and alerts, in one round trip. */
import { and, asc, count, eq, isNull, min, not, sql, sum, type SQL } from "drizzle-orm";
import type { Records } from "./database.ts";
import { countFinished, finishedStates, type FinishedState } from "./finished-sales.ts";
import { countDrifts, driftKinds, lastReconciled } from "./reconciling.ts";
import {
  edgeCounts,
  ledgerEntries,
  notices,
  orders,
  payments,
  performances,
  quarantinedEvents,
  refunds,
} from "./schema.ts";

export interface RecordsFigures {
  readonly orders: readonly { readonly status: string; readonly count: number }[];
  readonly payments: readonly { readonly provider: string; readonly status: string; readonly count: number }[];
  readonly refunds: readonly { readonly status: string; readonly count: number }[];
  readonly oldestConfirmingAt: number | null;
  readonly imbalance: readonly { readonly currency: string; readonly amount: number }[];
  /** Ids of performances that are meant to open within ten minutes and have not been published. */
  readonly unloaded: readonly string[];
  /** What the edge refused before any route, since ever. */
  readonly refusals: readonly { readonly name: string; readonly count: number }[];
  /** What object, records and providers differ in, by kind. */
  readonly drifts: readonly { readonly kind: string; readonly count: number }[];
  /** When any sale was compared last; null: none ever was. */
  readonly reconciledAt: number | null;
  readonly quarantined: readonly { readonly kind: "dead-letter" | "refused"; readonly count: number }[];
  /** Mails, and requests to organisers' webhooks, that were given up. */
  readonly givenUp: readonly { readonly channel: "mail" | "webhook"; readonly count: number }[];
  /** Sales that are over, by what has become of their objects. */
  readonly finished: readonly { readonly state: FinishedState; readonly count: number }[];
  /** When the first of the sales that wait to be emptied should have been; null: none waits, or none for longer than it is kept. */
  readonly emptyingDueAt: number | null;
  /** Refunds of sales whose objects are not asked for figures any more. */
  readonly finishedRefunds: FinishedRefunds;
}

export interface FinishedRefunds {
  /** A provider can be asked for these. */
  readonly open: number;
  readonly oldestAt: number | null;
  /** Transfers whose buyers have not said where the money goes. */
  readonly withoutAccount: number;
}

const isDeadLetter = sql<boolean>`${quarantinedEvents.reason} = 'dead letter'`;

/** Milliseconds, as a draft has it; a draft without one is meant to open at no time yet. */
const openAt = sql`(${performances.settings}->>'openAt')::float8`;
const SOON_MS = 10 * 60_000;
/** A draft whose opening has long passed is one nobody wants any more. */
const FORGOTTEN_MS = 60 * 60_000;

/** `keptMs`: how long the object of a sale that is over stays as it is, of finished-sales.ts. */
export async function readRecordsFigures(
  db: Records,
  keptMs: number,
  now: number = Date.now(),
): Promise<RecordsFigures> {
  const since = now - FORGOTTEN_MS;
  const until = now + SOON_MS;
  const [
    byStatus,
    attempts,
    back,
    oldest,
    books,
    aside,
    refusals,
    unloaded,
    drifts,
    reconciled,
    finished,
    late,
    given,
  ] = await db.batch([
    db.select({ status: orders.status, count: count() }).from(orders).groupBy(orders.status),
    db
      .select({ provider: payments.provider, status: payments.status, count: count() })
      .from(payments)
      .groupBy(payments.provider, payments.status),
    db.select({ status: refunds.status, count: count() }).from(refunds).groupBy(refunds.status),
    db
      .select({ at: min(payments.begunAt) })
      .from(payments)
      .where(eq(payments.status, "confirming")),
    db
      .select({
        currency: ledgerEntries.currency,
        amount: sum(sql`${ledgerEntries.debit} - ${ledgerEntries.credit}`),
      })
      .from(ledgerEntries)
      .groupBy(ledgerEntries.currency),
    db
      .select({ dead: isDeadLetter, count: count() })
      .from(quarantinedEvents)
      .where(isNull(quarantinedEvents.replayedAt))
      .groupBy(isDeadLetter),
    db.select({ name: edgeCounts.name, count: edgeCounts.count }).from(edgeCounts).orderBy(asc(edgeCounts.name)),
    db
      .select({ id: performances.id })
      .from(performances)
      .where(and(isNull(performances.publishedAt), sql`${openAt} between ${since} and ${until}`))
      .limit(10),
    countDrifts(db),
    lastReconciled(db),
    countFinished(db, new Date(now), keptMs),
    readFinishedRefunds(db, new Date(now)),
    db
      .select({ channel: notices.channel, count: count() })
      .from(notices)
      .where(eq(notices.state, "given-up"))
      .groupBy(notices.channel),
  ]);
  const asideOf = (dead: boolean): number => aside.find((row) => row.dead === dead)?.count ?? 0;
  return {
    orders: byStatus,
    payments: attempts,
    refunds: back,
    oldestConfirmingAt: oldest[0]?.at?.getTime() ?? null,
    imbalance: books.map(({ currency, amount }) => ({ currency, amount: Number(amount ?? 0) })),
    refusals,
    // Every kind, so that an alert sees that there is none any more.
    drifts: driftKinds.map((kind) => ({ kind, count: drifts.find((row) => row.kind === kind)?.count ?? 0 })),
    reconciledAt: reconciled[0]?.at?.getTime() ?? null,
    unloaded: unloaded.map(({ id }) => id),
    quarantined: [
      { kind: "dead-letter", count: asideOf(true) },
      { kind: "refused", count: asideOf(false) },
    ],
    givenUp: (["mail", "webhook"] as const).map((channel) => ({
      channel,
      count: given.find((row) => row.channel === channel)?.count ?? 0,
    })),
    finished: finishedStates.map((state) => ({ state, count: Number(finished.rows[0]?.[state] ?? 0) })),
    emptyingDueAt: dueAt(finished.rows[0]?.["over"], keptMs, now),
    finishedRefunds: {
      open: late[0]?.open ?? 0,
      oldestAt: late[0]?.oldestAt?.getTime() ?? null,
      withoutAccount: late[0]?.withoutAccount ?? 0,
    },
  };
}

/** `overMs`: since the first of those that wait was over. */
function dueAt(overMs: unknown, keptMs: number, now: number): number | null {
  const lateMs = overMs === null || overMs === undefined ? 0 : Number(overMs) - keptMs;
  return lateMs > 0 ? now - lateMs : null;
}

/** The refund as its order has it says whether it waits for an account. */
const waitsForAccount = sql<boolean>`exists (select 1 from jsonb_array_elements(${orders.snapshot}->'refunds') one
  where (one->>'number')::int = ${refunds.number} and one->>'account' in ('needed', 'refused'))`;

function readFinishedRefunds(db: Records, now: Date) {
  return db
    .select({
      open: sql<number>`(count(*) filter (where not ${waitsForAccount}))::int`,
      oldestAt: sql`min(${refunds.requestedAt}) filter (where not ${waitsForAccount})`.mapWith(refunds.requestedAt),
      withoutAccount: sql<number>`(count(*) filter (where ${waitsForAccount}))::int`,
    })
    .from(refunds)
    .innerJoin(orders, eq(orders.id, refunds.orderId))
    .innerJoin(performances, eq(performances.id, orders.performanceId))
    .where(and(eq(refunds.status, "requested"), not(isWatched(now))));
}

/** Closed sales keep having figures for a day: money may still be on its way. */
const CLOSED_FOR_MS = 86_400_000;

/** Whether its object is asked for figures. */
function isWatched(now: Date): SQL {
  const recently = new Date(now.getTime() - CLOSED_FOR_MS);
  return sql`(${performances.publishedAt} is not null and ${performances.emptiedAt} is null
    and (${performances.phase} <> 'closed' or ${performances.updatedAt} > ${recently.toISOString()}::timestamptz))`;
}

/** Sales whose figures matter: those to come first, by their opening, then by publication. */
export async function listWatchedPerformances(db: Records, now: Date, limit: number): Promise<readonly string[]> {
  const rows = await db
    .select({ id: performances.id })
    .from(performances)
    .where(isWatched(now))
    .orderBy(
      asc(
        sql`abs(extract(epoch from ${now.toISOString()}::timestamptz) * 1000 - coalesce((${performances.settings}->>'openAt')::float8, 0))`,
      ),
    )
    .limit(limit);
  return rows.map((row) => row.id);
}

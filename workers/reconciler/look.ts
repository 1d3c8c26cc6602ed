/**
 * Looks at a page of a sale's orders on two sides. What differs is looked at once more, with the sides asked the other way
 * round: what an order did between two questions looks like a difference on one of the two, and never on both.
 */
import type { OrderPage, PerformanceContract, ProviderBooks } from "../../durable-objects/performance/contract.ts";
import { askPerformanceAgain } from "../calls/objects.ts";
import type { Environment } from "../environment.ts";
import { payments } from "../payments/providers.ts";
import { withRecords } from "../records/database.ts";
import { readRecorded, type Range, type Side } from "../records/reconciling.ts";
import { compareMoney, isSettled } from "./compare-money.ts";
import { compareRecords } from "./compare.ts";
import type { Drift } from "./drift.ts";

/** Orders of a page that is compared with the records, and of one whose money a provider is asked about. */
const RECORDS_PAGE = 100;
const PROVIDER_PAGE = 20;
/** So many questions to providers at once. */
const READS_AT_ONCE = 4;

export interface Look {
  readonly drifts: readonly Drift[];
  readonly orders: number;
  /** Questions to providers. */
  readonly reads: number;
  /** Orders of which nothing is known this time: a provider did not answer, or one owes an answer still. */
  readonly unknown: readonly string[];
  /** What was looked at; its end is where to go on, null: this was the last page. */
  readonly range: Range;
}

type Orders = Pick<PerformanceContract, "orders">;

/** @throws RecordsUnavailable, or what calling the object throws. */
export function look(env: Environment, performanceId: string, side: Side, after: string): Promise<Look> {
  const object: Orders = {
    orders: (...asked) => askPerformanceAgain(env, performanceId, (sale) => sale.orders(...asked)),
  };
  return side === "records" ? lookAtRecords(env, object, performanceId, after) : lookAtMoney(env, object, after);
}

async function lookAtRecords(env: Environment, object: Orders, performanceId: string, after: string): Promise<Look> {
  const page = await object.orders(after, RECORDS_PAGE);
  const range = rangeOf(after, page, RECORDS_PAGE);
  const last = range.upTo === null;
  const drifts = compareRecords(page, await withRecords(env, (db) => readRecorded(db, performanceId, range)), last);
  const done = { orders: page.orders.length, reads: 0, unknown: [], range };
  if (drifts.length === 0) return { drifts, ...done };
  const recorded = await withRecords(env, (db) => readRecorded(db, performanceId, range));
  const again = await object.orders(after, RECORDS_PAGE);
  // What has come in between belongs to the next round.
  const { upTo } = range;
  const within: OrderPage = upTo === null ? again : { ...again, orders: again.orders.filter(({ id }) => id <= upTo) };
  return { drifts: inBoth(drifts, compareRecords(within, recorded, last)), ...done };
}

async function lookAtMoney(env: Environment, object: Orders, after: string): Promise<Look> {
  const page = await object.orders(after, PROVIDER_PAGE);
  const now = Date.now();
  const settled = page.orders.filter((order) => isSettled(order, now));
  const ids = new Set(settled.map(({ id }) => id));
  const unknown = new Set(page.orders.filter(({ id }) => !ids.has(id)).map(({ id }) => id));
  const tasks = page.tasks.filter(({ orderId }) => ids.has(orderId));
  // A few questions a minute, of which each sale waits for its own answer: asked whatever happened a moment ago.
  const on = payments(env).regardless;
  const books = new Map<string, Map<number, ProviderBooks>>();
  for (let from = 0; from < tasks.length; from += READS_AT_ONCE) {
    await Promise.all(
      tasks.slice(from, from + READS_AT_ONCE).map(async (task) => {
        const found: ProviderBooks = (await on.get(task.provider)?.look(task)) ?? { result: "unknown", reason: "off" };
        if (found.result === "unknown") unknown.add(task.orderId);
        const ofOrder = books.get(task.orderId) ?? new Map<number, ProviderBooks>();
        books.set(task.orderId, ofOrder.set(task.attempt, found));
      }),
    );
  }
  const compare = (orders: OrderPage["orders"]): readonly Drift[] =>
    orders.flatMap((order) => (isSettled(order, now) ? compareMoney(order, books.get(order.id) ?? new Map()) : []));
  const drifts = compare(settled);
  // The provider's answers were read after the object's: what the object says now must still differ.
  const confirmed =
    drifts.length === 0 ? drifts : inBoth(drifts, compare((await object.orders(after, PROVIDER_PAGE)).orders));
  const range = rangeOf(after, page, PROVIDER_PAGE);
  return { drifts: confirmed, orders: page.orders.length, reads: tasks.length, unknown: Array.from(unknown), range };
}

function rangeOf(after: string, { orders }: OrderPage, limit: number): Range {
  return { after, upTo: orders.length < limit ? null : (orders.at(-1)?.id ?? null) };
}

function inBoth(one: readonly Drift[], other: readonly Drift[]): readonly Drift[] {
  const found = new Set(other.map(nameOf));
  return one.filter((drift) => found.has(nameOf(drift)));
}

function nameOf({ kind, subject, item }: Drift): string {
  return `${kind}/${subject}/${item}`;
}

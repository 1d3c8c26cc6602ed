/**
 * What one side of the books says and the other does not. Pure: pages in, differences out, each with its remedy where the
 * rule is certain. The object decides what an order is; the records must have written down exactly that, and a provider must
 * have taken and given back exactly what the order says.
 *
 * What is still on its way is no difference: an order that changed after the oldest event nobody has reported as applied.
 */
import type {
  Command,
  Order,
  OrderPage,
  PaymentAttempt,
  ProviderBooks,
} from "../../durable-objects/performance/contract.ts";
import { parseEvent } from "../records/events-input.ts";
import { fold, type Rows } from "../records/fold.ts";
import type { DriftKind, RecordedOrder, RecordedOrders, RecordedRow } from "../records/reconciling.ts";

export interface Drift {
  readonly kind: DriftKind;
  /** The order's id; "" where it is about the whole sale. */
  readonly subject: string;
  /** Which part of it, so that two differences of a kind are two. */
  readonly item: string;
  /** A sentence without anything about a person. */
  readonly detail: string;
  /** What repairs it, where that is certain: a command for the object. Null: somebody has to look. */
  readonly remedy: Remedy | null;
}

export type Remedy = Extract<Command, { kind: "report-order" | "recheck" | "settle" | "note-refund" }>;

interface Table {
  readonly name: "seat" | "payment" | "refund" | "ticket" | "ledger";
  readonly rows: "seats" | "payments" | "refunds" | "tickets" | "ledger";
  readonly key: readonly string[];
  /** Columns that are written again whenever the order is reported. */
  readonly follows: readonly string[];
  /** Columns that are written once. */
  readonly fixed: readonly string[];
}

const tables: readonly Table[] = [
  { name: "seat", rows: "seats", key: ["seat_id"], follows: ["status"], fixed: ["schedule_id", "grade", "price"] },
  {
    name: "payment",
    rows: "payments",
    key: ["attempt"],
    follows: ["status", "amount", "method", "payment_key", "transaction"],
    fixed: ["provider"],
  },
  {
    name: "refund",
    rows: "refunds",
    key: ["number"],
    follows: ["status", "transaction"],
    fixed: ["attempt", "amount"],
  },
  { name: "ticket", rows: "tickets", key: ["id"], follows: ["status"], fixed: ["member_id", "schedule_id", "seat_id"] },
  { name: "ledger", rows: "ledger", key: ["id"], follows: [], fixed: ["account", "debit", "credit", "currency"] },
];
/** Values that say nothing about anybody. */
const told = new Set(["status", "amount", "debit", "credit", "price"]);

/** Both sides of the same orders; `last`: there are none behind them, so that sums can be compared too. */
export function compareRecords(page: OrderPage, recorded: RecordedOrders, last: boolean): readonly Drift[] {
  const drifts: Drift[] = [];
  const records = new Map(recorded.orders.map((row) => [row.id, row]));
  for (const order of page.orders) {
    const record = records.get(order.id);
    records.delete(order.id);
    drifts.push(...compareOrder(order, record, recorded, page.oldestUnreportedAt));
  }
  for (const id of records.keys()) {
    drifts.push(report("order-unknown", id, "", "the records have an order that the object does not know"));
  }
  for (const id of page.contradictions) {
    drifts.push(report("plan-contradicts", id, "", "the plan shows the order's seats as something else"));
  }
  if (last && page.oldestUnreportedAt === null && page.sold !== recorded.sold) {
    const detail = `the object has ${page.sold} sold seats, the records ${recorded.sold}`;
    drifts.push(report("sold-seats", "", "", detail));
  }
  return drifts;
}

function compareOrder(
  order: Order,
  record: RecordedOrder | undefined,
  recorded: RecordedOrders,
  oldestUnreportedAt: number | null,
): readonly Drift[] {
  const onItsWay = oldestUnreportedAt !== null && order.updatedAt >= oldestUnreportedAt;
  const { id, version } = order;
  if (record === undefined) {
    return onItsWay ? [] : [again("order-missing", id, "", `version ${version} was reported and is not there`)];
  }
  if (record.version < version) {
    const detail = `version ${record.version} is there, ${version} was reported`;
    return onItsWay ? [] : [again("order-behind", id, "", detail)];
  }
  if (record.version > version) {
    const detail = `version ${record.version} is there, the object has ${version}`;
    return [report("order-ahead", id, "", detail)];
  }
  const expected = read(order);
  if (expected === null) return [report("order-unreadable", id, "", "the object's order is none the records can read")];
  const drifts: Drift[] = [];
  const rows = fold([expected.envelope]);
  const differs = (column: keyof RecordedOrder): boolean => !same(rows.orders[0]?.[column], record[column]);
  const fixed = onceWritten.filter(differs);
  const wrong: string[] = differs("status") ? ["status"] : [];
  if (!same(expected.order, readSnapshot(order, record.snapshot))) wrong.push("snapshot");
  const detail = `not as the object has it: ${[...fixed, ...wrong].join(", ")}`;
  if (fixed.length > 0) drifts.push(report("order-differs", id, "", detail));
  else if (wrong.length > 0) drifts.push(again("order-differs", id, "", detail));
  for (const table of tables) {
    drifts.push(...compareTable(id, table, rows[table.rows], recorded[table.rows].get(id) ?? []));
  }
  return drifts;
}

const onceWritten = ["amount", "currency", "member_id", "schedule_id"] as const;

function compareTable(
  orderId: string,
  table: Table,
  expected: Rows[Table["rows"]],
  actual: readonly RecordedRow[],
): readonly Drift[] {
  const keyOf = (row: RecordedRow): string => table.key.map((column) => String(row[column])).join("/");
  const found = new Map(actual.map((row) => [keyOf(row), row]));
  const drifts: Drift[] = [];
  for (const row of expected as readonly RecordedRow[]) {
    const item = keyOf(row);
    const there = found.get(item);
    found.delete(item);
    if (there === undefined) {
      drifts.push(again(`${table.name}-missing`, orderId, item, `${item} is missing`));
      continue;
    }
    const words = (columns: readonly string[]): readonly string[] =>
      columns.filter((column) => !same(row[column], there[column])).map((column) => wordsOf(column, row, there));
    const follows = words(table.follows);
    const fixed = words(table.fixed);
    if (fixed.length > 0) drifts.push(report(`${table.name}-differs`, orderId, item, `${item}: ${fixed.join(", ")}`));
    else if (follows.length > 0) {
      drifts.push(again(`${table.name}-differs`, orderId, item, `${item}: ${follows.join(", ")}`));
    }
  }
  for (const item of found.keys()) {
    drifts.push(report(`${table.name}-differs`, orderId, item, `${item} is not the order's`));
  }
  return drifts;
}

function wordsOf(column: string, expected: RecordedRow, actual: RecordedRow): string {
  return told.has(column)
    ? `${column} is ${String(actual[column])} instead of ${String(expected[column])}`
    : `another ${column}`;
}

/** An order that a provider still owes an answer about is the recovery's, and no difference yet. */
export function isSettled(order: Order): boolean {
  const open = order.attempts.some(({ status }) => status === "confirming");
  return !open && order.refunds.every(({ status }) => status !== "requested");
}

/** A provider's books of the attempts that were asked about, by number. What is not known says nothing. */
export function compareMoney(order: Order, books: ReadonlyMap<number, ProviderBooks>): readonly Drift[] {
  return Array.from(books).flatMap(([number, found]) => {
    const attempt = order.attempts.find((one) => one.number === number);
    if (attempt === undefined || found.result === "unknown") return [];
    const item = String(number);
    const { captured } = found;
    const ours = attempt.status === "approved" ? attempt.amount : 0;
    if (captured > 0 && ours === 0) {
      const remedy = settling(order, attempt, found);
      const detail = `attempt ${item}: the provider took ${captured} and we know of nothing`;
      return [{ kind: "capture-unknown", subject: order.id, item, detail, remedy }];
    }
    if (captured !== ours) {
      const detail = `attempt ${item}: the provider took ${captured}, we have booked ${ours}`;
      if (captured !== 0) return [report("capture-amount", order.id, item, detail)];
      return [{ ...report("capture-missing", order.id, item, detail), remedy: askingTheBank(order, attempt) }];
    }
    return compareRefunds(order, number, found.refunds);
  });
}

/**
 * The provider's word settles the attempt: seats or money back. One whose payment was never named to us gets its name first, and
 * the recovery concludes it.
 */
function settling(order: Order, attempt: PaymentAttempt, found: Extract<ProviderBooks, { result: "known" }>): Remedy {
  const { captured: amount, paymentKey, transaction, method, at, receiptUrl } = found;
  const { id: orderId } = order;
  const { number, provider } = attempt;
  if (attempt.paymentKey === null) {
    return { kind: "recheck", orderId, verified: { provider, attempt: number, paymentKey } };
  }
  const outcome = { transaction: transaction ?? paymentKey, amount, method, at, receiptUrl };
  return { kind: "settle", orderId, attempt: number, outcome: { result: "approved", ...outcome } };
}

/**
 * Banks take transfers back, and then the order waits for its money again. Whether that is what happened only the provider's own
 * word says: the object asks for it, and one that waits again is believed. Money that came in another way is gone for no reason.
 */
function askingTheBank(order: Order, attempt: PaymentAttempt): Remedy | null {
  return attempt.deposit === null ? null : { kind: "recheck", orderId: order.id, verified: null };
}

function compareRefunds(
  order: Order,
  attempt: number,
  found: Extract<ProviderBooks, { result: "known" }>["refunds"],
): readonly Drift[] {
  const ours = order.refunds.filter((refund) => refund.attempt === attempt && refund.status === "refunded");
  const known = new Set(ours.map(({ transaction }) => transaction));
  const theirs = new Map(found.map((refund) => [refund.transaction, refund]));
  const unknown = found
    .filter(({ transaction }) => !known.has(transaction))
    .map((refund): Drift => {
      const remedy: Remedy = { kind: "note-refund", orderId: order.id, attempt, refund };
      const detail = `attempt ${attempt}: the provider gave back ${refund.amount} and we know of nothing`;
      return { kind: "provider-refund-unknown", subject: order.id, item: refund.transaction, detail, remedy };
    });
  const missing = ours.flatMap((refund) => {
    const there = theirs.get(refund.transaction ?? "");
    if (there?.amount === refund.amount) return [];
    const detail = `refund ${refund.number}: we have booked ${refund.amount}, the provider gave back ${there?.amount ?? 0}`;
    return [report("provider-refund-missing", order.id, String(refund.number), detail)];
  });
  return [...unknown, ...missing];
}

function report(kind: DriftKind, subject: string, item: string, detail: string): Drift {
  return { kind, subject, item, detail, remedy: null };
}

/** The records lack something of what was reported: reported once more, all of it is written down again. */
function again(kind: DriftKind, subject: string, item: string, detail: string): Drift {
  return { kind, subject, item, detail, remedy: { kind: "report-order", orderId: subject } };
}

/** An order as the events' consumer reads it, so that an older version's is compared as what it means today. */
function read(order: unknown, performanceId?: string) {
  const id = performanceId ?? (order as Order).performanceId;
  const parsed = parseEvent({ performanceId: id, seq: 1, at: 0, event: { type: "order-changed", order } });
  if (!parsed.ok || parsed.envelope.event.type !== "order-changed") return null;
  return { envelope: parsed.envelope, order: parsed.envelope.event.order };
}

function readSnapshot({ performanceId }: Order, snapshot: unknown): Order | null {
  return read(snapshot, performanceId)?.order ?? null;
}

/** The same JSON, whatever the order of its keys: Postgres keeps none. What is absent and what is undefined are one. */
function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const left = one as Readonly<Record<string, unknown>>;
  const right = other as Readonly<Record<string, unknown>>;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return Array.from(names).every((name) => same(left[name], right[name]));
}

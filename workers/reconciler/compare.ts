/**
 * What the object says and the records do not, or the other way round. Pure: pages in, differences out, each with its remedy
 * where the rule is certain. The object decides what an order is; the records must have written down exactly that.
 *
 * What is still on its way is no difference: an order that changed after the oldest event nobody has reported as applied.
 */
import type { Order, OrderPage } from "../../durable-objects/performance/contract.ts";
import { parseEvent } from "../records/events-input.ts";
import { fold, type Rows } from "../records/fold.ts";
import type { DriftKind, RecordedOrder, RecordedOrders, RecordedRow } from "../records/reconciling.ts";
import { report, type Drift } from "./drift.ts";

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

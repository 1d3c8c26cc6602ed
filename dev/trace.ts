/**
 * npm run trace: the story of one order, from the records and, where there is one, the Worker's log.
 *
 * Of a request the orders it changed are told. Says nothing about the person but the member's id. It ends with 1 when
 * something about an order is not as it should be.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { completed, type StoredOrder } from "../durable-objects/performance/order-seats.ts";
import { command, Misuse } from "./command.ts";
import { Failure } from "./failure.ts";
import { lineText, linesAbout, readLog } from "./operations/log-lines.ts";
import { oddities, storyOf, type OrderRecords } from "./operations/story.ts";
import { runningStack } from "./running.ts";

/** Everything the records have about an order, or null if there is none. */
export async function readOrderRecords(databaseUrl: string, orderId: string): Promise<OrderRecords | null> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const rows = async <Row extends pg.QueryResultRow>(statement: string): Promise<readonly Row[]> =>
      (await client.query<Row>(statement, [orderId])).rows;
    const [order] = await rows<{ snapshot: StoredOrder; created_at: Date; updated_at: Date }>(
      "select snapshot, created_at, updated_at from orders where id = $1",
    );
    if (order === undefined) return null;
    return {
      order: completed(order.snapshot),
      recordedAt: order.created_at,
      changedAt: order.updated_at,
      tickets: await rows('select id, status, issued_at as "issuedAt" from tickets where order_id = $1 order by id'),
      ledger: await rows(
        "select transaction_ref as ref, account, debit::float8, credit::float8, at from ledger_entries where order_id = $1 order by at, id",
      ),
      webhooks: await rows(
        `select provider, event_key as key, received_at as at from provider_events where strpos(body::text, $1) > 0 order by received_at`,
      ),
      steps: await rows(
        `select seq, happened_at as "happenedAt", applied_at as "appliedAt", version, cause from applied_events
         where performance_id = (select performance_id from orders where id = $1) and order_id = $1 order by seq`,
      ),
      quarantined: await rows(
        "select seq, reason, at from quarantined_events where strpos(body::text, $1) > 0 order by at",
      ),
    };
  } finally {
    await client.end();
  }
}

/** By the beginning of a command's id, which is what the index on causes is for. */
export const ORDERS_OF_REQUEST =
  "select distinct order_id from applied_events where cause like $1 and order_id is not null";

/** Orders that commands of a request changed. */
export async function ordersOfRequest(databaseUrl: string, requestId: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ order_id: string }>(ORDERS_OF_REQUEST, [`${requestId}.%`]);
    return rows.map((row) => row.order_id);
  } finally {
    await client.end();
  }
}

/** What the Worker's log has about the order, in the order in which it was written. */
export function logText({ order, steps }: OrderRecords, log: string): string {
  const commandIds = new Set(steps.flatMap(({ cause }) => cause ?? []));
  const lines = linesAbout(readLog(log), { orderId: order.id, commandIds });
  return lines.map((one) => lineText(one, commandIds)).join("\n");
}

export function storyText(records: OrderRecords, now: number): { readonly text: string; readonly odd: boolean } {
  const { order } = records;
  const odd = oddities(records, now);
  const lines = storyOf(records).map(
    ({ at, part, what }) => `  ${new Date(at).toISOString()}  ${part.padEnd(8)}  ${what}`,
  );
  const head = `Order ${order.id}\n  of member ${order.member}, performance ${order.performanceId}, ${order.title}\n`;
  const end =
    odd.length === 0 ? "✓ Money, seats and tickets agree." : odd.map((sentence) => `✗ ${sentence}`).join("\n");
  return { text: `${head}\n${lines.join("\n")}\n\n${end}`, odd: odd.length > 0 };
}

const REQUEST = /^[0-9a-f]{16}(-[A-Z]{3})?$/;

const usage = `npm run trace -- ORDER | REQUEST [--log FILE] [--stack PORT] [--data DIR]
  ORDER           an order's id
  REQUEST         what the fan was shown (requestId, x-request-id)
  --log FILE      the Worker's log (default: that of the npm start which is asked)
  --stack PORT    the port of npm start (default 8787)
  --data DIR      its folder (default .data)
  DATABASE_URL    in the environment: ask this Postgres instead`;

if (import.meta.main) {
  await command(usage, async (args) => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        log: { type: "string" },
        stack: { type: "string", default: "8787" },
        data: { type: "string", default: ".data" },
      },
    });
    const [asked] = positionals;
    if (asked === undefined) throw new Misuse("Say which order, or which request.");
    const said = process.env["DATABASE_URL"] ?? "";
    const given = said === "" ? undefined : said;
    const databaseUrl = given ?? (await runningStack(Number(values.stack), values.data))?.databaseUrl;
    if (databaseUrl === undefined) throw new Failure("Set DATABASE_URL, or npm start first.");
    const orders = REQUEST.test(asked) ? await ordersOfRequest(databaseUrl, asked) : [asked];
    if (orders.length === 0) throw new Failure("The records know no order that this request changed.");
    const logFile = values.log ?? (given === undefined ? path.join(values.data, "worker.log") : null);
    const log = logFile !== null && existsSync(logFile) ? readFileSync(logFile, "utf8") : null;
    for (const orderId of orders) await tell(databaseUrl, orderId, log);
  });
}

async function tell(databaseUrl: string, orderId: string, log: string | null): Promise<void> {
  const records = await readOrderRecords(databaseUrl, orderId);
  if (records === null) throw new Failure("The records do not know this order. Its events may still be on their way.");
  const { text, odd } = storyText(records, Date.now());
  console.log(text);
  if (log !== null) console.log(`\nIn the log:\n${logText(records, log)}`);
  if (odd) process.exitCode = 1;
}

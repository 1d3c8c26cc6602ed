/**
 * npm run trace: the story of one order, from the records.
 *
 *     npm run trace -- ORDER [--stack 8787] [--data .data]      DATABASE_URL in the environment, or a running npm start
 *
 * Says nothing about the person but the member's id. It ends with 1 when something about the order is not as it should be.
 */
import { parseArgs } from "node:util";
import pg from "pg";
import { completed, type StoredOrder } from "../durable-objects/performance/order-seats.ts";
import { Failure, sentenceOf } from "./failure.ts";
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
      quarantined: await rows(
        "select seq, reason, at from quarantined_events where strpos(body::text, $1) > 0 order by at",
      ),
    };
  } finally {
    await client.end();
  }
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

if (import.meta.main) {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { stack: { type: "string", default: "8787" }, data: { type: "string", default: ".data" } },
    });
    const [orderId] = positionals;
    if (orderId === undefined) throw new Failure("npm run trace -- ORDER");
    const databaseUrl =
      process.env["DATABASE_URL"] ?? (await runningStack(Number(values.stack), values.data))?.databaseUrl;
    if (databaseUrl === undefined) throw new Failure("Set DATABASE_URL, or npm start first.");
    const records = await readOrderRecords(databaseUrl, orderId);
    if (records === null)
      throw new Failure("The records do not know this order. Its events may still be on their way.");
    const { text, odd } = storyText(records, Date.now());
    console.log(text);
    if (odd) process.exitCode = 1;
  } catch (error) {
    console.error(`✗ ${sentenceOf(error)}`);
    process.exitCode = 1;
  }
}

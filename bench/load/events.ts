/** Events for the records' benchmark, and a Postgres to apply them to. */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { migrate } from "../../dev/migrate.ts";
import { startNeonEndpoint } from "../../dev/neon-endpoint.ts";
import { letThrough } from "../../dev/passage.ts";
import { startPostgres } from "../../dev/postgres.ts";
import type { Order, OrderStatus } from "../../durable-objects/performance/contract.ts";
import { KOREAN_LADDER } from "../../durable-objects/performance/order-policy.ts";
import type { EventEnvelope } from "../../durable-objects/performance/events.ts";
import { freePort } from "../../tests/stack/ports.ts";
import type { RecordsSettings } from "../../workers/records/database.ts";

/** As the event queue's consumer is set in wrangler.toml. */
export const BATCH = 100;
export const CONSUMERS = 10;
/** Orders of one run; each is reported three times, on its way from placed to paid. */
export const ORDERS = 3_000;

/** All placed, then all being paid, then all paid: no batch has an order twice, so that nothing is folded away. */
export function eventsOf(id: string): EventEnvelope[] {
  const statuses: readonly OrderStatus[] = ["pending", "paying", "paid"];
  return statuses.flatMap((status, step) =>
    Array.from({ length: ORDERS }, (_, number): EventEnvelope => {
      const order = orderOf(id, number, status, step + 1);
      return {
        performanceId: id,
        seq: step * ORDERS + number + 1,
        at: order.updatedAt,
        event: { type: "order-changed", order },
      };
    }),
  );
}

const AT = Date.UTC(2027, 0, 1);

function orderOf(id: string, number: number, status: OrderStatus, version: number): Order {
  const digits = number.toString(16).padStart(12, "0");
  const seat = (side: "a" | "b") => ({
    id: `s${number}${side}`,
    section: "1층",
    row: String(Math.floor(number / 20)),
    label: side,
    grade: "S",
    price: 110_000,
  });
  const paid = status === "paid";
  return {
    id: `${id.replaceAll("-", "")}-${digits.padStart(24, "0")}`,
    performanceId: id,
    version,
    member: `00000000-0000-4000-9000-${digits}`,
    holdNumber: number + 1,
    title: "햄릿",
    scheduleId: id.replace("-4000-", "-4001-"),
    startsAt: AT,
    hallName: "국립극장",
    timeZone: "Asia/Seoul",
    seats: [seat("a"), seat("b")],
    amount: 220_000,
    currency: "KRW",
    status,
    placedAt: AT,
    payBy: AT + 480_000,
    attempts:
      status === "pending"
        ? []
        : [
            {
              number: 1,
              provider: "toss",
              method: "card",
              amount: 220_000,
              status: paid ? "approved" : "confirming",
              paymentKey: `key-${digits}`,
              transaction: paid ? `transaction-${digits}` : null,
              receiptUrl: null,
              declineCode: null,
              declineMessage: null,
              begunAt: AT + 1_000,
              deposit: null,
              confirmingAt: AT + 2_000,
              settledAt: paid ? AT + 3_000 : null,
            },
          ],
    refunds: [],
    policy: KOREAN_LADDER,
    cancellations: [],
    moved: null,
    updatedAt: AT + version * 1_000,
  };
}

/** A Postgres of our own, with the records' tables in it, and Neon's endpoint before it. */
export async function withPostgres<Result>(
  work: (records: RecordsSettings, databaseUrl: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ticketping-records-"));
  await using parts = new AsyncDisposableStack();
  parts.defer(() => rmSync(folder, { recursive: true, force: true }));
  // As root Postgres runs as another user, who must reach its folder through this one.
  if (process.getuid?.() === 0) letThrough(folder);
  const postgres = await startPostgres({ folder: path.join(folder, "postgres"), port: await freePort() });
  parts.defer(() => postgres.stop());
  await migrate(postgres.url);
  const endpoint = await startNeonEndpoint({ databaseUrl: postgres.url, port: await freePort() });
  parts.defer(() => endpoint.close());
  return await work({ DATABASE_URL: postgres.url, NEON_HTTP_ENDPOINT: endpoint.url }, postgres.url);
}

/** What really became of a sale: the object, Postgres and the provider's own books, compared with each other and with the history. */
import pg from "pg";
import { z } from "zod";
import { ApiFailure, type Api } from "../../dev/demo/client.ts";
import { readOutcome } from "../../dev/demo/books.ts";
import type { History } from "./history.ts";
import type { House } from "./house.ts";

const figures = z.looseObject({
  outboxDepth: z.number(),
  seatsByStatus: z.record(z.string(), z.number()),
  ordersByStatus: z.record(z.string(), z.number()),
  status: z.looseObject({ joined: z.number() }),
});
export type Figures = z.infer<typeof figures>;

const ordered = z.object({ order: z.looseObject({ status: z.string(), amount: z.number() }) });
const recorded = z.object({
  id: z.string(),
  status: z.string(),
  amount: z.coerce.number(),
  seats: z.coerce.number(),
  tickets: z.coerce.number(),
});
const books = z.looseObject({
  byOrder: z.record(z.string(), z.looseObject({ captured: z.number(), refunded: z.number() })),
});

const OPEN = ["pending", "paying", "cancelling", "awaiting-deposit"];

export async function readFigures(api: Api, organiser: string, saleId: string): Promise<Figures> {
  return api.call(`GET /api/organizer/performances/${saleId}/live`, figures, { token: organiser });
}

/** Is anything left that has to happen by itself? */
export function atRest({ outboxDepth, ordersByStatus, seatsByStatus }: Figures): boolean {
  const open = OPEN.some((status) => (ordersByStatus[status] ?? 0) > 0);
  return outboxDepth === 0 && !open && (seatsByStatus["held"] ?? 0) === 0;
}

export async function compare(house: House, api: Api, history: History, saleId: string, found: Figures): Promise<void> {
  const outcome = await readOutcome(house.databaseUrl, house.tossUrl, saleId);
  const must = (holds: boolean, sentence: string): void => {
    if (!holds) history.break(sentence);
  };
  must(atRest(found), `something is stuck: ${JSON.stringify(found.ordersByStatus)}, outbox ${found.outboxDepth}`);
  must(outcome.doubleSales === 0, `${outcome.doubleSales} seats were sold twice`);
  must(outcome.ledgerBalance === 0, `the ledger does not balance: ${outcome.ledgerBalance}`);
  must(outcome.ledger === outcome.sandbox, `the ledger says ${outcome.ledger}, the provider ${outcome.sandbox}`);
  const sold = found.seatsByStatus["sold"] ?? 0;
  must(sold === outcome.seatsSold, `${sold} seats are sold in the object, ${outcome.seatsSold} in Postgres`);
  must(outcome.tickets === outcome.seatsSold, `${outcome.tickets} tickets for ${outcome.seatsSold} seats`);
  must(found.status.joined > history.highestNumber(saleId), "an acknowledged join is missing");
  await compareOrders(house, api, history, saleId, found);
}

async function compareOrders(house: House, api: Api, history: History, saleId: string, found: Figures): Promise<void> {
  const rows = new Map((await readOrders(house.databaseUrl, saleId)).map((row) => [row.id, row]));
  const money = books.parse(await (await fetch(new URL("/sandbox/books", house.tossUrl))).json()).byOrder;
  for (const { id, status, amount, seats, tickets } of rows.values()) {
    let kept = 0;
    for (const [name, { captured, refunded }] of Object.entries(money))
      if (name.startsWith(`${id}-`)) kept += captured - refunded;
    const owed = status === "paid" ? amount : 0;
    if (kept !== owed) history.break(`order ${id} is ${status}: the provider keeps ${kept}, owed is ${owed}`);
    if (status === "paid" && tickets !== seats) history.break(`order ${id}: ${tickets} tickets for ${seats} seats`);
  }
  const paid = Array.from(rows.values()).filter(({ status }) => status === "paid").length;
  if (paid !== (found.ordersByStatus["paid"] ?? 0))
    history.break(`${paid} orders are paid in Postgres, ${found.ordersByStatus["paid"] ?? 0} in the object`);
  for (const order of history.orders.values()) {
    if (order.sale !== saleId) continue;
    const row = rows.get(order.id);
    if (row === undefined) {
      history.break(`order ${order.id} was acknowledged and is not in Postgres`);
      continue;
    }
    if (order.paid && !order.cancelAsked && row.status !== "paid")
      history.break(`order ${order.id} was paid and is ${row.status}`);
    if (order.cancelled && row.status !== "cancelled")
      history.break(`order ${order.id} was cancelled and is ${row.status}`);
    if (row.amount !== order.amount) history.break(`order ${order.id} was told ${order.amount}, and is ${row.amount}`);
    const told = await statusOf(api, order.id, order.token);
    if (told !== row.status) history.break(`order ${order.id} is ${told} to its owner, ${row.status} in Postgres`);
  }
}

async function statusOf(api: Api, orderId: string, token: string): Promise<string> {
  try {
    return (await api.call(`GET /api/orders/${orderId}`, ordered, { token })).order.status;
  } catch (error) {
    if (error instanceof ApiFailure) return error.code;
    throw error;
  }
}

async function readOrders(databaseUrl: string, saleId: string): Promise<z.infer<typeof recorded>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select o.id, o.status, o.amount,
         (select count(*) from order_seats s where s.order_id = o.id) as seats,
         (select count(*) from tickets t where t.order_id = o.id and t.status = 'valid') as tickets
       from orders o where o.performance_id = $1`,
      [saleId],
    );
    const aside = await client.query("select count(*)::int as count from quarantined_events");
    const count = z.object({ count: z.number() }).parse(aside.rows[0]).count;
    if (count > 0) throw new Error(`${count} events were set aside`);
    return rows.map((row) => recorded.parse(row));
  } finally {
    await client.end();
  }
}

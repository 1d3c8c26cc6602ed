/** What really happened, from Postgres and from the payment sandbox's own books: never from the demo's own tally. */
import pg from "pg";
import { z } from "zod";

export interface Outcome {
  readonly orders: number;
  readonly seatsSold: number;
  /** Seats that two live orders claim. */
  readonly doubleSales: number;
  readonly tickets: number;
  /** Money our ledger says the provider holds. */
  readonly ledger: number;
  /** Money the sandbox says it holds for these orders. */
  readonly sandbox: number;
  readonly ledgerBalance: number;
}

const totals = z.looseObject({
  byOrder: z.record(z.string(), z.looseObject({ captured: z.number(), refunded: z.number() })),
});
const counted = z.object({
  orders: z.coerce.number(),
  seats: z.coerce.number(),
  doubles: z.coerce.number(),
  tickets: z.coerce.number(),
  ledger: z.coerce.number(),
  balance: z.coerce.number(),
});

export async function readOutcome(databaseUrl: string, tossUrl: string, performanceId: string): Promise<Outcome> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const result = await client.query(
      `with mine as (select * from orders where performance_id = $1),
        sold as (select s.schedule_id, s.seat_id from order_seats s join mine on mine.id = s.order_id where mine.status = 'paid')
      select (select count(*) from mine where status = 'paid') as orders,
        (select count(*) from sold) as seats,
        (select count(*) from (select 1 from sold group by schedule_id, seat_id having count(*) > 1) as twice) as doubles,
        (select count(*) from tickets where performance_id = $1 and status = 'valid') as tickets,
        (select coalesce(sum(debit - credit), 0) from ledger_entries join mine on mine.id = order_id where account like 'provider:%') as ledger,
        (select coalesce(sum(debit - credit), 0) from ledger_entries join mine on mine.id = order_id) as balance`,
      [performanceId],
    );
    const { orders, seats, doubles, tickets, ledger, balance } = counted.parse(result.rows[0]);
    const sandbox = await sandboxMoney(tossUrl, performanceId);
    return { orders, seatsSold: seats, doubleSales: doubles, tickets, ledger, sandbox, ledgerBalance: balance };
  } finally {
    await client.end();
  }
}

/** The performance's id is the first part of the order ids the provider knows. */
async function sandboxMoney(tossUrl: string, performanceId: string): Promise<number> {
  const response = await fetch(new URL("/sandbox/books", tossUrl));
  const { byOrder } = totals.parse(await response.json());
  const prefix = `${performanceId.replaceAll("-", "")}-`;
  let money = 0;
  for (const [orderId, { captured, refunded }] of Object.entries(byOrder)) {
    if (orderId.startsWith(prefix)) money += captured - refunded;
  }
  return money;
}

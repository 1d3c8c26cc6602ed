/** Records: how fast events become rows in a real Postgres, behind the HTTP endpoint the Worker speaks to. */
import pg from "pg";
import { applyEvents } from "../../workers/records/apply.ts";
import { withRecords, type RecordsSettings } from "../../workers/records/database.ts";
import { BATCH, CONSUMERS, eventsOf, ORDERS, withPostgres } from "../load/events.ts";
import { median, shown, spread } from "../report.ts";
import { performanceId, RUNS, type Study } from "../study.ts";
import { outage } from "./records-outage.ts";

const events: Study = {
  figures: [{ name: "events_per_second", unit: "/s", target: 2_000, better: "higher" }],
  async measure(lab) {
    return withPostgres(async (records, databaseUrl) => {
      const rates: number[] = [];
      const alone: number[] = [];
      for (let run = 0; run <= RUNS; run++) {
        lab.say(`events, run ${run} of ${RUNS}`);
        const together = await rateOf(records, performanceId(run * 2 + 1), CONSUMERS);
        const one = await rateOf(records, performanceId(run * 2 + 2), 1);
        if (run === 0) continue;
        rates.push(together);
        alone.push(one);
      }
      await checkRows(databaseUrl, (RUNS + 1) * 2 * ORDERS);
      const about =
        `order events in batches of ${BATCH} on ${CONSUMERS} consumers, two seats an order, with its payment, tickets and ` +
        `ledger; Postgres, endpoint and consumers on this one machine; ${shown(median(alone))} /s with one consumer`;
      return { events_per_second: spread(rates, about) };
    });
  },
};

async function rateOf(records: RecordsSettings, performance_: string, consumers: number): Promise<number> {
  const list = eventsOf(performance_);
  const startedAt = performance.now();
  let from = 0;
  await Promise.all(
    Array.from({ length: consumers }, async () => {
      while (from < list.length) {
        const batch = list.slice(from, (from += BATCH));
        await withRecords(records, (db) => applyEvents(db, batch), { deadlineMs: 60_000 });
      }
    }),
  );
  return (list.length * 1_000) / (performance.now() - startedAt);
}

/** Everything has to have arrived, or the rate is that of something else. */
async function checkRows(databaseUrl: string, orders: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const query = `
      select (select count(*) from orders where status = 'paid')::int as paid, (select count(*) from tickets)::int as tickets,
        (select count(*) from applied_events)::int as events`;
    const { rows } = await client.query<{ paid: number; tickets: number; events: number }>(query);
    const found = rows[0];
    if (found?.paid !== orders || found.tickets !== orders * 2 || found.events !== orders * 3) {
      throw new Error(`${orders} orders were reported paid, and Postgres has ${JSON.stringify(found)}`);
    }
  } finally {
    await client.end();
  }
}

export const records: readonly Study[] = [events, outage];

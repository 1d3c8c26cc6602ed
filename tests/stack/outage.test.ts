/** Postgres goes away in the middle of a sale: selling goes on, nothing is lost, and the records catch up by themselves. */
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readSecrets } from "../../dev/secrets.ts";
import { Buyer, type Order } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";

/** The consumer puts messages back for up to a minute, the outbox for up to five. */
const CAUGHT_UP = { timeout: 400_000, interval: 500 };
const SOON = { timeout: 30_000, interval: 250 };

let house: House;
let show: Show;
/** A connection beside the records' database, from which they can be shut and opened. */
let beside: pg.Client;

beforeAll(async () => {
  house = await startHouse({ demoData: false });
  show = await house.open({ title: "정전 중에도", rows: 2, columns: 5 });
  const url = new URL(house.where.databaseUrl);
  url.pathname = "/postgres";
  beside = new pg.Client({ connectionString: url.href });
  await beside.connect();
}, 180_000);

afterAll(async () => {
  await beside?.end();
  await house?.close();
});

/** Nobody is let in any more, and who is in is thrown out, but for the test's own connection. */
async function shut(): Promise<void> {
  const { rows } = await house.sql.query<{ pid: number }>("select pg_backend_pid() as pid");
  await beside.query("alter database ticketping allow_connections false");
  await beside.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'ticketping' and pid <> $1",
    [rows[0]?.pid],
  );
}

async function metric(name: string): Promise<number> {
  const headers = { authorization: `Bearer ${readSecrets().METRICS_TOKEN}` };
  const text = await (await fetch(new URL("/metrics", house.where.origin), { headers })).text();
  const line = text.split("\n").find((one) => one.startsWith(name) && (one.includes(show.id) || !one.includes("{")));
  return Number(line?.split(" ").at(-1));
}

it("sells, takes money and gives it back without Postgres, and writes all of it down afterwards", async () => {
  const buyers = [];
  for (let number = 0; number < 4; number += 1) buyers.push(await Buyer.inside(house, show));
  // Scraped before, as it always is: the list of sales is remembered.
  await expect.poll(() => metric("ticketping_outbox_events"), SOON).toBe(0);
  await shut();
  let orders: readonly Order[] = [];
  try {
    expect(await metric("ticketping_records_up")).toBe(0);
    orders = await Promise.all(buyers.map((buyer, index) => buyer.buy([`r1s${index + 1}`])));
    expect(orders.map(({ status }) => status)).toEqual(orders.map(() => "paid"));
    const [first] = buyers;
    await first?.cancel(orders[0]?.id ?? "");
    await expect.poll(async () => (await first?.read(orders[0]?.id ?? ""))?.status, SOON).toBe("cancelled");
    expect(await metric("ticketping_outbox_events")).toBeGreaterThanOrEqual(4 * orders.length);
    expect(await house.count("orders")).toBe(0);
    await expect(first?.orders()).rejects.toMatchObject({ status: 503, code: "records-unavailable" });
    // The room without scripts goes on as well; only what the show is called cannot be had.
    const room = await fetch(new URL(`/api/performances/${show.id}/room`, house.where.origin), {
      headers: { cookie: `tp_access=${first?.token}`, accept: "text/html", "accept-language": "en" },
    });
    const said = await room.text();
    expect([room.status, said]).toEqual([200, expect.stringContaining("Your time is over.")]);
    expect(said).not.toContain(show.title);
  } finally {
    await beside.query("alter database ticketping allow_connections true");
  }
  await expect.poll(() => metric("ticketping_outbox_events"), CAUGHT_UP).toBe(0);
  const [back, ...kept] = orders;
  for (const { id, amount } of kept) {
    expect(await house.recordOf(id)).toMatchObject({ status: "paid", sold: 1, tickets: 1, money: amount, balance: 0 });
  }
  expect(await house.recordOf(back?.id ?? "")).toMatchObject({ status: "cancelled", sold: 0, tickets: 0, money: 0 });
  expect(await house.count("quarantined_events")).toBe(0);
  // How late they were is a figure.
  expect(await metric("ticketping_records_lag_seconds_sum")).toBeGreaterThan(0);
  expect(await metric("ticketping_outbox_age_seconds")).toBe(0);
});

/**
 * Postgres is stopped for longer than the event queue has tries, while a sale goes on. The server, the consumer, the object's
 * rules and its outbox are the real ones; the minutes between the tries are a clock's that the test moves, so that a quarter of
 * an hour of failing takes seconds. That selling itself needs no Postgres is tested on workerd (outage.test.ts).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { ListeningServer } from "../../dev/http-server.ts";
import { migrate } from "../../dev/migrate.ts";
import { startNeonEndpoint } from "../../dev/neon-endpoint.ts";
import { letThrough } from "../../dev/passage.ts";
import { startPostgres, type RunningPostgres } from "../../dev/postgres.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import type { EventEnvelope } from "../../durable-objects/performance/events.ts";
import { pageOfOrders } from "../../durable-objects/performance/storage/pages.ts";
import { compareRecords } from "../../workers/reconciler/compare.ts";
import { withRecords } from "../../workers/records/database.ts";
import { listDeadLetters, replayDeadLetters } from "../../workers/records/dead-letters.ts";
import { readRecorded } from "../../workers/records/reconciling.ts";
import { sell } from "../rules/purchases.ts";
import { PERFORMANCE_ID, publishRequest } from "../simulation/charts.ts";
import { SimulatedObject } from "../simulation/object.ts";
import { ClockedQueue } from "./clocked-queue.ts";
import { Delivery, retryWithin, type Tried } from "./delivery.ts";
import { freePort } from "./ports.ts";

const SECOND = 1_000;
const STEP_SECONDS = 5;
const OUTAGE_SECONDS = 1_000;
const SOLD_EVERY_SECONDS = 20;
const SALES = OUTAGE_SECONDS / SOLD_EVERY_SECONDS;
/** The outbox pauses for five minutes at most, the consumer for one. */
const CATCH_UP_SECONDS = 420;
/** Every such event meets isolates that die, until somebody has deployed what is sound. */
const DEADLY = 37;

let folder: string;
let port: number;
let postgres: RunningPostgres;
let endpoint: ListeningServer;
let settings: { readonly DATABASE_URL: string; readonly NEON_HTTP_ENDPOINT: string };

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "ticketping-long-outage-"));
  if (process.getuid?.() === 0) letThrough(folder);
  port = await freePort();
  await start();
  await migrate(postgres.url);
  endpoint = await startNeonEndpoint({ databaseUrl: postgres.url, port: 0 });
  settings = { DATABASE_URL: postgres.url, NEON_HTTP_ENDPOINT: endpoint.url };
  for (const name of ["log", "warn", "error"] as const) vi.spyOn(console, name).mockReturnValue();
}, 120_000);

afterAll(async () => {
  vi.restoreAllMocks();
  await endpoint?.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  postgres = await startPostgres({ folder: path.join(folder, "postgres"), port });
}

it("Postgres stopped for a quarter of an hour: everything sold meanwhile is written down once, and the lag is a figure", async () => {
  const sale = new Sale();
  await sale.enter();
  await postgres.stop();
  const lags: number[] = [];
  for (let number = 0; number < SALES; number += 1) {
    sell(sale.object, number, sale.now);
    await sale.pass(SOLD_EVERY_SECONDS, { away: true });
    lags.push(sale.lagSeconds);
    expect(sale.depth).toBeGreaterThanOrEqual(4 * (number + 1));
  }
  const paid = Array.from(sale.object.orders.values());
  expect(paid.map(({ status }) => status)).toEqual(paid.map(() => "paid"));
  expect(paid).toHaveLength(SALES);
  // What `ticketping_outbox_age_seconds` says rises with every sale, up to the whole of the outage.
  expect(lags).toEqual(lags.toSorted((a, b) => a - b));
  expect(lags.at(-1)).toBe(OUTAGE_SECONDS);
  // It was long enough for messages to be let go by the consumer, and to become dead letters under isolates that die.
  expect(sale.queue.met).toMatchObject({ mostTries: 15 });
  expect(sale.queue.met.letGo).toBeGreaterThan(0);
  const dead = sale.queue.dead.splice(0);
  expect(dead.length).toBeGreaterThan(0);
  expect(await new Delivery(settings).deliverDead(...dead)).toEqual(dead.map(() => retryWithin(60)));

  await start();
  expect(new Set(await new Delivery(settings).deliverDead(...dead))).toEqual(new Set(["acked"]));
  await sale.pass(CATCH_UP_SECONDS, { away: false });
  expect([sale.depth, sale.lagSeconds]).toEqual([0, 0]);
  expect(await sale.drifts()).toEqual([]);
  const before = await sale.rows();
  expect(before).toMatchObject({
    orders: SALES,
    sold: SALES,
    tickets: SALES,
    entries: 2 * SALES,
    told: SALES,
    owed: 0,
  });

  // The documented way for dead letters: what the outbox has brought meanwhile is applied no second time.
  const sent: unknown[] = [];
  const events = { send: (body: unknown) => Promise.resolve(void sent.push(body)) };
  // The outbox had sent them again and again: each is written down once.
  const letters = new Set(dead.map((body) => (body as EventEnvelope).seq)).size;
  expect(await replayDeadLetters({ ...settings, EVENTS: events } as never, null)).toBe(letters);
  sale.queue.send(sent, sale.now);
  await sale.pass(STEP_SECONDS, { away: false });
  const states = await withRecords(settings, listDeadLetters);
  expect(states.map(({ state }) => state)).toEqual(Array.from({ length: letters }, () => "applied"));
  expect(await sale.drifts()).toEqual([]);
  expect(await sale.rows()).toEqual(before);
});

class Sale {
  now = Date.UTC(2026, 10, 22);
  readonly queue = new ClockedQueue();
  readonly object = new SimulatedObject(PERFORMANCE_ID, () => this.now);

  constructor() {
    this.object.publish(publishRequest({}, gridChart(10, 5)));
  }

  get depth(): number {
    return this.object.outbox.depth;
  }

  get lagSeconds(): number {
    const oldestAt = this.object.outbox.oldestAt();
    return oldestAt === null ? 0 : (this.now - oldestAt) / SECOND;
  }

  /** Into the catalogue. */
  async enter(): Promise<void> {
    await this.#sql(
      "insert into members (id, email, email_key, nickname, password_hash) values ($1, 'o', 'o', 'o', 'none')",
    );
    await this.#sql("insert into organisations (id, name, created_by) values ($1, 'o', $1)");
    await this.#sql("insert into performances (id, owner, organisation_id, title) values ($1, $1, $1, '햄릿')");
  }

  /** So many seconds: the outbox sends what is due, the queue hands over, the consumer's report comes back. */
  async pass(seconds: number, { away }: { readonly away: boolean }): Promise<void> {
    for (let passed = 0; passed < seconds; passed += STEP_SECONDS) {
      const { outbox } = this.object;
      for (let events = outbox.take(this.now); events.length > 0; events = outbox.take(this.now))
        this.queue.send(events, this.now);
      const dies = (body: unknown): boolean => away && (body as EventEnvelope).seq % DEADLY === 0;
      await this.queue.deliver(this.now, (messages) => this.#hand(messages), { dies, applied: !away });
      this.now += STEP_SECONDS * SECOND;
    }
  }

  /** Each batch in an isolate of its own, whose breaker knows nothing yet: every try asks the server. */
  async #hand(messages: readonly Tried[]) {
    const isolate = new Delivery(settings);
    const ends = await isolate.deliverAgain(...messages);
    this.object.outbox.applied(isolate.reported.get(PERFORMANCE_ID) ?? []);
    return ends;
  }

  /** Object and records, compared as the reconciler compares them. */
  async drifts(): Promise<unknown> {
    const { storage, state, outbox } = this.object;
    const page = pageOfOrders(storage.sql, state, "", 2 * SALES, outbox.oldestAt());
    const all = { after: "", upTo: null };
    return compareRecords(page, await withRecords(settings, (db) => readRecorded(db, PERFORMANCE_ID, all)), true);
  }

  rows(): Promise<unknown> {
    return this.#sql(
      `select (select count(*)::int from orders where performance_id = $1 and status = 'paid') as orders,
        (select count(*)::int from order_seats where status = 'sold') as sold,
        (select count(*)::int from tickets where status = 'valid') as tickets,
        (select count(*)::int from ledger_entries) as entries,
        (select coalesce(sum(debit - credit), 0)::int from ledger_entries) as owed,
        (select count(*)::int from notices where kind = 'order-confirmed' and channel = 'mail') as told`,
    );
  }

  async #sql(statement: string): Promise<unknown> {
    const client = new pg.Client({ connectionString: settings.DATABASE_URL });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(statement, [PERFORMANCE_ID])).rows[0];
    } finally {
      await client.end();
    }
  }
}

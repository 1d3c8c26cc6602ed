/** What events become in Postgres, however often, in whatever order and company they arrive. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventEnvelope } from "../../durable-objects/performance/events.ts";
import type { Environment } from "../../workers/environment.ts";
import { withRecords } from "../../workers/records/database.ts";
import { listDeadLetters, replayDeadLetters } from "../../workers/records/dead-letters.ts";
import { Delivery, retryWithin } from "./delivery.ts";
import { startEdge, type Edge } from "./edge.ts";
import { History } from "./history.ts";

const tables = [
  "applied_events",
  "audit_log",
  "ledger_entries",
  "order_seats",
  "orders",
  "payments",
  "refunds",
  "tickets",
];
const all = [...tables, "performances", "quarantined_events", "members"];

let edge: Edge;
let delivery: Delivery;
let history: History;

beforeAll(async () => {
  edge = await startEdge();
  // The consumer writes a line about everything it sets aside or parks.
  vi.spyOn(console, "warn").mockReturnValue();
  vi.spyOn(console, "error").mockReturnValue();
  vi.spyOn(console, "log").mockReturnValue();
}, 90_000);

afterAll(async () => {
  vi.restoreAllMocks();
  await edge?.close();
});

/** The audit log refuses to be emptied: only a superuser who says so may. */
async function empty(names: readonly string[]): Promise<void> {
  await edge.sql.query("set session_replication_role = replica");
  await edge.sql.query(`truncate ${names.join(", ")}, audit_chain cascade`);
  await edge.sql.query("set session_replication_role = origin");
}

beforeEach(async () => {
  await empty(all);
  delivery = new Delivery(edge.env);
  history = new History();
  await edge.sql.query(
    "insert into members (id, email, email_key, nickname, password_hash) values ($1, 'o', 'o', 'o', 'none')",
    [history.scheduleId],
  );
  await edge.sql.query("insert into organisations (id, name, created_by) values ($1, 'o', $1)", [history.scheduleId]);
  await edge.sql.query("insert into performances (id, owner, organisation_id, title) values ($1, $2, $2, '햄릿')", [
    history.performanceId,
    history.scheduleId,
  ]);
});

describe("an event", () => {
  it("delivered three times, twice of them in one batch, changes Postgres once", async () => {
    const events = aWholeSale(history);
    expect(await delivery.deliver(...events)).toEqual(events.map(() => "acked"));
    const once = await contents();
    expect(await delivery.deliver(...events, ...events)).toEqual([...events, ...events].map(() => "acked"));
    expect(await contents()).toEqual(once);
    expect(new Set(delivery.reported.get(history.performanceId))).toEqual(new Set(events.map(({ seq }) => seq)));

    const fresh = new History();
    const acted = fresh.operate("pause");
    await delivery.deliver(acted, acted, acted);
    expect(await count("audit_log where performance_id = $1", fresh.performanceId)).toBe(1);
  });

  it("that arrives after a newer one of the same order changes nothing any more", async () => {
    const order = history.pay(history.place("A-1"));
    await delivery.deliver(history.of(order, 3));
    const newest = await rowsOf("orders", "order_seats", "payments", "tickets", "ledger_entries");
    expect(newest["orders"]).toMatchObject([{ version: 3, status: "paid" }]);
    expect(newest["order_seats"]).toMatchObject([{ status: "sold" }]);
    expect(await delivery.deliver(history.of(order, 2), history.of(order, 1))).toEqual(["acked", "acked"]);
    expect(await rowsOf("orders", "order_seats", "payments", "tickets", "ledger_entries")).toEqual(newest);
    expect(await count("applied_events")).toBe(3);
    expect(delivery.reported.get(history.performanceId)?.toSorted()).toEqual([1, 2, 3]);
  });

  it("is a line in the log: numbers and how late it was, and nothing of what it says", async () => {
    const log = vi.mocked(console.log);
    log.mockClear();
    const order = history.pay(history.place("A-1"));
    await delivery.deliver(...history.events);
    const lines = log.mock.calls.map(([line]) => String(line));
    const { performanceId } = history;
    expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual({
      ...{ level: "info", at: "records", message: "applied", performanceId },
      ...{ events: 3, from: 1, to: 3, ms: expect.any(Number) as number, commandIds: [] },
    });
    for (const secret of [order.member, order.id, "A-1", "key-"]) expect(lines.join("")).not.toContain(secret);
  });

  it("about a performance moves its entry forwards only", async () => {
    const [first, second, third] = [
      history.change(1, "scheduled"),
      history.change(2, "open"),
      history.change(3, "paused"),
    ];
    await delivery.deliver(second);
    await delivery.deliver(first);
    expect(await entry()).toEqual({ state_version: 2, phase: "open", capacity: 2, notice: "version 2" });
    await delivery.deliver(third, first, second);
    expect(await entry()).toEqual({ state_version: 3, phase: "paused", capacity: 3, notice: "version 3" });
  });

  it("of whatever history ends in the same rows in every order of arrival, with repetitions", async () => {
    const events = aWholeSale(history);
    await deliverUntilAcked(events.map((event) => [event]));
    const inOrder = await contents();
    expect(inOrder["orders"]).toHaveLength(3);
    for (let seed = 1; seed <= 12; seed++) {
      await empty(tables);
      await edge.sql.query(
        "update performances set state_version = 0, phase = 'unpublished', capacity = null, notice = null",
      );
      const random = generator(seed);
      await deliverUntilAcked(batches(shuffled([...events, ...events.filter(() => random() < 0.3)], random), random));
      expect({ seed, ...(await contents()) }).toEqual({ seed, ...inOrder });
    }
  });
});

describe("money", () => {
  it("is booked in pairs that balance, is never booked twice, and goes back to nothing when it is returned", async () => {
    const kept = history.pay(history.place("A-1", "A-2"));
    const returned = history.cancel(history.pay(history.place("A-3")));
    await delivery.deliver(...history.events);
    await delivery.deliver(...history.events.toReversed());
    const { rows } = await edge.sql.query<{ account: string; sum: string }>(
      "select account, sum(debit - credit) as sum from ledger_entries group by account order by account",
    );
    const sales = `sales:${history.performanceId}`;
    expect(rows.map(({ account, sum }) => [account, Number(sum)])).toEqual([
      ["provider:toss", kept.amount],
      [sales, -kept.amount],
    ]);
    const unbalanced = "(select 1 from ledger_entries group by transaction_ref having sum(debit) <> sum(credit)) as t";
    expect(await count(unbalanced)).toBe(0);
    expect(await count("ledger_entries where order_id = $1", returned.id)).toBe(4);
    expect(await count("ledger_entries where order_id = $1", kept.id)).toBe(2);
    expect(await count("tickets where status = 'valid'")).toBe(2);
    expect(await count("tickets where status = 'cancelled'")).toBe(1);
  });
});

describe("a message that cannot be applied", () => {
  it("is set aside whole, and stops none of the others in its batch", async () => {
    const orders = Array.from({ length: 7 }, (_, n) => history.place(`B-${n}`));
    // Nothing Postgres can keep: the fourth order's event passes every check before it.
    const poison = structuredClone(history.of(orders[3] ?? history.place("B-9"), 1));
    if (poison.event.type === "order-changed") Object.assign(poison.event.order, { hallName: "a\u0000b" });
    const garbage = { performanceId: history.performanceId, seq: 99, event: { type: "unheard-of" } };
    const batch = history.events.map((event) => (event.seq === poison.seq ? poison : event));
    expect(await delivery.deliver(...batch, garbage, "not even an object")).toEqual(
      Array.from({ length: 9 }, () => "acked"),
    );
    expect(await count("orders")).toBe(6);
    expect(await count("applied_events")).toBe(6);
    const { rows } = await edge.sql.query<{ seq: number | null; body: unknown; reason: string }>(
      "select seq, body, reason from quarantined_events order by seq nulls last",
    );
    expect(rows.map(({ seq }) => seq)).toEqual([poison.seq, 99, null]);
    expect(rows[0]?.body).toEqual({ unstorable: JSON.stringify(poison) });
    expect(rows.slice(1).map(({ body }) => body)).toEqual([garbage, "not even an object"]);
    expect(rows[1]?.reason).toContain("unreadable");
    // Taken over, so that the object stops sending what would never be applied.
    expect(delivery.reported.get(history.performanceId)?.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 99]);
    await delivery.deliver(poison, garbage, "not even an object");
    expect(await count("quarantined_events")).toBe(3);
  });

  it("because its seat is sold waits until the cancellation before it has arrived", async () => {
    const first = history.pay(history.place("C-1"));
    await delivery.deliver(...history.events);
    const cancelled = history.cancel(first);
    const second = history.pay(history.place("C-1"));
    const other = history.place("C-2");
    expect(await delivery.deliver(history.of(other, 1), history.of(second, 3))).toEqual(["acked", retryWithin(10)]);
    expect(await count("orders where id = $1", other.id)).toBe(1);
    expect(await count("order_seats where seat_id = 'C-1' and status = 'sold' and order_id = $1", first.id)).toBe(1);
    expect(delivery.reported.get(history.performanceId)).not.toContain(history.of(second, 3).seq);
    expect(await delivery.deliver(history.of(cancelled, 5))).toEqual(["acked"]);
    expect(await delivery.deliver(history.of(second, 3))).toEqual(["acked"]);
    const { rows } = await edge.sql.query("select order_id from order_seats where seat_id = 'C-1' and status = 'sold'");
    expect(rows).toEqual([{ order_id: second.id }]);
    expect(await count("quarantined_events")).toBe(0);
  });

  it("is applied when its cause is gone and somebody sends it again", async () => {
    history.pay(history.place("E-1"));
    // A cause as it happens: a constraint of a migration that went too far.
    await edge.sql.query("alter table orders add constraint too_far check (amount < 0)");
    await delivery.deliver(...history.events);
    expect(await count("quarantined_events where replayed_at is null")).toBe(3);
    const send = (body: unknown): Promise<void> => Promise.resolve(void sent.push(body));
    const sent: unknown[] = [];
    const env = { ...edge.env, EVENTS: { send } } as unknown as Environment;
    expect(await replayDeadLetters(env, null)).toBe(3);
    expect(await replayDeadLetters(env, null)).toBe(0);
    // Too early: it is set aside again, and waits again.
    await delivery.deliver(...sent);
    expect(await count("quarantined_events where replayed_at is null")).toBe(3);
    await edge.sql.query("alter table orders drop constraint too_far");
    sent.length = 0;
    expect(await replayDeadLetters(env, null)).toBe(3);
    await delivery.deliver(...sent);
    expect(await count("orders where status = 'paid'")).toBe(1);
    expect(await count("tickets")).toBe(1);
    const letters = await withRecords(env, listDeadLetters);
    expect(letters.map(({ state }) => state)).toEqual(["applied", "applied", "applied"]);
  });

  it("and ends as a dead letter is written down once, whatever it is", async () => {
    const event = history.operate("close");
    for (let time = 0; time < 3; time++) {
      expect(await delivery.deliverDead(event, { broken: true }, "a\u0000b")).toEqual(["acked", "acked", "acked"]);
    }
    const { rows } = await edge.sql.query(
      "select performance_id, seq, reason from quarantined_events order by seq nulls last",
    );
    const nameless = { performance_id: null, seq: null, reason: "dead letter" };
    expect(rows).toEqual([
      { performance_id: history.performanceId, seq: 1, reason: "dead letter" },
      nameless,
      nameless,
    ]);
    expect(await count("audit_log")).toBe(0);
  });
});

describe("without Postgres", () => {
  it("everything is kept for later, and nothing is reported", async () => {
    const events = aWholeSale(history);
    await edge.stopPostgres();
    const ends = await delivery.deliver(...events);
    expect(ends).toEqual(events.map(() => retryWithin(2)));
    expect(await delivery.deliverDead(events[0])).toEqual([retryWithin(60)]);
    expect(delivery.reported.size).toBe(0);
  });
});

/** A seat sold, given back and sold again; another order that is still open; operators at work. */
function aWholeSale(of: History): readonly EventEnvelope[] {
  of.change(1, "scheduled");
  of.change(2, "open");
  of.cancel(of.pay(of.place("A-1", "A-2")));
  of.operate("pause");
  of.change(3, "paused");
  of.pay(of.place("A-1"));
  of.operate("resume");
  of.place("A-2");
  return of.events;
}

/** Sends what was not acknowledged again, as the queue does, until there is nothing left. */
async function deliverUntilAcked(groups: readonly (readonly EventEnvelope[])[]): Promise<void> {
  let left = groups;
  for (let round = 0; left.length > 0; round++) {
    if (round === 20) throw new Error("some messages are never acknowledged");
    const again: EventEnvelope[][] = [];
    for (const group of left) {
      const ends = await delivery.deliver(...group);
      const missed = group.filter((_, index) => ends[index] !== "acked");
      if (missed.length > 0) again.push(missed);
    }
    left = again;
  }
}

function batches(events: readonly EventEnvelope[], random: () => number): EventEnvelope[][] {
  const groups: EventEnvelope[][] = [];
  for (let from = 0; from < events.length;) {
    const size = 1 + Math.floor(random() * 5);
    groups.push(events.slice(from, from + size));
    from += size;
  }
  return groups;
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** A small generator (mulberry32), so that a seed that fails can be run again. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Everything events write, without the times at which Postgres wrote it and the order of insertion. */
async function contents(): Promise<Readonly<Record<string, unknown>>> {
  return { ...(await rowsOf(...tables)), entry: await entry() };
}

/** What a row is by chance: times, and the code of a ticket, which is drawn for each. */
async function rowsOf(...names: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const { rows } = await edge.sql.query<{ row: unknown }>(
      `select to_jsonb(t) - 'created_at' - 'updated_at' - 'applied_at' - 'code' - case when '${name}' = 'audit_log' then 'id' else '' end as row
       from ${name} as t order by 1`,
    );
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}

async function entry(): Promise<unknown> {
  const { rows } = await edge.sql.query("select state_version, phase, capacity, notice from performances");
  return rows[0];
}

async function count(statement: string, ...values: readonly unknown[]): Promise<number> {
  const { rows } = await edge.sql.query<{ n: string }>(`select count(*) as n from ${statement}`, [...values]);
  return Number(rows[0]?.n);
}

/** Orders as the records keep them, against a real Postgres. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import type { Position } from "../../workers/records/cursor.ts";
import { readCursor } from "../../workers/records/cursor.ts";
import { withRecords } from "../../workers/records/database.ts";
import { orderNumber } from "../../durable-objects/performance/order-number.ts";
import { searchPurchases } from "../../workers/records/purchases.ts";
import { exportOrders, listOrders, readOrder } from "../../workers/records/orders.ts";

let edge: Edge;

beforeAll(async () => {
  edge = await startEdge();
}, 90_000);

afterAll(() => edge.close());

describe("the database", () => {
  it("refuses a second sale of a seat", async () => {
    const order = `insert into orders (id, performance_id, version, member_id, schedule_id, status, amount, currency, placed_at, pay_by, snapshot)
      values ($1, gen_random_uuid(), 1, gen_random_uuid(), gen_random_uuid(), 'paid', 1, 'KRW', now(), now(), '{}')`;
    const seatSold = `insert into order_seats (order_id, schedule_id, seat_id, section, row, label, grade, price, status)
      values ($1, '00000000-0000-4000-8000-000000000001', 'A-1', 'A', '1', '1', 'R', 1, $2)`;
    for (const orderId of ["o1", "o2", "o3"]) await edge.sql.query(order, [orderId]);
    await edge.sql.query(seatSold, ["o1", "sold"]);
    await edge.sql.query(seatSold, ["o2", "reserved"]);
    await expect(edge.sql.query(seatSold, ["o3", "sold"])).rejects.toMatchObject({
      code: "23505",
      constraint: "order_seats_sold_once",
    });
  });
});

describe("order numbers", () => {
  it("are in Postgres what they are everywhere else, and find their order, with others of the same buyer or without", async () => {
    const performance = crypto.randomUUID();
    const made = Array.from(
      { length: 200 },
      (_, n) => `${performance.replaceAll("-", "")}-${String(n).padStart(24, "0")}`,
    );
    const text = (id: string): string => JSON.stringify({ id, currency: "KRW", attempts: [], refunds: [] });
    await edge.sql.query(
      `insert into orders (id, performance_id, version, member_id, schedule_id, status, amount, currency, placed_at, pay_by, snapshot)
       select e.id, $1, 1, gen_random_uuid(), gen_random_uuid(), 'paid', 1, 'KRW', now(), now(), e.snapshot::jsonb
       from unnest($2::text[], $3::text[]) as e(id, snapshot)`,
      [performance, made, made.map(text)],
    );
    const { rows } = await edge.sql.query<{ id: string; number: string }>(
      "select id, number from orders where performance_id = $1",
      [performance],
    );
    expect(rows.map(({ id, number }) => [id, number])).toEqual(rows.map(({ id }) => [id, orderNumber(id)]));
    const find = async (words: string) => {
      const page = await withRecords(edge.env, (db) => searchPurchases(db, performance, words, null, 50));
      return page.items.map(({ order }) => order.id);
    };
    const [first = "", second = ""] = made;
    expect(await find(orderNumber(first))).toEqual([first]);
    expect(await find(orderNumber(second).toLowerCase().replaceAll("-", ""))).toEqual([second]);
    expect(await find(second)).toEqual([second]);
    const number = orderNumber(first);
    expect(await find(`${number.slice(0, -1)}${number.endsWith("7") ? "8" : "7"}`)).toEqual([]);
  });
});

describe("lists of orders", () => {
  const member = "00000000-0000-4000-8000-00000000000a";
  const performance = "00000000-0000-4000-8000-00000000000b";
  const ids = Array.from({ length: 7 }, (_, n) => `order-${n}`);

  beforeAll(async () => {
    // All in the same millisecond but the first: only the id tells them apart.
    for (const [n, id] of ids.entries()) {
      await edge.sql.query(
        `insert into orders (id, performance_id, version, member_id, schedule_id, status, amount, currency, placed_at, pay_by, snapshot)
         values ($1, $2, 1, $3, gen_random_uuid(), 'paid', 1, 'KRW', $4, now(), $5)`,
        [
          id,
          performance,
          member,
          new Date(n === 0 ? 1 : 2),
          JSON.stringify({ id, currency: "KRW", attempts: [], refunds: [] }),
        ],
      );
    }
  });

  it("give a member every order once, the newest first, page by page", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const after: Position | null = readCursor(cursor ?? undefined);
      const page = await withRecords(edge.env, (db) => listOrders(db, member, after, 2));
      seen.push(...page.items.map((order) => order.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(ids.toReversed());
  });

  it("give an export every order once, the oldest first", async () => {
    const seen: string[] = [];
    let after: Position | null = null;
    do {
      const position: Position | null = after;
      const page: Awaited<ReturnType<typeof exportOrders>> = await withRecords(edge.env, (db) =>
        exportOrders(db, performance, position, 3),
      );
      seen.push(...page.items.map((order) => order.id));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual(ids);
  });

  it("let single ones be read, also those written before anything could be given back or moved", async () => {
    const early = { id: "order-3", cancellations: [], moved: null };
    expect(await withRecords(edge.env, (db) => readOrder(db, "order-3"))).toMatchObject(early);
    expect(await withRecords(edge.env, (db) => readOrder(db, "nothing"))).toBeNull();
  });

  it("pass on what Postgres says about a statement", async () => {
    await expect(withRecords(edge.env, (db) => db.execute("select 1/0"))).rejects.toMatchObject({
      cause: { code: "22012" },
    });
  });
});

/** An object that was lost, built again from what the records have of it, in the real storage code. */
import { beforeEach, describe, expect, test } from "vitest";
import { entryBytes } from "../../durable-objects/performance/admission/entry.ts";
import type { Order } from "../../durable-objects/performance/contract.ts";
import type { QueueSegment, SaleCopy } from "../../durable-objects/performance/copy-contract.ts";
import { copySegment, takeCopy } from "../../durable-objects/performance/storage/copy.ts";
import {
  addDate,
  addOrders,
  addSegments,
  beginFromNothing,
  beginFromStorage,
  behindRecords,
  EVENTS_SKIPPED,
  finish,
} from "../../durable-objects/performance/storage/rebuild.ts";
import { rows, run, text } from "../../durable-objects/performance/storage/sql.ts";
import { lifeOf } from "../../durable-objects/performance/storage/life.ts";
import { readEntryKey, writeEntryKey } from "../../durable-objects/performance/storage/rest.ts";
import { SEAT } from "../../durable-objects/performance/seats/board.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import { PERFORMANCE_ID, schedulePlan, SCHEDULE_ID } from "../simulation/charts.ts";
import { SimulatedObject } from "../simulation/object.ts";
import { simulatedStorage } from "../simulation/sqlite.ts";
import { Customer, entry, member, Room, START } from "./room.ts";
import { PRICE, Sale } from "./transfer-sale.ts";

const chart = gridChart(10, 5);
let room: Room;

/** What the records have. */
interface Kept {
  copy: SaleCopy;
  segments: QueueSegment[];
  orders: Order[];
  eventsUpTo: number;
}

function kept(): Kept {
  const { sql } = room.object.storage;
  const copy = structuredClone(takeCopy(sql, room.object.state, null, room.now));
  if (copy === null) throw new Error("no copy");
  const segments: QueueSegment[] = [];
  for (
    let segment = copySegment(sql, "people", 0);
    segment !== null;
    segment = copySegment(sql, "people", segments.length)
  ) {
    segments.push(segment);
  }
  const orders = Array.from(room.object.storedOrders().values(), (body) => JSON.parse(body) as Order);
  return { copy, segments, orders, eventsUpTo: room.object.state.nextEvent - 1 };
}

/** The same object on a storage that has lost everything. */
function rebuilt(from: Kept): SimulatedObject | string {
  const object = new SimulatedObject(PERFORMANCE_ID, () => room.now);
  const storage = simulatedStorage();
  Object.assign(object, { storage });
  const { sql } = storage;
  storage.transaction(() =>
    beginFromNothing(sql, JSON.parse(JSON.stringify(from.copy.kept)), from.eventsUpTo, room.now, "5e".repeat(32)),
  );
  expect(lifeOf(sql)).toBe("rebuilding");
  storage.transaction(() => addDate(sql, schedulePlan(chart), room.now));
  storage.transaction(() => addSegments(sql, from.segments));
  storage.transaction(() => addOrders(sql, from.orders, room.now));
  try {
    storage.transaction(() => {
      const state = finish(sql, PERFORMANCE_ID, room.now);
      if ("why" in state) throw new Error(state.why);
      object.state = state;
    });
  } catch (error) {
    return (error as Error).message;
  }
  expect(lifeOf(sql)).toBe("live");
  object.restart();
  return object;
}

function live(from: Kept): SimulatedObject {
  const object = rebuilt(from);
  if (typeof object === "string") throw new Error(object);
  room.object.storage.close();
  Object.assign(room, { object });
  return object;
}

const statuses = (object: SimulatedObject): readonly number[] =>
  Array.from(object.state.boards.get(SCHEDULE_ID)?.status ?? []);

function pay(index: number, seat: string): string {
  const customer = new Customer(room, index);
  const order = customer.order(customer.hold(seat));
  customer.begin(order);
  customer.pay(order);
  return order;
}

beforeEach(() => {
  room = new Room({ capacity: 3, ratePerMinute: 1_000 });
  writeEntryKey(room.object.storage.sql, Buffer.from("ef".repeat(32), "hex"));
});

describe("an object that lost its storage", () => {
  test("has the same seats sold, to the same orders, and nobody else may have them", () => {
    const paid = pay(1, "r1s1");
    const open = new Customer(room, 2);
    const pending = open.order(open.hold("r1s2"));
    const before = statuses(room.object);
    const object = live(kept());
    expect(statuses(object)).toEqual(before);
    expect(object.state.ordersByStatus).toEqual(
      new Map([
        ["paid", 1],
        ["pending", 1],
      ]),
    );
    expect(object.storedOrders().has(paid)).toBe(true);
    room.operate({ do: "resume" });
    room.now += 61_000;
    const third = new Customer(room, 3);
    expect(third.tryHold("r1s1")).toMatchObject({ refusal: { code: "seats-taken" } });
    expect(third.tryHold("r1s2")).toMatchObject({ refusal: { code: "seats-taken" } });
    // The order that was open is paid as if nothing had been.
    open.begin(pending);
    expect(open.pay(pending)).toMatchObject({ ok: true, order: { status: "paid" } });
  });

  test("frees the seats of holds, and of orders that were over", () => {
    const customer = new Customer(room, 1);
    customer.hold("r1s1");
    const other = new Customer(room, 2);
    const order = other.order(other.hold("r2s1"));
    room.now += 481_000;
    room.object.execute([]);
    const from = kept();
    expect(from.orders).toMatchObject([{ id: order, status: "expired" }]);
    expect(new Set(statuses(live(from)))).toEqual(new Set([SEAT.free]));
  });

  test("gives everybody in the line their number back, and those who were inside come before all others", () => {
    for (let index = 1; index <= 6; index++) room.join(index);
    room.object.ask({ kind: "leave", entry: entry(5) });
    const numbers = [1, 2, 3, 4, 6].map((index) => room.standing(index).number);
    const object = live(kept());
    expect(readEntryKey(object.storage.sql)).toBe("ef".repeat(32));
    expect([1, 2, 3, 4, 6].map((index) => room.standing(index).number)).toEqual(numbers);
    expect(room.standing(1).state).toBe("passed-over");
    expect(room.standing(4).state).toBe("waiting");
    expect(room.standing(5).state).toBe("none");
    expect(object.state.phase).toBe("paused");
    room.operate({ do: "resume" });
    room.now += 61_000;
    object.execute([]);
    room.present(2, 3, 4, 6);
    // Three places: the two who were inside and are there, and the first who waited.
    expect([1, 2, 3, 4, 6].map((index) => room.standing(index).state)).toEqual([
      "passed-over",
      "admitted",
      "admitted",
      "admitted",
      "waiting",
    ]);
  });

  test("admits nobody in the first minute: how many came in before, nobody knows", () => {
    room.join(1);
    room.object.ask({ kind: "leave", entry: entry(1) });
    for (let index = 2; index <= 4; index++) room.join(index);
    const object = live(kept());
    room.operate({ do: "resume" });
    object.execute([]);
    room.now = Math.max(room.now, object.state.presenceUnknownUntil);
    room.present(2, 3, 4);
    expect(room.standing(2).state).toBe("passed-over");
    room.now += 60_000;
    room.present(2, 3, 4);
    expect(room.standing(2).state).toBe("admitted");
  });

  test("numbers its events beyond all that the lost one may have sent, without a gap from there on", () => {
    pay(1, "r1s1");
    const from = kept();
    const object = live(from);
    const first = object.state.nextEvent;
    expect(first).toBeGreaterThan(from.eventsUpTo + EVENTS_SKIPPED - 1);
    const reply = object.ask({ kind: "report-orders", scheduleId: SCHEDULE_ID, after: "" });
    expect(reply).toEqual({ ok: true, kind: "reported", orders: 1, next: null });
    const events = object.outbox.take(room.now);
    expect(events.map(({ seq }) => seq)).toEqual([first, first + 1]);
    expect(events.map(({ event }) => event.type)).toEqual(["performance-changed", "order-changed"]);
    const order = events[1]?.event;
    if (order?.type !== "order-changed") throw new Error("no order");
    expect(order.again).toBe(true);
    // Newer than whatever the lost one said of it last.
    expect(order.order.version).toBeGreaterThan((from.orders[0]?.version ?? 0) + 100);
  });

  test("has lost where the money of transfers goes back to, and asks its buyers again", () => {
    const sale = new Sale();
    ({ room } = sale);
    writeEntryKey(room.object.storage.sql, Buffer.from("ef".repeat(32), "hex"));
    sale.open();
    sale.deposit();
    sale.askProvider();
    sale.cancel({ account: "sealed for the provider" });
    expect(sale.order.refunds).toMatchObject([{ status: "requested", account: "given" }]);
    const { version } = sale.order;
    const from = kept();
    expect(JSON.stringify(from)).not.toContain("sealed for the provider");
    const object = live(from);
    expect(object.state.refundAccounts.size).toBe(0);
    expect(sale.order.refunds).toMatchObject([{ status: "requested", account: "needed" }]);
    expect(sale.order.version).toBeGreaterThan(version + 1_000);
    sale.askProvider();
    expect(sale.kept).toBe(PRICE);
    expect(sale.giveAccount("sealed again")).toMatchObject({ ok: true, task: { account: "sealed again" } });
    sale.askProvider();
    expect([sale.order.status, sale.kept]).toEqual(["cancelled", 0]);
  });

  test("is not built from records in which two orders have one seat, or a date is missing", () => {
    pay(1, "r1s1");
    const from = kept();
    const [order] = from.orders;
    if (order === undefined) throw new Error("no order");
    const twice = { ...order, id: order.id.replace(/.$/, "0"), holdNumber: 77, member: member(9) };
    expect(rebuilt({ ...from, orders: [order, twice] })).toContain("r1s1");
    const elsewhere = { ...order, scheduleId: order.scheduleId.replace(/.$/, "9") };
    expect(rebuilt({ ...from, orders: [elsewhere] })).toContain("is of no date");
  });

  test("keeps its order of the draw, and has no secret to lose before it", () => {
    room = new Room({ gatherAt: START, openAt: START + 120_000, capacity: 2 });
    writeEntryKey(room.object.storage.sql, Buffer.from("ef".repeat(32), "hex"));
    for (let index = 1; index <= 20; index++) room.join(index);
    const secret = room.object.state.draw?.secret ?? "";
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(kept())).not.toContain(secret);
    room.now = START + 120_000;
    room.object.execute([]);
    const from = kept();
    expect(from.copy.draw.drawn?.secret).toBe(secret);
    const places = Array.from({ length: 20 }, (_, index) => room.standing(index + 1).place);
    live(from);
    expect(Array.from({ length: 20 }, (_, index) => room.standing(index + 1).place)).toEqual(places);
    expect(rebuilt({ ...from, segments: [] })).toContain("sealed with 20 people");
  });

  test("that joins were lost of gives those people the next numbers", () => {
    for (let index = 1; index <= 4; index++) room.join(index);
    const from = kept();
    const [segment] = from.segments;
    if (segment === undefined) throw new Error("no segment");
    const object = live({ ...from, segments: [{ ...segment, entries: segment.entries.slice(0, 2 * 16) }] });
    expect(object.state.line.roster.size).toBe(2);
    room.operate({ do: "resume" });
    expect(object.ask({ kind: "join", entries: entryBytes(entry(4)) })).toMatchObject({ ok: true });
    expect(room.standing(4).number).toBe(2);
  });
});

describe("an object whose storage was taken back to an earlier moment", () => {
  test("takes over the orders that the records know better, and keeps those they do not know", () => {
    const early = new Customer(room, 1);
    const first = early.order(early.hold("r1s1"));
    const unknown = early.order(early.hold("r1s2"));
    const back = copied(room.object.storage);
    early.begin(first);
    early.pay(first);
    const later = pay(2, "r2s2");
    const records = kept();
    // The platform has given back the storage as it was before anybody paid.
    const { sql } = back;
    back.transaction(() => beginFromStorage(sql, records.eventsUpTo, room.now));
    expect(lifeOf(sql)).toBe("rebuilding");
    back.transaction(() =>
      addOrders(
        sql,
        records.orders.filter(({ id }) => id !== unknown),
        room.now,
      ),
    );
    back.transaction(() => expect(finish(sql, PERFORMANCE_ID, room.now)).not.toHaveProperty("why"));
    Object.assign(room.object, { storage: back });
    room.object.restart();
    const { state } = room.object;
    expect(Object.fromEntries(state.ordersByStatus)).toEqual({ paid: 2, pending: 1 });
    const board = state.boards.get(SCHEDULE_ID);
    const at = (seat: string): number | undefined => board?.status[board.position(seat) ?? -1];
    expect(["r1s1", "r1s2", "r2s2", "r3s1"].map(at)).toEqual([SEAT.sold, SEAT.held, SEAT.sold, SEAT.free]);
    expect(room.object.storedOrders().has(later)).toBe(true);
    expect(state.nextEvent).toBeGreaterThan(records.eventsUpTo + EVENTS_SKIPPED - 1);
    expect(state.phase).toBe("paused");
  });
});

describe("an object compared with the records", () => {
  const known = () => {
    const { orders, eventsUpTo } = kept();
    return { nextEvent: eventsUpTo + 1, dates: [SCHEDULE_ID], orders };
  };
  const behind = (change: Partial<ReturnType<typeof known>> = {}): string | null =>
    behindRecords(room.object.storage.sql, room.object.state, { ...known(), ...change });

  test("that has all they have, or more than they have heard of yet, lacks nothing", () => {
    const order = pay(1, "r1s1");
    expect(behind()).toBeNull();
    const heard = known();
    const sale = new Customer(room, 2);
    sale.order(sale.hold("r1s2"));
    expect(behind(heard)).toBeNull();
    expect(behind({ orders: heard.orders.map((one) => ({ ...one, version: one.version - 1 })) })).toBeNull();
    expect(room.object.storedOrders().has(order)).toBe(true);
  });

  test("that lacks an event, a date, an order or a version of one says which", () => {
    const order = pay(1, "r1s1");
    const { nextEvent, orders } = known();
    expect(behind({ nextEvent: nextEvent + 1 })).toBe(`event ${nextEvent} was never told by it`);
    expect(behind({ dates: [SCHEDULE_ID, "another"] })).toBe("it has no date another");
    const newer = orders.map((one) => ({ ...one, version: one.version + 1 }));
    expect(behind({ orders: newer })).toBe(`it has no version ${newer[0]?.version} of order ${order}`);
    expect(behind({ orders: [...orders, ...orders.map((one) => ({ ...one, id: "x" }))] })).toContain("of order x");
  });
});

describe("accounts to pay back to, when storage was taken back", () => {
  test("stay for money that is still owed, and go with money that has gone meanwhile", () => {
    const sale = new Sale();
    ({ room } = sale);
    sale.open();
    sale.deposit();
    sale.askProvider();
    sale.cancel({ account: "sealed" });
    const [owed, gone] = [copied(room.object.storage), copied(room.object.storage)];
    const before = Array.from(room.object.storedOrders().values(), (body) => JSON.parse(body) as Order);
    sale.askProvider();
    expect(sale.order.status).toBe("cancelled");
    const after = Array.from(room.object.storedOrders().values(), (body) => JSON.parse(body) as Order);
    for (const [back, orders, accounts] of [
      [owed, before, 1],
      [gone, after, 0],
    ] as const) {
      back.transaction(() => beginFromStorage(back.sql, room.object.state.nextEvent, room.now));
      back.transaction(() => addOrders(back.sql, orders, room.now));
      const state = back.transaction(() => finish(back.sql, PERFORMANCE_ID, room.now));
      if ("why" in state) throw new Error(state.why);
      expect(state.refundAccounts.size).toBe(accounts);
      expect(state.openOrders.size).toBe(accounts);
    }
  });
});

/** The platform's bookmark: all rows as they are now. */
function copied({ sql }: SimulatedObject["storage"]): SimulatedObject["storage"] {
  const copy = simulatedStorage();
  for (const table of rows(sql, "SELECT name, sql FROM sqlite_master WHERE type = 'table'")) {
    run(copy.sql, text(table, "sql"));
    for (const row of rows(sql, `SELECT * FROM ${text(table, "name")}`)) {
      const values = Object.values(row);
      run(copy.sql, `INSERT INTO ${text(table, "name")} VALUES (${values.map(() => "?").join(", ")})`, ...values);
    }
  }
  return copy;
}

/** Giving seats back: what it costs, what goes back, and when the seats can be had again. */
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { ordersDocument, ordersFile } from "../../dev/write-orders.ts";
import { entryBytes, entryOf } from "../../durable-objects/performance/admission/entry.ts";
import type {
  CancellationQuote,
  Order,
  PerformanceSettings,
  Reply,
} from "../../durable-objects/performance/contract.ts";
import { feeOf, KOREAN_LADDER, ruleFor } from "../../durable-objects/performance/order-policy.ts";
import { edges, next, type OrderEvent } from "../../durable-objects/performance/orders/machine.ts";
import { nextRelease } from "../../durable-objects/performance/orders/returns.ts";
import { Recovery } from "../../durable-objects/performance/orders/recovery.ts";
import { PERFORMANCE_ID, publishRequest, SCHEDULE_ID } from "../simulation/charts.ts";
import { SimulatedObject } from "../simulation/object.ts";

const KEY = "ab".repeat(32);
const DAY = 86_400_000;
const ann = "11111111-1111-4111-8111-111111111111";
const ben = "22222222-2222-4222-8222-222222222222";
/** Noon in Seoul; the show of publishRequest is on 1 January 2027, 19:00 there. */
const START = Date.UTC(2026, 10, 22, 3);
let now = START;
let object: SimulatedObject;

function open(settings: Partial<PerformanceSettings> = {}): void {
  now = START;
  object = new SimulatedObject(PERFORMANCE_ID, () => now);
  object.publish(publishRequest({ openAt: START - DAY, ...settings }));
}

beforeEach(() => open());

function orderOf(reply: Reply): Order {
  if (!reply.ok || !("order" in reply)) throw new Error(`no order: ${JSON.stringify(reply)}`);
  return reply.order;
}

const code = (reply: Reply): string => (reply.ok ? "ok" : reply.refusal.code);

function place(member: string, seats: readonly string[]): Order {
  const entry = entryOf(KEY, member);
  object.ask({ kind: "join", entries: entryBytes(entry) });
  object.ask({ kind: "enter", entry, member });
  const held = object.ask({
    kind: "hold",
    epoch: 0,
    entry,
    member,
    scheduleId: SCHEDULE_ID,
    seats,
    key: { id: `${member}|${seats.join()}|${now}`, hash: "" },
  });
  if (!held.ok || held.kind !== "hold") throw new Error(JSON.stringify(held));
  const key = { id: `${member}|o|${held.hold.id}`, hash: "" };
  return orderOf(object.ask({ kind: "place-order", epoch: 0, entry, member, holdId: held.hold.id, key }));
}

function confirming(member: string, seats: readonly string[]): Order {
  const { id, amount } = place(member, seats);
  const key = { id: `${id}|p`, hash: "" };
  object.ask({ kind: "begin-payment", member, orderId: id, provider: "toss", method: "CARD", key });
  return orderOf(
    object.ask({ kind: "confirm-payment", member, orderId: id, provider: "toss", paymentKey: "pk", amount }),
  );
}

function approve({ id, amount }: Order): Order {
  const outcome = { result: "approved", transaction: "t", amount, method: "카드", at: now, receiptUrl: null } as const;
  return orderOf(object.ask({ kind: "settle", orderId: id, attempt: 1, outcome }));
}

const paid = (member: string, seats: readonly string[]): Order => approve(confirming(member, seats));

const cancel = (order: Order, seats: readonly string[] | null = null, fee: number | null = null): Reply =>
  object.ask({ kind: "cancel-order", member: order.member, orderId: order.id, reason: "plans changed", seats, fee });

function quote(order: Order, seats: readonly string[] | null = null): CancellationQuote {
  const reply = object.ask({ kind: "quote-cancellation", member: order.member, orderId: order.id, seats });
  if (!reply.ok || reply.kind !== "quote") throw new Error(code(reply));
  return reply.quote;
}

function refunded(order: Order, number: number): Order {
  const amount = order.refunds.find((one) => one.number === number)?.amount ?? 0;
  const outcome = { result: "refunded", transaction: `r${number}`, amount, at: now } as const;
  return orderOf(object.ask({ kind: "settle-refund", orderId: order.id, refund: number, outcome }));
}

const seat = (position: number): number | undefined => object.state.boards.get(SCHEDULE_ID)?.status[position];

describe("the machine", () => {
  test("docs/orders.md is what npm run docs:orders would write", () => {
    expect(readFileSync(ordersFile, "utf8")).toBe(ordersDocument());
  });

  test("leads out of every status that is not an end, and into every status", () => {
    const reached = new Set<string>(["pending"]);
    for (const known of reached) {
      for (const { to } of Object.values(edges[known as Order["status"]])) reached.add(to);
    }
    expect([...reached].toSorted()).toEqual(Object.keys(edges).toSorted());
    const ends = Object.entries(edges).flatMap(([status, ways]) => (Object.keys(ways).length === 0 ? [status] : []));
    expect(ends.toSorted()).toEqual(["cancelled", "expired", "failed"]);
    for (const end of ends) {
      for (const event of ["approve", "cancel", "refund", "begin-payment"] satisfies OrderEvent[])
        expect(next(end as Order["status"], event)).toBeNull();
    }
  });
});

describe("what cancelling costs", () => {
  const startsAt = Date.UTC(2027, 0, 1, 10);
  const cost = (daysBefore: number, daysSince: number, price = 110_000): number | null => {
    const at = startsAt - daysBefore * DAY;
    const times = { placedAt: at - daysSince * DAY, startsAt, now: at, timeZone: "Asia/Seoul" };
    const rule = ruleFor(KOREAN_LADDER, times);
    return rule === null ? null : feeOf(rule, price);
  };

  test.each([
    [1, 0, 0],
    [10, 7, 0],
    [9, 7, 11_000],
    [10, 8, 4_000],
    [30, 20, 4_000],
    [9, 8, 11_000],
    [7, 8, 11_000],
    [6, 8, 22_000],
    [3, 8, 22_000],
    [2, 8, 33_000],
    [1, 8, 33_000],
    [0, 0, null],
  ])("%i days before the show and %i after the order: %s of 110,000 won", (before, since, fee) => {
    expect(cost(before, since)).toBe(fee);
  });

  test("a fixed fee is never more than its share, and shares are whole", () => {
    expect(cost(20, 10, 9_999)).toBe(999);
    expect(cost(2, 10, 333)).toBe(99);
  });

  test("days are those of the hall, not ours", () => {
    const rule = (hour: number) =>
      ruleFor(KOREAN_LADDER, {
        placedAt: startsAt - 60 * DAY,
        startsAt,
        now: Date.UTC(2026, 11, 31, hour),
        timeZone: "Asia/Seoul",
      });
    expect(rule(14)?.percent).toBe(30);
    expect(rule(15)).toBeNull();
  });

  test("is told before, and another fee than the one that was told is not taken", () => {
    const order = paid(ann, ["r1s1", "r1s2"]);
    expect(quote(order)).toMatchObject({ amount: 220_000, fee: 0, refund: 220_000, because: "policy" });
    now += 9 * DAY;
    expect(quote(order, ["r1s1"])).toMatchObject({ amount: 110_000, fee: 4_000, refund: 106_000 });
    expect(cancel(order, null, 0)).toEqual({ ok: false, refusal: { code: "fee-changed", evidence: { fee: 8_000 } } });
    expect(orderOf(cancel(order, null, 8_000)).refunds).toMatchObject([{ amount: 212_000 }]);
  });

  test("is the order's own policy, whatever the organiser says later", () => {
    const order = paid(ann, ["r1s1"]);
    const never = publishRequest({ openAt: START - DAY, cancellation: { rules: [] } });
    object.publish(never);
    expect(quote(order).fee).toBe(0);
    expect(code(cancel(paid(ben, ["r1s2"])))).toBe("cancellation-closed");
  });

  test("on the day of the show it is too late", () => {
    const order = paid(ann, ["r1s1"]);
    now = Date.UTC(2027, 0, 1, 1);
    expect(code(cancel(order))).toBe("cancellation-closed");
    expect(seat(0)).toBe(5);
  });
});

describe("some of an order's seats", () => {
  test("go back once, with their own money, and the rest stay sold", () => {
    const order = paid(ann, ["r1s1", "r1s2", "r1s3"]);
    const first = orderOf(cancel(order, ["r1s2"]));
    expect(first).toMatchObject({ status: "paid", refunds: [{ amount: 110_000, status: "requested" }] });
    expect(cancel(order, ["r1s2"])).toMatchObject({ ok: true, task: { refund: 1, amount: 110_000 } });
    expect(seat(1)).toBe(5);
    object.restart();
    expect(refunded(first, 1).status).toBe("paid");
    expect([seat(0), seat(1), seat(2)]).toEqual([5, 0, 5]);
    expect(object.state.seatsOfMember.get(ann)).toBe(2);
    expect(refunded(first, 1).version).toBe(first.version + 1);
    expect(code(cancel(order, ["r1s2", "r1s3"]))).toBe("order-not-cancellable");
    expect(code(cancel(order, ["r9s9"]))).toBe("order-not-cancellable");
    object.restart();
    expect(object.state.seatsOfMember.get(ann)).toBe(2);
    const last = orderOf(cancel(order));
    expect(last).toMatchObject({ status: "cancelling", refunds: [{}, { amount: 220_000 }] });
    expect(refunded(last, 2).status).toBe("cancelled");
    expect([seat(0), seat(1), seat(2)]).toEqual([0, 0, 0]);
    expect(object.state.seatsOfMember.has(ann)).toBe(false);
  });

  test("given back in parts at the same time end the order with the last of the money", () => {
    const order = paid(ann, ["r1s1", "r1s2"]);
    cancel(order, ["r1s1"]);
    const both = orderOf(cancel(order, ["r1s2"]));
    expect(both.status).toBe("cancelling");
    expect(refunded(both, 2).status).toBe("cancelling");
    expect([seat(0), seat(1)]).toEqual([5, 0]);
    expect(refunded(both, 1).status).toBe("cancelled");
  });

  test("that are bought by somebody else are no longer touched", () => {
    const order = paid(ann, ["r1s1", "r1s2"]);
    refunded(orderOf(cancel(order, ["r1s1"])), 1);
    paid(ben, ["r1s1"]);
    refunded(orderOf(cancel(order)), 2);
    expect([seat(0), seat(1)]).toEqual([5, 0]);
  });

  test("somebody else's cannot be cancelled, nor quoted", () => {
    const order = paid(ann, ["r1s1"]);
    expect(code(cancel({ ...order, member: ben }))).toBe("order-not-found");
    const ask = { kind: "quote-cancellation", member: ben, orderId: order.id, seats: null } as const;
    expect(code(object.ask(ask))).toBe("order-not-found");
  });
});

describe("seats that were given back", () => {
  test("return at the published time and a random while later, once, also after a restart", () => {
    open({ releaseEverySeconds: 3_600, releaseJitterSeconds: 600 });
    const order = paid(ann, ["r1s1"]);
    refunded(orderOf(cancel(order)), 1);
    const publishedAt = nextRelease({ openAt: START - DAY, releaseEverySeconds: 3_600 }, now);
    expect(publishedAt).toBe(START + 3_600_000);
    expect(object.status().seatsReturnAt).toBe(publishedAt);
    expect(seat(0)).toBe(6);
    object.restart();
    expect(seat(0)).toBe(6);
    now = publishedAt - 1;
    object.execute([]);
    expect(seat(0)).toBe(6);
    const { at } = Array.from(object.state.returns.values())[0] ?? { at: 0 };
    expect(at).toBeGreaterThanOrEqual(publishedAt);
    expect(at).toBeLessThan(publishedAt + 600_000);
    now = at;
    object.execute([]);
    expect(seat(0)).toBe(0);
    expect(object.status().seatsReturnAt).toBeNull();
    now += 3_600_000;
    paid(ben, ["r1s1"]);
    object.execute([]);
    expect(seat(0)).toBe(5);
  });

  test("tell those who wait: sold out until they are back, and on sale again then", () => {
    open({ releaseEverySeconds: 60, releaseJitterSeconds: 0, maxSeatsPerMember: 50 });
    const all = Array.from({ length: 50 }, (_, n) => `r${1 + Math.floor(n / 5)}s${1 + (n % 5)}`);
    const order = paid(ann, all);
    expect(object.state.phase).toBe("soldout");
    refunded(orderOf(cancel(order, ["r1s1"])), 1);
    expect([object.state.phase, object.status().seatsReturnAt]).toEqual(["soldout", START + 60_000]);
    now = START + 60_000;
    object.execute([]);
    expect(object.state.phase).toBe("open");
  });
});

describe("a date that is cancelled", () => {
  const cancelDate = (): Reply =>
    object.ask({
      kind: "operate",
      operator: "op",
      action: { do: "cancel-date", scheduleId: SCHEDULE_ID, reason: "storm" },
    });
  const sweepAll = (): number => {
    let slices = 0;
    for (; object.state.dates.get(SCHEDULE_ID)?.sweptTo !== null; slices++) object.ask({ kind: "sweep" });
    return slices;
  };

  test("gives every order back in full, whatever the policy, a few at a time", () => {
    open({ maxSeatsPerMember: 1, cancellation: { rules: [] } });
    const members = Array.from({ length: 50 }, (_, n) => `${String(n).padStart(8, "0")}-0000-4000-8000-000000000000`);
    const orders = members.map((member, n) => paid(member, [`r${1 + Math.floor(n / 5)}s${1 + (n % 5)}`]));
    expect(code(cancelDate())).toBe("ok");
    expect(code(cancelDate())).toBe("ok");
    object.restart();
    expect(sweepAll()).toBe(2);
    for (const { id } of orders) {
      const open = object.state.openOrders.get(id);
      expect(open).toMatchObject({ status: "cancelling", cancellations: [{ by: "organiser", fee: 0 }] });
      if (open !== undefined) refunded(open, 1);
    }
    expect(object.state.ordersByStatus.get("cancelled")).toBe(50);
    expect(object.state.openOrders.size).toBe(0);
  });

  test("sells nothing any more, and gives back what a provider takes meanwhile", () => {
    const waiting = place(ann, ["r1s1"]);
    const sent = confirming(ben, ["r1s2"]);
    cancelDate();
    sweepAll();
    expect(orderOf(object.ask({ kind: "order", member: ann, orderId: waiting.id })).status).toBe("cancelled");
    const late = approve(sent);
    expect(late).toMatchObject({ status: "cancelling", refunds: [{ amount: 110_000, status: "requested" }] });
    expect(refunded(late, 1).status).toBe("cancelled");
    expect(() => place(ann, ["r2s1"])).toThrow("schedule-cancelled");
  });

  test("has its refunds asked for at once, for nobody's request is on its way", () => {
    const order = paid(ann, ["r1s1"]);
    cancelDate();
    sweepAll();
    const recovery = new Recovery();
    const open = object.state.openOrders.get(order.id);
    if (open !== undefined) recovery.note(open, now);
    expect(recovery.nextAt()).toBe(now);
  });
});

describe("a date that is moved", () => {
  const moveDate = (startsAt: number, freeUntil: number): Reply =>
    object.ask({
      kind: "operate",
      operator: "op",
      action: { do: "move-date", scheduleId: SCHEDULE_ID, startsAt, freeUntil },
    });

  test("is kept, or given back without a fee until the day that was named", () => {
    const order = paid(ann, ["r1s1"]);
    now += 30 * DAY;
    const startsAt = Date.UTC(2027, 1, 1, 10);
    expect(code(moveDate(startsAt, now + 2 * DAY))).toBe("ok");
    object.ask({ kind: "sweep" });
    object.restart();
    const moved = orderOf(object.ask({ kind: "order", member: ann, orderId: order.id }));
    expect(moved).toMatchObject({
      startsAt,
      status: "paid",
      moved: { from: order.startsAt, freeUntil: now + 2 * DAY },
    });
    expect(quote(order)).toMatchObject({ fee: 0, because: "moved" });
    expect(place(ben, ["r2s1"])).toMatchObject({ startsAt, moved: null });
    now += 2 * DAY;
    expect(quote(order)).toMatchObject({ fee: 4_000, because: "policy" });
  });

  test("is not moved into the past, nor with a time to give back that makes no sense", () => {
    expect(code(moveDate(now, now + DAY))).toBe("settings-invalid");
    expect(code(moveDate(now + 10 * DAY, now))).toBe("settings-invalid");
    expect(code(moveDate(now + 10 * DAY, now + 11 * DAY))).toBe("settings-invalid");
    const action = { do: "move-date", scheduleId: PERFORMANCE_ID, startsAt: now + DAY, freeUntil: now + 1 } as const;
    expect(code(object.ask({ kind: "operate", operator: "op", action }))).toBe("unknown-schedule");
  });
});

describe("an order of the organiser's", () => {
  test("is cancelled by the organiser without a fee, in part too, and logged", () => {
    const order = paid(ann, ["r1s1", "r1s2"]);
    now += 35 * DAY;
    const action = { do: "cancel-order", orderId: order.id, seats: ["r1s1"], reason: "broken chair" } as const;
    expect(code(object.ask({ kind: "operate", operator: "op", action }))).toBe("ok");
    const open = orderOf(object.ask({ kind: "order", member: ann, orderId: order.id }));
    expect(open).toMatchObject({
      status: "paid",
      cancellations: [{ fee: 0, by: "organiser", reason: "broken chair" }],
    });
    expect(refunded(open, 1).status).toBe("paid");
    expect(seat(0)).toBe(0);
  });
});

/** The road of one purchase through the rules and the real storage code, with a crash wherever it could hurt. */
import { beforeEach, describe, expect, test } from "vitest";
import { entryBytes, entryOf } from "../../durable-objects/performance/admission/entry.ts";
import type { Command, Order, Reply } from "../../durable-objects/performance/contract.ts";
import { PERFORMANCE_ID, publishRequest, SCHEDULE_ID } from "../simulation/charts.ts";
import { Crash, SimulatedObject } from "../simulation/object.ts";

const KEY = "ab".repeat(32);
const ann = "11111111-1111-4111-8111-111111111111";
const ben = "22222222-2222-4222-8222-222222222222";
let now = Date.UTC(2026, 10, 22);
let object: SimulatedObject;

beforeEach(() => {
  now = Date.UTC(2026, 10, 22);
  object = new SimulatedObject(PERFORMANCE_ID, () => now);
  object.publish(publishRequest({ capacity: 1 }));
});

const entry = (member: string): string => entryOf(KEY, member);
const join = (member: string): Reply => object.ask({ kind: "join", entries: entryBytes(entry(member)) });
const look = (member: string): Reply => object.ask({ kind: "look", entry: entry(member) });
const enter = (member: string): Reply => object.ask({ kind: "enter", entry: entry(member), member });
const hold = (member: string, seats: string[], key: string): Reply =>
  object.ask({
    kind: "hold",
    epoch: 0,
    entry: entry(member),
    member,
    scheduleId: SCHEDULE_ID,
    seats,
    key: { id: `${member}|hold|${key}`, hash: seats.join() },
  });
const place = (member: string, holdId: string, key: string): Reply =>
  object.ask({
    kind: "place-order",
    epoch: 0,
    entry: entry(member),
    member,
    holdId,
    key: { id: `${member}|order|${key}`, hash: holdId },
  });
const begin = (member: string, orderId: string, key: string): Reply =>
  object.ask({
    kind: "begin-payment",
    member,
    orderId,
    provider: "toss",
    method: "CARD",
    key: { id: `${member}|pay|${key}`, hash: orderId },
  });
const confirm = (member: string, orderId: string, amount: number): Reply =>
  object.ask({ kind: "confirm-payment", member, orderId, provider: "toss", paymentKey: "pk", amount });
const settle = (orderId: string, outcome: Extract<Command, { kind: "settle" }>["outcome"]): Reply =>
  object.ask({ kind: "settle", orderId, attempt: 1, outcome });
const approved = (amount: number): Extract<Command, { kind: "settle" }>["outcome"] => ({
  result: "approved",
  transaction: "t1",
  amount,
  method: "카드",
  at: now,
  receiptUrl: null,
});

function code(reply: Reply): string {
  return reply.ok ? "ok" : reply.refusal.code;
}

function orderOf(reply: Reply): Order {
  if (!reply.ok || !("order" in reply)) throw new Error(`no order: ${JSON.stringify(reply)}`);
  return reply.order;
}

function holdIdOf(reply: Reply): string {
  if (!reply.ok || reply.kind !== "hold") throw new Error(`no hold: ${JSON.stringify(reply)}`);
  return reply.hold.id;
}

function standing(member: string): string {
  const reply = look(member);
  return reply.ok && reply.kind === "standing" ? reply.standing.state : "?";
}

function payFor(member: string, seat: string): Order {
  join(member);
  enter(member);
  const order = orderOf(place(member, holdIdOf(hold(member, [seat], "k1")), "k2"));
  begin(member, order.id, "k3");
  confirm(member, order.id, order.amount);
  return orderOf(settle(order.id, approved(order.amount)));
}

describe("capacity one", () => {
  test("the second fan waits, and is admitted in the commit in which the first one pays", () => {
    join(ann);
    expect(standing(ann)).toBe("admitted");
    join(ben);
    expect(standing(ben)).toBe("waiting");
    const paid = payFor(ann, "r3s4");
    expect(paid.status).toBe("paid");
    expect(paid.amount).toBe(110_000);
    expect(standing(ben)).toBe("admitted");
    expect(standing(ann)).toBe("ended");
  });

  test("leaving gives the slot to the next person, and joining again keeps a number", () => {
    join(ann);
    join(ben);
    expect(join(ben)).toEqual(join(ben));
    object.ask({ kind: "leave", entry: entry(ann) });
    expect(standing(ben)).toBe("admitted");
  });

  test("a session that nobody used ends on time without any alarm, and the next present person is in", () => {
    join(ann);
    enter(ann);
    join(ben);
    now += 600_001;
    expect(code(hold(ann, ["r1s1"], "k"))).toBe("session-ended");
    // Ben's lease has run out by now: nobody is there, and he goes in as soon as he is back.
    expect(standing(ben)).toBe("waiting");
    const numbers = Uint32Array.of(1);
    object.execute([], { full: false, numbers, leaseSeconds: Uint16Array.of(45) });
    expect(standing(ben)).toBe("admitted");
  });

  test("a missed show-up is forgiven once, to somebody who comes back explicitly", () => {
    join(ann);
    now += 60_001;
    expect(standing(ann)).toBe("passed-over");
    object.execute([], { full: false, numbers: Uint32Array.of(0), leaseSeconds: Uint16Array.of(45) });
    expect(standing(ann)).toBe("passed-over");
    join(ann);
    expect(standing(ann)).toBe("admitted");
    now += 60_001;
    expect(standing(ann)).toBe("ended");
  });
});

describe("seats", () => {
  beforeEach(() => {
    object.ask({ kind: "operate", operator: "op", action: { do: "limits", capacity: 10 } });
    for (const member of [ann, ben]) {
      join(member);
      enter(member);
    }
  });

  test("a seat is held once; the loser is told which seats are gone", () => {
    expect(code(hold(ann, ["r1s1", "r1s2"], "a"))).toBe("ok");
    expect(hold(ben, ["r1s2", "r1s3"], "b")).toMatchObject({
      ok: false,
      refusal: { code: "seats-taken", evidence: { seats: ["r1s2"] } },
    });
    expect(object.state.boards.get(SCHEDULE_ID)?.status[2]).toBe(0);
  });

  test("bad seats change nothing", () => {
    expect(code(hold(ann, [], "a"))).toBe("no-seats");
    expect(code(hold(ann, ["r1s1", "r1s1"], "b"))).toBe("duplicate-seat");
    expect(code(hold(ann, ["r99s1"], "c"))).toBe("unknown-seat");
    expect(code(hold(ann, ["r1s1", "r1s2", "r1s3", "r1s4", "r1s5"], "d"))).toBe("seat-limit-reached");
    expect(object.state.holds.size).toBe(0);
  });

  test("the limit counts holds and orders, and adding seats never lengthens the time", () => {
    hold(ann, ["r1s1"], "a");
    now += 100_000;
    const second = hold(ann, ["r1s2"], "b");
    expect(second.ok && second.kind === "hold" && second.hold.expiresAt).toBe(now + 200_000);
    expect(code(hold(ann, ["r2s1", "r2s2", "r2s3"], "c"))).toBe("seat-limit-reached");
    const order = orderOf(place(ann, holdIdOf(second), "o"));
    const three = ["r2s1", "r2s2", "r2s3"];
    expect(code(hold(ann, three, "d"))).toBe("seat-limit-reached");
    begin(ann, order.id, "p");
    confirm(ann, order.id, order.amount);
    settle(order.id, approved(order.amount));
    // In a session of its own, with a paid seat and no hold.
    now += 300_000;
    join(ann);
    enter(ann);
    expect(code(hold(ann, ["r3s1", ...three], "e"))).toBe("seat-limit-reached");
    object.restart();
    expect(code(hold(ann, ["r3s1", ...three], "f"))).toBe("seat-limit-reached");
    expect(code(hold(ann, three, "g"))).toBe("ok");
  });

  test("an expired hold frees its seats and never becomes an order", () => {
    const id = holdIdOf(hold(ann, ["r1s1"], "a"));
    now += 300_000;
    expect(code(place(ann, id, "o"))).toBe("hold-not-found");
    expect(code(hold(ben, ["r1s1"], "b"))).toBe("ok");
  });

  test("somebody else's hold and order do not exist", () => {
    const id = holdIdOf(hold(ann, ["r1s1"], "a"));
    expect(code(place(ben, id, "o"))).toBe("hold-not-found");
    expect(code(object.ask({ kind: "release", member: ben, holdId: id }))).toBe("hold-not-found");
    const order = orderOf(place(ann, id, "o"));
    expect(code(begin(ben, order.id, "p"))).toBe("order-not-found");
  });

  test("the same key gives the same answer, also after a crash; other content under it is refused", () => {
    const first = hold(ann, ["r1s1"], "same");
    expect(hold(ann, ["r1s1"], "same")).toEqual(first);
    object.restart();
    expect(hold(ann, ["r1s1"], "same")).toEqual(first);
    expect(code(hold(ann, ["r1s2"], "same"))).toBe("key-reused");
    expect(object.state.seatsOfMember.get(ann)).toBe(1);
  });

  test("a crash before the commit leaves nothing, one after it leaves everything, and the retry sees no difference", () => {
    const command: Command = {
      kind: "hold",
      epoch: 0,
      entry: entry(ann),
      member: ann,
      scheduleId: SCHEDULE_ID,
      seats: ["r1s1"],
      key: { id: "x", hash: "y" },
    };
    expect(() => object.execute([command], null, "before-commit")).toThrow(Crash);
    expect(object.state.holds.size).toBe(0);
    expect(() => object.execute([command], null, "after-commit")).toThrow(Crash);
    expect(object.state.holds.size).toBe(1);
    expect(code(object.ask(command))).toBe("ok");
    expect(object.state.holds.size).toBe(1);
  });
});

describe("money", () => {
  test("a wrong amount, a payment that was not begun, a late one: nobody is charged", () => {
    join(ann);
    enter(ann);
    const order = orderOf(place(ann, holdIdOf(hold(ann, ["r1s1"], "a")), "o"));
    expect(code(confirm(ann, order.id, order.amount))).toBe("payment-not-begun");
    begin(ann, order.id, "p");
    expect(code(confirm(ann, order.id, 1))).toBe("amount-mismatch");
    const byAnother = { member: ann, orderId: order.id, provider: "stripe", paymentKey: "pk", amount: order.amount };
    expect(code(object.ask({ kind: "confirm-payment", ...byAnother }))).toBe("attempt-superseded");
    now += 480_000;
    expect(code(confirm(ann, order.id, order.amount))).toBe("order-expired");
    expect(object.state.boards.get(SCHEDULE_ID)?.status[0]).toBe(0);
  });

  test("a provider that does not take the order's currency is not asked", () => {
    join(ann);
    enter(ann);
    const order = orderOf(place(ann, holdIdOf(hold(ann, ["r1s1"], "a")), "o"));
    const begun = { kind: "begin-payment", member: ann, orderId: order.id, provider: "toss", method: "CARD" } as const;
    const inUsd = object.ask({ ...begun, currencies: ["USD"], key: { id: "usd", hash: "usd" } });
    expect(inUsd).toEqual({ ok: false, refusal: { code: "order-not-payable", evidence: { currency: "KRW" } } });
    expect(code(object.ask({ ...begun, currencies: ["USD", "KRW"], key: { id: "krw", hash: "krw" } }))).toBe("ok");
  });

  test("while the provider's answer is unknown the seats stay fenced, whatever the clock says", () => {
    join(ann);
    enter(ann);
    const order = orderOf(place(ann, holdIdOf(hold(ann, ["r1s1"], "a")), "o"));
    begin(ann, order.id, "p");
    confirm(ann, order.id, order.amount);
    now += 3_600_000;
    object.restart();
    expect(orderOf(settle(order.id, { result: "unknown", reason: "timeout" })).status).toBe("paying");
    expect(object.state.boards.get(SCHEDULE_ID)?.status[0]).toBe(3);
    expect(orderOf(settle(order.id, approved(order.amount))).status).toBe("paid");
    expect(object.state.boards.get(SCHEDULE_ID)?.status[0]).toBe(5);
  });

  test("declined: another try within the time, the end after it", () => {
    join(ann);
    enter(ann);
    const order = orderOf(place(ann, holdIdOf(hold(ann, ["r1s1"], "a")), "o"));
    begin(ann, order.id, "p");
    confirm(ann, order.id, order.amount);
    expect(orderOf(settle(order.id, { result: "declined", code: "REJECT", message: "no" })).status).toBe("pending");
    expect(orderOf(begin(ann, order.id, "p2")).attempts).toHaveLength(2);
  });

  test("reloading the success page answers the paid order and asks nobody", () => {
    const paid = payFor(ann, "r1s1");
    const again = confirm(ann, paid.id, paid.amount);
    expect(again.ok && again.kind).toBe("order");
    expect(settle(paid.id, approved(paid.amount))).toEqual(again);
  });

  test("money for an attempt that is no longer the order's goes back without anybody asking", () => {
    join(ann);
    enter(ann);
    const order = orderOf(place(ann, holdIdOf(hold(ann, ["r1s1"], "a")), "o"));
    begin(ann, order.id, "p1");
    begin(ann, order.id, "p2");
    const changed = orderOf(settle(order.id, approved(order.amount)));
    expect(changed.status).toBe("paying");
    expect(changed.refunds).toMatchObject([{ attempt: 1, amount: order.amount, status: "requested" }]);
  });

  test("cancelling a paid order gives the money back first, then the seat, once", () => {
    const paid = payFor(ann, "r1s1");
    const cancelling = object.ask({
      kind: "cancel-order",
      member: ann,
      orderId: paid.id,
      reason: "plans changed",
      seats: null,
      fee: null,
    });
    expect(cancelling.ok && cancelling.kind === "refund" && cancelling.task?.amount).toBe(110_000);
    expect(object.state.boards.get(SCHEDULE_ID)?.status[0]).toBe(5);
    object.restart();
    const refunded = { result: "refunded", transaction: "r1", amount: 110_000, at: now } as const;
    const done = object.ask({ kind: "settle-refund", orderId: paid.id, refund: 1, outcome: refunded });
    expect(orderOf(done).status).toBe("cancelled");
    expect(object.state.boards.get(SCHEDULE_ID)?.status[0]).toBe(0);
    expect(orderOf(object.ask({ kind: "settle-refund", orderId: paid.id, refund: 1, outcome: refunded }))).toEqual(
      orderOf(done),
    );
    expect(object.state.seatsOfMember.has(ann)).toBe(false);
  });
});

/** What the reconciler asks of an object: orders page by page, one reported once more, money that moved without us. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Order, OrderPage, Reply } from "../../durable-objects/performance/contract.ts";
import { SEAT } from "../../durable-objects/performance/seats/board.ts";
import { pageOfOrders } from "../../durable-objects/performance/storage/pages.ts";
import { SCHEDULE_ID } from "../simulation/charts.ts";
import { Customer, Room } from "./room.ts";

let room: Room;
let customer: Customer;

beforeEach(() => {
  room = new Room({ capacity: 9, ratePerMinute: 99 });
  customer = new Customer(room, 1);
});

function orderOf(reply: Reply): Order {
  if (!reply.ok || !("order" in reply)) throw new Error(`no order: ${JSON.stringify(reply)}`);
  return reply.order;
}

const bought = (seat = "r1s1"): Order => orderOf(customer.pay(begun(seat).id));
function begun(seat: string): Order {
  const id = customer.order(customer.hold(seat));
  return orderOf(customer.begin(id));
}

function page(after = "", limit = 100): OrderPage {
  const { storage, state, outbox } = room.object;
  return pageOfOrders(storage.sql, state, after, limit, outbox.oldestAt());
}

describe("orders", () => {
  it("come page by page in the order of their ids, with what a provider can be asked and what is not reported yet", () => {
    const one = bought();
    const two = new Customer(room, 2);
    two.order(two.hold("r1s2"));
    const all = page();
    expect(all.orders).toHaveLength(2);
    expect(all.tasks).toMatchObject([{ orderId: one.id, attempt: 1, paymentKey: "pk" }]);
    expect(all).toMatchObject({ contradictions: [], sold: 1, oldestUnreportedAt: expect.any(Number) as number });
    const first = page("", 1);
    const second = page(first.orders[0]?.id, 1);
    expect([...first.orders, ...second.orders]).toEqual(all.orders);
    expect(page(all.orders[1]?.id).orders).toEqual([]);
    room.object.outbox.applied(Array.from({ length: 99 }, (_, seq) => seq + 1));
    expect(page().oldestUnreportedAt).toBeNull();
  });

  it("whose seats are somebody else's on the plan, or something else, are named", () => {
    const order = bought();
    const board = room.object.state.boards.get(SCHEDULE_ID);
    const position = board?.position("r1s1") ?? -1;
    for (const [status, holder] of [
      [SEAT.free, 0],
      [SEAT.held, order.holdNumber],
      [SEAT.sold, order.holdNumber + 1],
    ] as const) {
      board?.set(position, status, holder);
      expect(page().contradictions).toEqual([order.id]);
    }
    board?.set(position, SEAT.sold, order.holdNumber);
    expect(page().contradictions).toEqual([]);
    customer.cancel(order.id);
    expect(page().contradictions).toEqual([]);
  });

  it("are reported once more, whole and a version on, with nothing else changed", () => {
    const order = bought();
    const before = room.object.state.nextEvent;
    const again = orderOf(room.object.ask({ kind: "report-order", orderId: order.id }));
    expect(again).toEqual({ ...order, version: order.version + 1, updatedAt: again.updatedAt });
    expect(room.object.state.nextEvent).toBe(before + 1);
    expect(room.object.ask({ kind: "report-order", orderId: "none" })).toMatchObject({ ok: false });
  });
});

describe("money that went back at the provider without us", () => {
  const note = (order: Order, amount: number, transaction = "x"): Reply =>
    room.object.ask({ kind: "note-refund", orderId: order.id, attempt: 1, refund: { transaction, amount, at: 0 } });

  it("is booked once; where it was all of it the order ends and the seat is free", () => {
    const order = bought();
    const partly = orderOf(note(order, 10_000));
    expect(partly).toMatchObject({ status: "paid", version: order.version + 1, cancellations: [] });
    expect(partly.refunds).toMatchObject([{ amount: 10_000, status: "refunded", transaction: "x" }]);
    expect(orderOf(note(order, 10_000)).version).toBe(partly.version);
    const ended = orderOf(note(order, 100_000, "y"));
    expect(ended).toMatchObject({ status: "cancelled", version: partly.version + 1 });
    expect(ended.cancellations).toMatchObject([{ seats: ["r1s1"], fee: 0, refund: 2, by: "organiser" }]);
    expect(page()).toMatchObject({ contradictions: [], sold: 0 });
    expect(new Customer(room, 3).hold("r1s1")).not.toBe("");
  });

  it("is not given back a second time when the order is cancelled", () => {
    const order = bought();
    note(order, 10_000);
    const { id: orderId, member } = order;
    const quote = room.object.ask({ kind: "quote-cancellation", orderId, member, seats: null });
    expect(quote).toMatchObject({ quote: { amount: 110_000, fee: 0, refund: 100_000 } });
    const reply = room.object.ask({ kind: "cancel-order", orderId, member, reason: "", seats: null, fee: null });
    expect(orderOf(reply).refunds.map(({ amount, status }) => [amount, status])).toEqual([
      [10_000, "refunded"],
      [100_000, "requested"],
    ]);
  });

  it("is not booked beyond what was taken, nor while a refund of ours is under way", () => {
    const order = bought();
    expect(note(order, 110_001)).toMatchObject({ ok: false });
    expect(note(order, 0)).toMatchObject({ ok: false });
    expect(note(order, 0.5)).toMatchObject({ ok: false });
    room.object.ask({
      kind: "operate",
      operator: "o",
      action: { do: "cancel-order", orderId: order.id, seats: null, reason: "" },
    });
    expect(note(order, 110_000)).toMatchObject({ ok: false });
  });
});

it("money a provider took after it had declined goes back", () => {
  const order = begun("r1s1");
  const { id: orderId } = order;
  const confirm = { kind: "confirm-payment", provider: "toss", paymentKey: "pk", amount: 110_000 } as const;
  room.object.ask({ ...confirm, member: order.member, orderId });
  const settle = (outcome: Parameters<typeof said>[0]): Reply =>
    room.object.ask({ kind: "settle", orderId, attempt: 1, outcome: said(outcome) });
  const declined = orderOf(settle("declined"));
  expect(declined.status).toBe("pending");
  expect(orderOf(settle("declined")).version).toBe(declined.version);
  const taken = orderOf(settle("approved"));
  expect(taken).toMatchObject({ status: "pending", refunds: [{ amount: 110_000, status: "requested" }] });
  expect(orderOf(settle("approved")).version).toBe(taken.version);
});

function said(result: "approved" | "declined") {
  return result === "declined"
    ? ({ result, code: "NO", message: "no" } as const)
    : ({ result, transaction: "t", amount: 110_000, method: "CARD", at: 0, receiptUrl: null } as const);
}

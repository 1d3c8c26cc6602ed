/** When an object may be emptied: not a moment before the last order of it is beyond change. */
import { beforeEach, describe, expect, test } from "vitest";
import { obstaclesToEmptying } from "../../durable-objects/performance/orders/emptying.ts";
import { PERFORMANCE_ID, SCHEDULE_ID } from "../simulation/charts.ts";
import { Customer, Room, START } from "./room.ts";
import { Sale } from "./transfer-sale.ts";

const DAY = 86_400_000;
const KEEP = 30 * DAY;
const SHOW = Date.UTC(2027, 0, 1, 10);
let room: Room;

const obstacles = (): readonly string[] =>
  obstaclesToEmptying(room.object.state, room.object.outbox.depth, room.now, KEEP);

/** The records have taken over everything. */
function reportAll(): void {
  const { state, outbox } = room.object;
  outbox.applied(Array.from({ length: state.nextEvent }, (_, seq) => seq));
}

function at(time: number): void {
  room.now = time;
  room.object.execute([]);
  reportAll();
}

beforeEach(() => {
  room = new Room({ capacity: 3, ratePerMinute: 100, closeAt: START + DAY });
});

describe("an object", () => {
  test("that sells, or whose date is still to come, is kept", () => {
    expect(obstacles()).toEqual(expect.arrayContaining(["not-closed", "date-not-over", "events-unreported"]));
    at(START + DAY);
    expect(obstacles()).toEqual(["date-not-over"]);
    at(SHOW - 1);
    expect(obstacles()).toEqual(["date-not-over"]);
  });

  test("is kept for as long as the deployment says after its last date, and not a millisecond longer", () => {
    at(SHOW);
    expect(obstacles()).toEqual(["kept-until"]);
    at(SHOW + KEEP - 1);
    expect(obstacles()).toEqual(["kept-until"]);
    at(SHOW + KEEP);
    expect(obstacles()).toEqual([]);
  });

  test("waits for every payment that has no answer, and every refund that has not gone", () => {
    const customer = new Customer(room, 1);
    const unknown = customer.order(customer.hold("r1s1"));
    customer.begin(unknown);
    const confirm = { kind: "confirm-payment", member: customerId(1), orderId: unknown, provider: "toss" } as const;
    room.object.ask({ ...confirm, paymentKey: "pk", amount: 110_000 });
    at(SHOW + KEEP);
    expect(obstacles()).toEqual(["open-orders"]);
    // Charged after all, so late that the organiser gives it back.
    const outcome = {
      result: "approved",
      transaction: "t",
      amount: 110_000,
      method: "카드",
      at: 0,
      receiptUrl: null,
    } as const;
    room.object.ask({ kind: "settle", orderId: unknown, attempt: 1, outcome });
    room.operate({ do: "cancel-order", orderId: unknown, seats: null, reason: "too late" });
    reportAll();
    expect(obstacles()).toEqual(["open-orders"]);
    const refunded = { result: "refunded", transaction: "r", amount: 110_000, at: 0 } as const;
    room.object.ask({ kind: "settle-refund", orderId: unknown, refund: 1, outcome: refunded });
    expect(obstacles()).toEqual(["events-unreported"]);
    reportAll();
    expect(obstacles()).toEqual([]);
  });

  test("waits for a transfer, for the bank's last word on it, and for the account its money goes back to", () => {
    const sale = new Sale();
    ({ room } = sale);
    sale.open();
    expect(sale.order.status).toBe("awaiting-deposit");
    room.operate({ do: "close" });
    at(SHOW + KEEP);
    // Nothing ends by time: the deadline is long over, and the provider has not said that nothing came.
    expect(sale.order.status).toBe("awaiting-deposit");
    expect(obstacles()).toEqual(["open-orders"]);
    sale.askProvider();
    reportAll();
    expect([sale.order.status, obstacles()]).toEqual(["expired", []]);
    // The bank was late: the money is owed until its buyer has said where to.
    expect(sale.deposit(true)).toBe(true);
    sale.askProvider(true);
    reportAll();
    expect(sale.order.refunds).toMatchObject([{ status: "requested", account: "needed" }]);
    expect(obstacles()).toEqual(["open-orders"]);
    sale.giveAccount();
    reportAll();
    expect(obstacles()).toEqual(["open-orders"]);
    sale.askProvider();
    reportAll();
    expect([sale.kept, obstacles()]).toEqual([0, []]);
  });

  test("waits until a date that was moved is over, and the time in which it costs nothing to give it back", () => {
    const moved = SHOW + 10 * DAY;
    room.operate({ do: "move-date", scheduleId: SCHEDULE_ID, startsAt: moved, freeUntil: moved - DAY });
    reportAll();
    room.now = moved - 1;
    expect(obstacles()).toContain("dates-being-told");
    room.object.ask({ kind: "sweep" });
    at(moved - 1);
    expect(obstacles()).toEqual(["date-not-over"]);
    at(moved + KEEP);
    expect(obstacles()).toEqual([]);
  });

  test("of a date that was cancelled is not kept for the day on which it would have been", () => {
    room.operate({ do: "cancel-date", scheduleId: SCHEDULE_ID, reason: "ill" });
    room.object.ask({ kind: "sweep" });
    at(START + DAY + KEEP);
    expect(room.now).toBeLessThan(SHOW);
    expect(obstacles()).toEqual([]);
  });

  test("that was never published has nothing to forget", () => {
    const state = { ...room.object.state, settings: null };
    expect(obstaclesToEmptying(state, 0, room.now, 0)).toEqual(["not-published"]);
    expect(room.object.id).toBe(PERFORMANCE_ID);
  });
});

function customerId(index: number): string {
  return `${String(index).padStart(8, "0")}-0000-4000-8000-000000000000`;
}

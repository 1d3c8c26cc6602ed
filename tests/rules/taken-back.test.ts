/** A bank takes a transfer back when seats of the order, or the money itself, were already on their way back. */
import { beforeEach, describe, expect, test } from "vitest";
import { questionsAbout } from "../../durable-objects/performance/orders/recovery.ts";
import { fold } from "../../workers/records/fold.ts";
import { SCHEDULE_ID } from "../simulation/charts.ts";
import { checkState } from "../simulation/invariants.ts";
import { PRICE, Sale } from "./transfer-sale.ts";

const DAY = 86_400_000;

let sale: Sale;
/** Everything that was ever reported: the records get to see each version. */
let told: Parameters<typeof fold>[0];

beforeEach(() => {
  sale = new Sale("r1s1", "r1s2");
  sale.open();
  sale.deposit();
  sale.askProvider();
  expect(sale.order.status).toBe("paid");
  told = [];
});

const undo = (): boolean => sale.provider.undo(`${sale.orderId}-1`);

const records = (): ReturnType<typeof fold> => {
  told = [...told, ...sale.room.object.outbox.take(sale.room.now)];
  return fold(told);
};

const seats = (): readonly number[] =>
  Array.from(sale.room.object.state.boards.get(SCHEDULE_ID)?.status.slice(0, 2) ?? []);

const balanceOf = (account: string): number =>
  records().ledger.reduce((sum, row) => (row.account.startsWith(account) ? sum + row.debit - row.credit : sum), 0);

function expectOver(): void {
  expect([sale.order.status, seats(), sale.kept]).toEqual(["cancelled", [0, 0], 0]);
  expect(sale.room.object.state.refundAccounts.size).toBe(0);
  expect([balanceOf("provider:"), balanceOf("fees:"), balanceOf("sales:")]).toEqual([0, 0, 0]);
  expect(records().tickets.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
  expect(sale.room.object.ruleErrors).toEqual([]);
  checkState(sale.room.object.state, sale.room.object.orders);
}

describe("a transfer that the bank takes back", () => {
  test("after a seat was cancelled ends the order: nothing is paid back, nothing is kept, and the account is closed", () => {
    sale.room.now += 8 * DAY;
    expect(undo()).toBe(true);
    sale.cancel({ seats: ["r1s2"], account: "sealed" });
    expect(sale.order.refunds).toMatchObject([{ status: "requested", account: "given" }]);
    expect(sale.order.cancellations[0]?.fee).toBeGreaterThan(0);
    // Nobody notified us. Asking for the refund asks first whether the money is still there.
    sale.askProvider();
    expect(sale.order).toMatchObject({
      refunds: [{ status: "void" }],
      attempts: [{ status: "closing", transaction: null }],
    });
    expectOver();
    sale.askProvider();
    expect([sale.order.attempts[0]?.status, sale.provider.transfers.waiting()]).toEqual(["abandoned", []]);
    expect(records().notices.map(({ kind }) => kind)).toContain("deposit-lost");
    expectOver();
    const after = sale.order;
    sale.askProvider(true);
    sale.room.object.restart();
    expect(sale.order).toEqual(after);
  });

  test("before its buyer has said where the money of a cancelled date goes is not asked for any more", () => {
    sale.room.operate({ do: "cancel-date", scheduleId: SCHEDULE_ID, reason: "storm" });
    sale.ask({ kind: "sweep" });
    expect(sale.order).toMatchObject({ status: "cancelling", refunds: [{ account: "needed" }] });
    undo();
    sale.askProvider(true);
    expectOver();
    // Once more, before the account is closed.
    sale.deposit();
    sale.askProvider();
    expect(sale.order.refunds).toMatchObject([{ status: "requested", amount: 2 * PRICE, account: "needed" }]);
    undo();
    sale.askProvider(true);
    expectOver();
    const reply = sale.giveAccount();
    expect(reply.ok ? "ok" : reply.refusal.code).toBe("refund-account-not-needed");
    expect(records().notices.map(({ kind }) => kind)).not.toContain("refund-account");
  });

  test("and comes again afterwards goes back in full, once", () => {
    sale.cancel({ seats: ["r1s2"], account: "sealed" });
    undo();
    sale.askProvider(true);
    expectOver();
    // Before the account could be closed.
    expect(sale.deposit()).toBe(true);
    sale.askProvider();
    expect(sale.order).toMatchObject({
      status: "cancelled",
      refunds: [
        { status: "requested", amount: PRICE, account: "needed" },
        { status: "requested", amount: PRICE, account: "needed" },
      ],
    });
    sale.giveAccount();
    sale.askProvider();
    expect(sale.order.refunds.map(({ status }) => status)).toEqual(["refunded", "refunded"]);
    expectOver();
  });

  test("which had come too late and was on its way back leaves an order that was over as it was", () => {
    sale = new Sale();
    sale.open();
    told = [];
    sale.room.now += DAY;
    sale.askProvider();
    sale.deposit(true);
    sale.askProvider(true);
    expect(sale.order).toMatchObject({ status: "expired", refunds: [{ status: "requested" }] });
    undo();
    sale.askProvider(true);
    expect(sale.order).toMatchObject({ status: "expired", refunds: [{ status: "void" }] });
    sale.askProvider();
    expect([sale.order.attempts[0]?.status, sale.kept, balanceOf("provider:")]).toEqual(["abandoned", 0, 0]);
  });

  test("from an account that was closed since leaves nothing to wait for and nothing to give back", () => {
    const { order } = sale;
    undo();
    sale.provider.transfers.close(`${sale.orderId}-1`);
    // Asked before we knew of the money, it says nothing new.
    sale.settle({ result: "declined", code: "CANCELED", message: "" }, order.version - 1);
    expect(sale.order).toEqual(order);
    sale.askProvider(true);
    sale.askProvider();
    expect(sale.order).toMatchObject({ attempts: [{ status: "abandoned" }], refunds: [] });
    expect(records().notices.map(({ kind }) => kind)).toContain("deposit-lost");
    expectOver();
  });

  test("before anybody has heard that it came too late leaves an account that is closed once more", () => {
    sale = new Sale();
    sale.open();
    sale.room.now += DAY;
    sale.askProvider();
    sale.deposit(true);
    undo();
    const { version } = sale.order;
    sale.askProvider(true);
    sale.askProvider();
    expect(sale.order).toMatchObject({ status: "expired", attempts: [{ status: "abandoned" }], refunds: [] });
    expect([sale.provider.transfers.waiting(), sale.seat]).toEqual([[], 0]);
    // What was asked before says nothing new.
    const account = sale.order.attempts[0]?.deposit?.account;
    if (account == null) throw new Error("no account");
    sale.settle({ result: "awaiting-deposit", amount: PRICE, account }, version);
    expect(sale.order.attempts[0]?.status).toBe("abandoned");
  });

  test("is not believed where money has gone back already: that is for people to look at", () => {
    sale.cancel({ seats: ["r1s2"], account: "sealed" });
    sale.askProvider();
    const { order } = sale;
    expect(order).toMatchObject({ status: "paid", refunds: [{ status: "refunded" }] });
    const account = order.attempts[0]?.deposit?.account;
    if (account == null) throw new Error("no account");
    sale.settle({ result: "awaiting-deposit", amount: 2 * PRICE, account }, order.version);
    expect(sale.order).toEqual(order);
  });

  test("and whose refund turns out to have been made is booked as made", () => {
    sale.cancel({ seats: ["r1s2"], account: "sealed" });
    undo();
    sale.askProvider(true);
    const outcome = { result: "refunded", transaction: "late", amount: PRICE, at: sale.room.now } as const;
    sale.ask({ kind: "settle-refund", orderId: sale.orderId, refund: 1, outcome });
    expect(sale.order).toMatchObject({ status: "cancelled", refunds: [{ status: "refunded", transaction: "late" }] });
    expect(balanceOf("provider:")).toBe(-PRICE);
  });

  test("by an answer that was overtaken: what went back meanwhile does not go back again", () => {
    sale.cancel({ seats: ["r1s2"], account: "sealed" });
    undo();
    const { order } = sale;
    const account = order.attempts[0]?.deposit?.account;
    if (account == null) throw new Error("no account");
    // The transfer comes again, and the refund is made, but its answer is lost; then the older answer arrives.
    sale.deposit();
    const asked = { now: sale.room.now, tries: 1, hinted: false, accounts: sale.room.object.state.refundAccounts };
    const refunds = questionsAbout(order, asked).flatMap((one) => (one.ask === "refund" ? [one.task] : []));
    expect(refunds.map((task) => sale.provider.refund(task, sale.room.now).result)).toEqual(["refunded"]);
    sale.settle({ result: "awaiting-deposit", amount: 2 * PRICE, account }, order.version);
    expect(sale.order).toMatchObject({ status: "cancelled", refunds: [{ status: "void", amount: PRICE }] });

    sale.askProvider();
    expect(sale.order.refunds).toMatchObject([
      { number: 1, status: "requested", amount: PRICE },
      { number: 2, status: "requested", amount: PRICE },
    ]);
    sale.giveAccount();
    sale.askProvider();
    expect(sale.order.refunds.map(({ status }) => status)).toEqual(["refunded", "refunded"]);
    expectOver();
  });

  test("with nothing given back is told of, each time, and so is its return", () => {
    const kinds = (): readonly string[] => records().notices.map(({ id }) => id.replace(`${sale.orderId}:`, ""));
    expect(kinds()).toEqual(["order-confirmed"]);
    for (const time of [1, 2]) {
      undo();
      sale.askProvider(true);
      expect(kinds()).toEqual([`deposit-undone:${time}`]);
      sale.deposit();
      sale.askProvider();
      expect(kinds()).toEqual([`order-confirmed:${time}`]);
    }
  });
});

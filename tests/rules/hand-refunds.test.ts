/** Money that a person gave back in the provider's console, compared with the object's orders: what is put right, what is told. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Order, ProviderBooks, ProviderRefund } from "../../durable-objects/performance/contract.ts";
import { compareMoney, isSettled } from "../../workers/reconciler/compare-money.ts";
import type { Drift } from "../../workers/reconciler/drift.ts";
import { Customer, member, Room } from "./room.ts";
import { orderOf, PRICE, Sale } from "./transfer-sale.ts";

const LATE = 10 * 60_000;

const booksOf = (captured: number, ...refunds: readonly ProviderRefund[]): ProviderBooks => ({
  ...{ result: "known", captured, paymentKey: "pk", transaction: "t", method: "CARD", at: 1, receiptUrl: null },
  refunds,
});
const back = (amount: number, transaction = "by hand"): ProviderRefund => ({ transaction, amount, at: 7 });
const told = (drifts: readonly Drift[]): readonly string[] =>
  drifts.map(({ kind, remedy, detail }) => `${kind} ${remedy?.kind ?? "reported"}: ${detail}`);

describe("a refund of ours that a person has made by hand", () => {
  let room: Room;
  let order: Order;

  beforeEach(() => {
    room = new Room({ capacity: 9, ratePerMinute: 99 });
    const customer = new Customer(room, 1);
    const id = customer.order(customer.hold("r1s1", "r1s2"));
    customer.begin(id);
    customer.pay(id);
    room.object.ask({
      kind: "operate",
      operator: "o",
      action: { do: "cancel-order", orderId: id, seats: ["r1s2"], reason: "no" },
    });
    order = orderOf(room.object.ask({ kind: "order", member: member(1), orderId: id }));
    expect(order.refunds).toMatchObject([{ status: "requested", amount: PRICE }]);
  });

  const compared = (...refunds: readonly ProviderRefund[]): readonly Drift[] =>
    compareMoney(order, new Map([[1, booksOf(2 * PRICE, ...refunds)]]));

  test("is looked at once it is late, and not while the provider has just been asked", () => {
    const { requestedAt } = order.refunds[0] ?? { requestedAt: Number.NaN };
    expect(isSettled(order, requestedAt + LATE - 1)).toBe(false);
    expect(isSettled(order, requestedAt + LATE)).toBe(true);
  });

  test("may be ours while there is enough left for it, and is left to the recovery", () => {
    expect(compared(back(PRICE))).toEqual([]);
  });

  test("is ours where nothing is left to make it of: booked once, and the seat is free", () => {
    const drifts = compared(back(PRICE), back(PRICE, "another"));
    expect(told(drifts)).toEqual([
      `provider-refund-unknown settle-refund: refund 1: we asked for ${PRICE}, and it was given back by hand`,
      `provider-refund-unknown note-refund: attempt 1: the provider gave back ${PRICE} and we know of nothing`,
    ]);
    for (const { remedy } of drifts) {
      if (remedy === null) throw new Error("reported");
      order = orderOf(room.object.ask(remedy));
    }
    expect(order).toMatchObject({
      status: "cancelled",
      refunds: [
        { amount: PRICE, status: "refunded", transaction: "by hand" },
        { amount: PRICE, status: "refunded", transaction: "another" },
      ],
    });
    expect(compared(back(PRICE), back(PRICE, "another"))).toEqual([]);
    expect(room.object.ruleErrors).toEqual([]);
  });

  test("with another amount is told to somebody, with what waits and what is left", () => {
    const gone = `provider-refund-unknown reported: attempt 1: the provider gave back ${2 * PRICE} and we know of nothing`;
    expect(told(compared(back(2 * PRICE)))).toEqual([`${gone}, while refund 1 of ${PRICE} waits and 0 is left`]);
  });
});

describe("a refund of a transfer that is void here", () => {
  let sale: Sale;

  beforeEach(() => {
    sale = new Sale();
    sale.open();
    sale.deposit();
    sale.askProvider();
    sale.cancel({ account: "sealed" });
    // Of a cancelled payment the provider was once heard to say that its account was closed empty.
    sale.settle({ result: "declined", code: "CANCELED", message: "" }, sale.order.version);
    expect(sale.order).toMatchObject({ refunds: [{ status: "void" }], attempts: [{ status: "closing" }] });
  });

  const compared = (books: ProviderBooks): readonly Drift[] => compareMoney(sale.order, new Map([[1, books]]));

  test("and that the provider's books have as made is made, without its buyer being asked anything", () => {
    const books = booksOf(PRICE, back(PRICE, "ours"));
    const kinds: string[] = [];
    for (let round = 1; round <= 3; round += 1) {
      for (const { kind, remedy } of compared(books)) {
        kinds.push(`${kind} ${remedy?.kind ?? "reported"}`);
        if (remedy !== null) sale.ask(remedy);
      }
    }
    expect(kinds).toEqual(["capture-unknown settle", "provider-refund-unknown settle-refund"]);
    expect(sale.order).toMatchObject({ status: "cancelled", refunds: [{ status: "refunded", transaction: "ours" }] });
    expect(sale.room.object.ruleErrors).toEqual([]);
  });

  test("and that is listed under a payment which shows no money is told to somebody", () => {
    const detail = `attempt 1: the provider gave back ${PRICE}, refund 1 is void here`;
    expect(told(compared(booksOf(0, back(PRICE))))).toEqual([`provider-refund-unknown reported: ${detail}`]);
    expect(compared(booksOf(0))).toEqual([]);
  });
});

test("an account that somebody closes in the console before any money came is no difference", () => {
  const sale = new Sale();
  sale.open();
  expect(compareMoney(sale.order, new Map([[1, booksOf(0, back(PRICE))]]))).toEqual([]);
});

test("money that the bank could not deliver is told to somebody", () => {
  const sale = new Sale();
  sale.open();
  sale.deposit();
  sale.askProvider();
  sale.cancel({ account: "sealed" });
  sale.askProvider();
  const [refund] = sale.order.refunds;
  expect(refund?.status).toBe("refunded");
  const books = booksOf(PRICE, back(PRICE, refund?.transaction ?? ""));
  expect(compareMoney(sale.order, new Map([[1, books]]))).toEqual([]);
  expect(told(compareMoney(sale.order, new Map([[1, { ...books, undelivered: true }]])))).toEqual([
    "provider-refund-missing reported: attempt 1: the bank could not deliver all of what went back, the buyer has not got it",
  ]);
});

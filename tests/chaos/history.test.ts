/** The notes notice what they are there for: each promise broken once, on purpose. */
import { expect, test } from "vitest";
import { History, type AcknowledgedOrder } from "./history.ts";

const SALE = "sale";
const soon = (): number => Date.now() + 60_000;

function order(id: string, member: string): AcknowledgedOrder {
  const state = { paid: false, cancelAsked: false, cancelled: false };
  return { id, sale: SALE, member, token: "", amount: 1, seats: ["a1"], ...state };
}

test("a number that two people have", () => {
  const history = new History();
  history.joined(SALE, "one", 7);
  history.joined(SALE, "one", 7);
  expect(history.broken).toEqual([]);
  history.joined(SALE, "two", 7);
  expect(history.broken).toHaveLength(1);
});

test("a seat that is promised twice at a time, and one that was given up in between", async () => {
  const history = new History();
  history.held("one", "h1", ["a1", "a2"], soon());
  history.givenUp("h1");
  await new Promise((resolve) => setTimeout(resolve, 2));
  history.held("two", "h2", ["a1"], soon());
  history.checkSeats();
  expect(history.broken).toEqual([]);
  history.ordered(order("o3", "three"), soon());
  history.checkSeats();
  expect(history.broken).toHaveLength(1);
});

test("a seat that was paid is nobody else's, however late", () => {
  const history = new History();
  history.ordered(order("o1", "one"), Date.now());
  history.paid("o1");
  history.held("two", "h2", ["a1"], soon());
  history.checkSeats();
  expect(history.broken).toHaveLength(1);
});

test("somebody who was there and was overtaken, and somebody who was not there", () => {
  const history = new History();
  const now = Date.now();
  const first = history.joined(SALE, "one", 0);
  const second = history.joined(SALE, "two", 1);
  first.connectedSince = now - 60_000;
  first.admittedAt = now;
  second.admittedAt = now - 10_000;
  history.check(SALE, 100);
  expect(history.broken).toHaveLength(1);
  first.lostAt = now - 11_000;
  history.check(SALE, 100);
  expect(history.broken).toHaveLength(1);
});

test("more admissions in sixty seconds than the rate", () => {
  const history = new History();
  for (const number of [0, 1, 2]) history.joined(SALE, `member ${number}`, number).admittedAt = number * 29_000;
  history.check(SALE, 3);
  expect(history.broken).toEqual([]);
  history.check(SALE, 2);
  expect(history.broken).toHaveLength(1);
});

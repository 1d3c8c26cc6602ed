/** Postgres away for ten minutes of a sale, in virtual time: the sale goes on, nothing is lost, the records catch up. */
import { expect, test } from "vitest";
import { entryBytes, entryOf } from "../../durable-objects/performance/admission/entry.ts";
import type { Command, Reply } from "../../durable-objects/performance/contract.ts";
import { PERFORMANCE_ID, publishRequest, SCHEDULE_ID } from "../simulation/charts.ts";
import { SimulatedObject } from "../simulation/object.ts";
import { seeded } from "../simulation/random.ts";
import { SimulatedRecords } from "../simulation/records.ts";

const KEY = "ab".repeat(32);
const SECOND = 1_000;
const OUTAGE_SECONDS = 600;
const SOLD_EVERY_SECONDS = 15;
/** The longest pause of the outbox, and one more for what the queue loses. */
const CATCH_UP_SECONDS = 1_200;

test("Postgres away for ten minutes of a sale delays the records and nothing else", () => {
  let now = Date.UTC(2026, 10, 22);
  const object = new SimulatedObject(PERFORMANCE_ID, () => now);
  object.publish(publishRequest());
  const records = new SimulatedRecords(seeded(7));
  const wait = (seconds: number): void => {
    for (let second = 0; second < seconds; second += 1) {
      for (let events = object.outbox.take(now); events.length > 0; events = object.outbox.take(now)) {
        // The queue puts a message back while Postgres is away, and lets it go after a while: here at once, which is worse.
        if (!records.away) records.send(events);
      }
      object.outbox.applied(records.deliver());
      now += SECOND;
    }
  };

  records.away = true;
  const sales = OUTAGE_SECONDS / SOLD_EVERY_SECONDS;
  for (let number = 0; number < sales; number += 1) {
    sell(object, number, now);
    wait(SOLD_EVERY_SECONDS);
  }
  const paid = Array.from(object.orders.values());
  expect(paid.map(({ status }) => status)).toEqual(paid.map(() => "paid"));
  expect(paid).toHaveLength(sales);
  expect(records.applied.size).toBe(0);
  const behind = object.outbox.depth;
  expect(behind).toBeGreaterThanOrEqual(sales * 4);
  expect(object.outbox.oldestAt()).toBeLessThanOrEqual(now - (OUTAGE_SECONDS - SOLD_EVERY_SECONDS) * SECOND);

  records.away = false;
  wait(CATCH_UP_SECONDS);
  records.calm = true;
  wait(CATCH_UP_SECONDS);
  expect(object.outbox.depth).toBe(0);
  expect(records.applied.size).toBe(behind);
  expect(Array.from(records.orders.values(), ({ id, status }) => `${id} ${status}`).toSorted()).toEqual(
    paid.map(({ id }) => `${id} paid`).toSorted(),
  );
  const owed = Array.from(records.ledger.values()).filter(({ account }) => account.startsWith("provider:"));
  const captured = owed.reduce((sum, { debit, credit }) => sum + debit - credit, 0);
  expect(captured).toBe(paid.reduce((sum, { amount }) => sum + amount, 0));
});

/** One person, from joining to a ticket. */
function sell(object: SimulatedObject, number: number, at: number): void {
  const member = `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
  const entry = entryOf(KEY, member);
  const key = (what: string) => ({ id: `${member}|${what}`, hash: what });
  const ask = (command: Command): Extract<Reply, { ok: true }> => {
    const reply = object.ask(command);
    if (!reply.ok) throw new Error(`${command.kind} was refused: ${reply.refusal.code}`);
    return reply;
  };
  ask({ kind: "join", entries: entryBytes(entry) });
  ask({ kind: "enter", entry, member });
  const seats = [`r${Math.floor(number / 5) + 1}s${(number % 5) + 1}`];
  const held = ask({ kind: "hold", epoch: 0, entry, member, scheduleId: SCHEDULE_ID, seats, key: key("hold") });
  if (held.kind !== "hold") throw new Error("no hold");
  const placed = ask({ kind: "place-order", epoch: 0, entry, member, holdId: held.hold.id, key: key("order") });
  if (!("order" in placed)) throw new Error("no order");
  const { id: orderId, amount } = placed.order;
  ask({ kind: "begin-payment", member, orderId, provider: "toss", method: "CARD", key: key("pay") });
  ask({ kind: "confirm-payment", member, orderId, provider: "toss", paymentKey: "pk", amount });
  const outcome = {
    result: "approved",
    transaction: `t${number}`,
    amount,
    method: "카드",
    at,
    receiptUrl: null,
  } as const;
  ask({ kind: "settle", orderId, attempt: 1, outcome });
}

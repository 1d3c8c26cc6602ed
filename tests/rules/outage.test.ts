/** Postgres away for ten minutes of a sale, in virtual time: the sale goes on, nothing is lost, the records catch up. */
import { expect, test } from "vitest";
import { PERFORMANCE_ID, publishRequest } from "../simulation/charts.ts";
import { SimulatedObject } from "../simulation/object.ts";
import { seeded } from "../simulation/random.ts";
import { SimulatedRecords } from "../simulation/records.ts";
import { sell } from "./purchases.ts";

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

/** What a provider still owes, and when it is asked: no outcome stays unknown for long after the provider answers again. */
import { beforeEach, describe, expect, test } from "vitest";
import { entryBytes, entryOf } from "../../durable-objects/performance/admission/entry.ts";
import type { Order, PaymentOutcome, Reply, VerifiedHint } from "../../durable-objects/performance/contract.ts";
import { type Asked, owed, questionsAbout, Recovery } from "../../durable-objects/performance/orders/recovery.ts";
import { PERFORMANCE_ID, publishRequest, SCHEDULE_ID } from "../simulation/charts.ts";
import { SimulatedObject } from "../simulation/object.ts";

const ann = "11111111-1111-4111-8111-111111111111";
const entry = entryOf("ab".repeat(32), ann);
let now = 0;
let object: SimulatedObject;

beforeEach(() => {
  now = Date.UTC(2026, 10, 22);
  object = new SimulatedObject(PERFORMANCE_ID, () => now);
  object.publish(publishRequest());
});

function orderOf(reply: Reply): Order {
  if (!reply.ok || !("order" in reply)) throw new Error(`no order: ${JSON.stringify(reply)}`);
  return reply.order;
}

function begun(): Order {
  object.ask({ kind: "join", entries: entryBytes(entry) });
  object.ask({ kind: "enter", entry, member: ann });
  const held = object.ask({
    kind: "hold",
    epoch: 0,
    entry,
    member: ann,
    scheduleId: SCHEDULE_ID,
    seats: ["r1s1"],
    key: { id: "h", hash: "h" },
  });
  const holdId = held.ok && held.kind === "hold" ? held.hold.id : "";
  const { id } = orderOf(
    object.ask({ kind: "place-order", epoch: 0, entry, member: ann, holdId, key: { id: "o", hash: "o" } }),
  );
  return begin(id, "p1");
}

const begin = (orderId: string, key: string): Order =>
  orderOf(
    object.ask({
      kind: "begin-payment",
      member: ann,
      orderId,
      provider: "stripe",
      method: "CARD",
      key: { id: key, hash: key },
    }),
  );

const confirming = (order: Order): Order =>
  orderOf(
    object.ask({
      kind: "confirm-payment",
      member: ann,
      orderId: order.id,
      provider: "stripe",
      paymentKey: "pi_1",
      amount: order.amount,
    }),
  );

const hinted = (order: Order, attempt: number, provider = "stripe"): Order => {
  const verified: VerifiedHint = { provider, attempt, paymentKey: `pi_${attempt}` };
  return orderOf(object.ask({ kind: "recheck", orderId: order.id, verified }));
};

const asked = (tries: number): Asked => ({ now, tries, hinted: false, accounts: new Map() });

describe("recovery", () => {
  test("an unknown outcome is resolved within ten minutes of the provider answering again", () => {
    // However long the provider was away: the longest silence between two questions is what counts.
    for (const [awayMinutes, chance] of [0, 1, 7, 60, 600].flatMap((away) =>
      [0, 0.9].map((luck) => [away, luck] as const),
    )) {
      const recovery = new Recovery();
      const order = { ...confirming(begun()), id: `order-${awayMinutes}` };
      const backAt = now + awayMinutes * 60_000;
      recovery.note(order, now);
      let questions = 0;
      for (let time = now; ; time = recovery.nextAt() ?? Infinity) {
        expect(time).toBeLessThan(backAt + 600_000);
        const due = recovery.take(time, 6, () => chance);
        const question = due.flatMap(({ tries }) => questionsAbout(order, asked(tries)))[0];
        if (question === undefined) continue;
        questions += 1;
        expect(question.ask).toBe(questions === 1 ? "confirm" : "conclude");
        // A provider that is back may still keep a server error under the key; concluding always has an answer.
        if (time >= backAt && question.ask === "conclude") break;
      }
      object = new SimulatedObject(PERFORMANCE_ID, () => now);
      object.publish(publishRequest());
    }
  });

  test("a hint makes the question due now, once where nothing is owed", () => {
    const recovery = new Recovery();
    const order = begun();
    expect(owed(order)).toBe(false);
    recovery.hurry(order.id, now);
    expect(recovery.nextAt()).toBe(now);
    expect(recovery.take(now, 6, () => 0)).toHaveLength(1);
    expect(recovery.size).toBe(0);
    const open = confirming(order);
    recovery.hurry(open.id, now);
    recovery.note(open, now);
    expect(recovery.take(now, 6, () => 0)).toHaveLength(1);
    expect(recovery.nextAt()).toBe(now + 20_000);
    recovery.note({ ...open, attempts: [] }, now);
    expect(recovery.size).toBe(0);
  });

  test("orders that met the same outage are not asked about in the same second, and none later than without chance", () => {
    const nextOf = (chance: number): number => {
      const recovery = new Recovery();
      recovery.note(confirmed, now);
      recovery.take(now + 20_000, 6, () => chance);
      return (recovery.nextAt() ?? 0) - now - 20_000;
    };
    const confirmed = confirming(begun());
    expect([nextOf(0), nextOf(0.5), nextOf(0.999)]).toEqual([20_000, 17_500, expect.closeTo(15_005, -1)]);
  });
});

describe("a signed notification", () => {
  test("that the buyer has agreed begins the confirm for a tab that never came back, once", () => {
    const order = begun();
    const after = hinted(order, 1);
    expect(after.attempts).toMatchObject([{ status: "confirming", paymentKey: "pi_1" }]);
    expect(hinted(order, 1)).toEqual(after);
    expect(questionsAbout(after, asked(0))).toMatchObject([{ ask: "confirm", task: { paymentKey: "pi_1" } }]);
    // The browser that comes back after all is answered the same task.
    const reply = object.ask({
      kind: "confirm-payment",
      member: ann,
      orderId: order.id,
      provider: "stripe",
      paymentKey: "pi_1",
      amount: order.amount,
    });
    expect(reply.ok && reply.kind === "confirm" && reply.order).toEqual(after);
  });

  test("about an attempt that was given up has its payment let go of, and sells nothing", () => {
    const first = begun();
    begin(first.id, "p2");
    const after = hinted(first, 1);
    expect(after.attempts).toMatchObject([{ status: "abandoned", paymentKey: "pi_1" }, { status: "begun" }]);
    expect(questionsAbout(after, asked(0))).toMatchObject([{ ask: "conclude", task: { attempt: 1 } }]);
    const gone: PaymentOutcome = { result: "declined", code: "payment_canceled", message: "" };
    expect(orderOf(object.ask({ kind: "settle", orderId: first.id, attempt: 1, outcome: gone }))).toEqual(after);
  });

  test("that comes after the time to pay, for another provider or for no attempt changes no status", () => {
    const order = begun();
    expect(hinted(order, 1, "toss")).toEqual(order);
    expect(hinted(order, 9)).toEqual(order);
    now = order.payBy;
    expect(hinted(order, 1).status).toBe("expired");
    expect(object.state.boards.get(SCHEDULE_ID)?.status[0]).toBe(0);
  });
});

/** Paying by bank transfer: news and commands in any order, with crashes in between. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fold } from "../../workers/records/fold.ts";
import { SCHEDULE_ID } from "../simulation/charts.ts";
import { checkState } from "../simulation/invariants.ts";
import { PRICE, Sale } from "./transfer-sale.ts";

const MINUTE = 60_000;

/** Everything that can come between choosing to transfer and the end of it. */
const STEPS = ["deposit", "late", "take back", "notify", "ask", "deadline", "minute", "cancel", "cancel date", "account", "bad account", "crash"] as const; // prettier-ignore

test("whatever comes in whatever order: money is seats or money back, and seats come back once", () => {
  const steps = fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 25 });
  const met = new Set<string>();
  fc.assert(
    fc.property(steps, (list) => {
      const tried = new Sale();
      tried.open();
      for (const step of list) {
        act(tried, step, met);
        checkState(tried.room.object.state, tried.room.object.orders);
      }
      // The end of everything: the deadline has passed, the provider answers, and whoever is asked says where money goes.
      tried.room.now += 120 * MINUTE;
      for (let round = 0; round < 4; round++) {
        tried.askProvider(true);
        tried.giveAccount();
        tried.ask({ kind: "sweep" });
      }
      checkState(tried.room.object.state, tried.room.object.orders);
      const { order, seat, kept } = tried;
      met.add(order.status);
      const sold = order.status === "paid";
      expect([seat, kept]).toEqual(sold ? [5, PRICE] : [0, order.cancellations.reduce((sum, { fee }) => sum + fee, 0)]);
      expect(tried.provider.transfers.waiting()).toEqual([]);
      expect(tried.room.object.ruleErrors).toEqual([]);
      const { ledger } = fold(tried.room.object.outbox.take(tried.room.now));
      const booked = ledger.reduce(
        (sum, row) => sum + (row.account.startsWith("provider:") ? row.debit - row.credit : 0),
        0,
      );
      expect(booked).toBe(kept);
      tried.room.object.storage.close();
    }),
    // Two that once went wrong, each time; the others are another 150 with every run.
    {
      numRuns: 152,
      examples: [[["deposit", "notify", "cancel", "take back"]], [["deadline", "take back", "late", "take back"]]],
    },
  );
  expect([...met].toSorted()).toEqual(["cancelled", "expired", "paid", "taken back on its way back"]);
});

function act(tried: Sale, step: (typeof STEPS)[number], met: Set<string>): void {
  const { room } = tried;
  const dueAt = tried.order.attempts[0]?.deposit?.dueAt ?? room.now;
  if (step === "deposit") tried.deposit();
  else if (step === "late") tried.deposit(true);
  else if (step === "take back") {
    if (tried.provider.undo(`${tried.orderId}-1`) && ["cancelling", "expired"].includes(tried.order.status))
      met.add("taken back on its way back");
    tried.askProvider(true);
  } else if (step === "notify") tried.askProvider(true);
  else if (step === "ask") tried.askProvider();
  else if (step === "deadline") room.now = Math.max(room.now, dueAt);
  else if (step === "minute") room.now += MINUTE;
  else if (step === "cancel") tried.cancel({ account: "sealed" });
  else if (step === "cancel date") room.operate({ do: "cancel-date", scheduleId: SCHEDULE_ID, reason: "x" });
  else if (step === "account") tried.giveAccount();
  else if (step === "bad account") tried.giveAccount("sealed-bad");
  else crash(tried);
}

/** The object dies after the commit of an answer, and again before that of the same answer. */
function crash({ room, provider, orderId, order }: Sale): void {
  const outcome = provider.transfers.outcome(`${orderId}-1`, room.now);
  if (outcome === null) return;
  const settle = { kind: "settle", orderId, attempt: 1, outcome, asked: order.version } as const;
  for (const point of ["after-commit", "before-commit"] as const) {
    expect(() => room.object.execute([settle], null, point)).toThrow(point);
  }
}

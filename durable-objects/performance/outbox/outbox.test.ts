import { expect, test, vi } from "vitest";
import { simulatedStorage } from "../../../tests/simulation/sqlite.ts";
import { migrateTables } from "../storage/tables.ts";
import { run } from "../storage/sql.ts";
import { logSent, Outbox } from "./outbox.ts";

test("while a send hangs nothing is due: an alarm would only spin", async () => {
  const { sql } = simulatedStorage();
  migrateTables(sql);
  for (let seq = 1; seq <= 150; seq++) {
    run(sql, "INSERT INTO outbox (seq, at, body) VALUES (?, 0, ?)", seq, JSON.stringify({ seq }));
  }
  const outbox = new Outbox(sql, 150, () => 0);
  expect(outbox.nextAt()).toBe(0);
  const sending = Promise.withResolvers<void>();
  const drained = outbox.drain(
    () => 0,
    () => sending.promise,
  );
  expect(outbox.nextAt()).toBeNull();
  sending.resolve();
  await drained;
  expect(outbox.nextAt()).toBe(10_000); // all sent; due again only if nobody reports them
  outbox.applied(Array.from({ length: 150 }, (_, index) => index + 1));
  expect(outbox.nextAt()).toBeNull();
});

test("what was sent is a line in the log: its numbers, and nothing of what it says", () => {
  const log = vi.spyOn(console, "log").mockReturnValue();
  try {
    const event = { type: "operator-acted", operator: "somebody", action: "pause", detail: "secret" } as const;
    logSent([7, 8, 9].map((seq) => ({ performanceId: "p", seq, at: 0, event })));
    logSent([]);
    const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown);
    expect(lines).toEqual([
      { level: "info", at: "outbox", message: "sent", performanceId: "p", events: 3, from: 7, to: 9, commandIds: [] },
    ]);
  } finally {
    log.mockRestore();
  }
});

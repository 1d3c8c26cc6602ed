import { afterEach, expect, test, vi } from "vitest";
import { FAILURES_LEAST, PAUSE_MAX_MS } from "../../breaker.ts";
import { Guard, NotAsked } from "../../guard.ts";
import { simulatedStorage } from "../../../tests/simulation/sqlite.ts";
import { migrateTables } from "../storage/tables.ts";
import { run } from "../storage/sql.ts";
import { CallCounts } from "../call-counts.ts";
import type { EventEnvelope } from "../events.ts";
import { logSent, Outbox, sendEvents } from "./outbox.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function filled(rows: number): Outbox {
  const { sql } = simulatedStorage();
  migrateTables(sql);
  for (let seq = 1; seq <= rows; seq++) {
    run(sql, "INSERT INTO outbox (seq, at, body) VALUES (?, 0, ?)", seq, JSON.stringify({ seq }));
  }
  return new Outbox(sql, rows, () => 0);
}

test("while a send hangs nothing is due: an alarm would only spin", async () => {
  const outbox = filled(150);
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

test("what nobody was asked to take is due when the event queue is asked again, and not before", async () => {
  const outbox = filled(150);
  let now = 1_000;
  const asked: number[][] = [];
  const send = (answer: () => Promise<void>) => (events: readonly EventEnvelope[]) => {
    asked.push(events.map(({ seq }) => seq));
    return answer();
  };
  const refused = send(() => Promise.reject(new NotAsked("event-queue", 700)));
  const taken = send(() => Promise.resolve());
  await expect(outbox.drain(() => now, refused)).rejects.toThrow(NotAsked);
  // The other fifty are not due either: an alarm would only spin.
  expect([asked.length, outbox.nextAt()]).toEqual([1, 1_700]);
  now = 1_699;
  await outbox.drain(() => now, refused);
  expect(asked).toHaveLength(1);
  now = 1_700;
  await outbox.drain(() => now, taken);
  expect(
    asked
      .slice(1)
      .flat()
      .toSorted((a, b) => a - b),
  ).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
  // The refused try was none: the first pause is that of what was sent once.
  expect(outbox.nextAt()).toBe(11_700);
});

test("a clock that is set back makes nothing wait longer for the event queue", async () => {
  const outbox = filled(1);
  await expect(
    outbox.drain(
      () => 9_000,
      () => Promise.reject(new NotAsked("event-queue", 700)),
    ),
  ).rejects.toThrow();
  expect(outbox.take(2_000)).toHaveLength(1);
});

test("what a send may have left in the queue waits for the report, as ever", async () => {
  const outbox = filled(1);
  await expect(
    outbox.drain(
      () => 1_000,
      () => Promise.reject(new Error("gone")),
    ),
  ).rejects.toThrow("gone");
  expect(outbox.nextAt()).toBe(11_000);
});

test("what nobody reports is sent again, after ten seconds and then twice as long each time, five minutes at most", async () => {
  const outbox = filled(2);
  let now = 0;
  const sent: { readonly at: number; readonly seqs: readonly number[] }[] = [];
  const send = (events: readonly EventEnvelope[]): Promise<void> => {
    sent.push({ at: now, seqs: events.map(({ seq }) => seq) });
    return Promise.resolve();
  };
  for (let round = 0; round < 8; round++) {
    now = outbox.nextAt() ?? now;
    await outbox.drain(() => now, send);
  }
  const pauses = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0));
  expect(pauses).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  expect(new Set(sent.map(({ seqs }) => seqs.join()))).toEqual(new Set(["1,2"]));
  outbox.applied([1]);
  now = outbox.nextAt() ?? 0;
  await outbox.drain(() => now, send);
  expect(sent.at(-1)?.seqs).toEqual([2]);
  outbox.applied([2]);
  expect([outbox.nextAt(), outbox.depth]).toEqual([null, 0]);
});

test("once the event queue takes messages again everything leaves within the breaker's longest pause", async () => {
  vi.useFakeTimers();
  vi.spyOn(console, "log").mockReturnValue();
  const guard = new Guard(new CallCounts());
  const outbox = filled(120);
  const taken: number[] = [];
  let gone = true;
  const queue = {
    sendBatch: (messages: Iterable<{ body: EventEnvelope }>) => {
      if (gone) return Promise.reject(new Error("gone"));
      for (const { body } of messages) taken.push(body.seq);
      return Promise.resolve();
    },
  };
  for (let call = 0; call < FAILURES_LEAST; call++)
    await guard.ask("event-queue", 1_000, () => queue.sendBatch([])).catch(() => undefined);
  const drain = (): Promise<void> => outbox.drain(Date.now, (events) => sendEvents(guard, queue, events));
  await expect(drain()).rejects.toThrow(NotAsked);
  gone = false;
  const due = outbox.nextAt() ?? 0;
  expect(due - Date.now()).toBeLessThanOrEqual(PAUSE_MAX_MS);
  vi.setSystemTime(due);
  await drain();
  expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
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

/** What a lobby does with a crowd while its performance does not answer, and what it says of who books. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { CallCounts } from "../performance/call-counts.ts";
import type { Batch, BatchReply, Command } from "../performance/contract.ts";
import { BUFFER_MAX, Courier } from "./courier.ts";
import type { Pause } from "./pause.ts";

const entry = "ab".repeat(16);

/** Pauses end when the test says so. */
function stage(call: (batch: Batch) => Promise<BatchReply>) {
  const pauses: { readonly ms: number; readonly end: () => void }[] = [];
  const shed = { count: 0 };
  const calls = new CallCounts();
  const pause = (ms: number): Pause => {
    const { promise, resolve } = Promise.withResolvers<void>();
    pauses.push({ ms, end: resolve });
    return { over: promise, cancel: resolve };
  };
  const courier = new Courier({
    ...{ performanceId: "p", address: { role: "booking", index: 3 }, lobbies: () => 1, call, now: () => 1_000, pause },
    ...{ random: () => 0, presence: () => null, report: () => null, onReply: () => undefined },
    gauge: { calls, answered: () => undefined, shed: () => void (shed.count += 1), repeated: () => undefined },
  });
  return { courier, pauses, shed, calls };
}

const hold: Command = {
  ...{ kind: "hold", entry, member: "m", epoch: 0, scheduleId: "s", seats: ["a"] },
  ...{ key: { id: "k", hash: "h" }, cause: "8f3c0d1e2b4a5967.1" },
};

/** Ends every pause until there is an answer. */
async function whilePausesEnd<T>(answer: Promise<T>, pauses: { readonly end: () => void }[]): Promise<T> {
  const state = { done: false };
  const mark = (): void => void (state.done = true);
  answer.then(mark, mark);
  while (!state.done) {
    for (const { end } of pauses.splice(0)) end();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return answer;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a lobby whose performance does not answer", () => {
  it("sends away whom it cannot keep, at once, and gives up for the others in bounded time", async () => {
    let calls = 0;
    const {
      courier,
      pauses,
      shed,
      calls: counted,
    } = stage(() => {
      calls += 1;
      return new Promise(() => undefined);
    });
    const kept = Array.from({ length: BUFFER_MAX + 1 }, () => courier.join(entry));
    // The first is on its way; the buffer is full behind it.
    await Promise.resolve();
    const tooMany = await courier.join(entry);
    expect([tooMany, shed.count > 0]).toEqual([null, true]);
    // Four tries of fifteen seconds and the pauses between them, and then an answer: try again.
    const [first] = kept;
    if (first === undefined) throw new Error("nobody joined");
    expect(await whilePausesEnd(first, pauses)).toBeNull();
    expect(calls).toBeGreaterThanOrEqual(4);
    expect(counted.read().ended["performance"]?.["late"]).toBeGreaterThanOrEqual(4);
  });
});

describe("a lobby's line in the log", () => {
  it("names who books, and nothing of a crowd that joins", async () => {
    const said: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
    const sent: Batch[] = [];
    const { courier, pauses } = stage((batch) => {
      sent.push(batch);
      return Promise.reject(new Error("gone"));
    });
    const answers = [courier.join(entry), courier.submit({ kind: "look", entry }, false)];
    await whilePausesEnd(Promise.all(answers), pauses);
    // Joins travel packed, sixteen bytes each, with nothing added.
    expect(sent[0]?.commands.map(({ kind, ...rest }) => [kind, Object.keys(rest)])).toContainEqual([
      "join",
      ["entries"],
    ]);
    expect(said).toEqual([]);
    await whilePausesEnd(courier.submit(hold, true), pauses);
    expect(said.map((line): unknown => JSON.parse(line))).toMatchObject([
      {
        ...{ level: "info", at: "lobby", message: "sent", performanceId: "p", outcome: "given up" },
        ...{ batch: expect.stringMatching(/^booking\/3\/1000\/\d+$/), commandIds: ["8f3c0d1e2b4a5967.1"] },
      },
    ]);
  });
});

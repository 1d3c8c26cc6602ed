import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TooLate } from "../../durable-objects/in-time.ts";
import { guarded } from "./guard.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A dependency whose calls end when the test says so. */
function slow() {
  const calls: PromiseWithResolvers<string>[] = [];
  const ask = (): Promise<string> => {
    const call = Promise.withResolvers<string>();
    calls.push(call);
    return call.promise;
  };
  return { calls, ask };
}

test("a call that failed in passing is asked again once, while somebody waits for it", async () => {
  const { calls, ask } = slow();
  const answer = guarded({}, "lobby", ask, { repeatable: true, deadlineMs: 1_000 });
  calls[0]?.reject(new Error("moved"));
  await vi.advanceTimersByTimeAsync(500);
  expect(calls).toHaveLength(2);
  calls[1]?.resolve("here");
  await expect(answer).resolves.toBe("here");
});

test("a call nobody waits for any more is not repeated when it fails at last", async () => {
  const { calls, ask } = slow();
  const answer = guarded({}, "lobby", ask, { repeatable: true, deadlineMs: 1_000 });
  answer.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(1_000);
  await expect(answer).rejects.toBeInstanceOf(TooLate);
  calls[0]?.reject(new Error("moved"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toHaveLength(1);
});

test("one that fails just before the deadline is not repeated after it", async () => {
  const { calls, ask } = slow();
  const answer = guarded({}, "lobby", ask, { repeatable: true, deadlineMs: 1_000 });
  answer.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(999);
  calls[0]?.reject(new Error("moved"));
  await vi.advanceTimersByTimeAsync(60_000);
  await expect(answer).rejects.toBeInstanceOf(TooLate);
  expect(calls).toHaveLength(1);
});

/** The way to a provider: whatever it answers, and however slowly, somebody who waits for it hears in time. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TooLarge } from "../../durable-objects/bounded-answer.ts";
import { TooLate } from "../../durable-objects/in-time.ts";
import { dependencies } from "../calls/dependencies.ts";
import { lineTo } from "./line.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ask = (line = lineTo({}, "toss", true)) => line("https://provider.example/v1/payments/x", { method: "POST" });

it("hears at the deadline of an answer whose end never comes, and lets go of it", async () => {
  let signal: AbortSignal | null = null;
  vi.stubGlobal("fetch", (_url: string, init: RequestInit) => {
    signal = init.signal ?? null;
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) });
    return Promise.resolve(new Response(body));
  });
  const ended = expect(ask()).rejects.toBeInstanceOf(TooLate);
  await vi.advanceTimersByTimeAsync(dependencies.toss);
  await ended;
  expect((signal as AbortSignal | null)?.aborted).toBe(true);
});

it("hears of an answer that is too large without having it, and nobody is asked for a while by whom it need not be", async () => {
  let asked = 0;
  vi.stubGlobal("fetch", () => {
    asked += 1;
    return Promise.resolve(new Response(" ".repeat(256 * 1_024 + 1)));
  });
  const line = lineTo({}, "toss", false);
  for (let time = 0; time < 5; time += 1) await expect(ask(line)).rejects.toBeInstanceOf(TooLarge);
  await expect(ask(line)).rejects.toMatchObject({ name: "NotAsked" });
  expect(asked).toBe(5);
});

it("has the answer as it is, its status and its headers", async () => {
  vi.stubGlobal("fetch", () =>
    Promise.resolve(new Response('{"a":1}', { status: 402, headers: { "request-id": "r" } })),
  );
  const answer = await ask();
  expect([answer.status, answer.headers.get("request-id"), await answer.json()]).toEqual([402, "r", { a: 1 }]);
});

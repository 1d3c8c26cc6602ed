import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { speak } from "./speak.ts";

const said: string[] = [];
const place = {
  set textContent(text: string) {
    said.push(text);
  },
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { getElementById: () => place });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("says the first sentence at once, and of those that come too fast the newest", () => {
  speak("one");
  vi.advanceTimersByTime(50);
  expect(said).toEqual(["one"]);
  speak("two");
  vi.advanceTimersByTime(2_000);
  speak("three");
  expect(said).toEqual(["one"]);
  vi.advanceTimersByTime(2_000);
  expect(said).toEqual(["one", "three"]);
  vi.advanceTimersByTime(60_000);
  expect(said).toEqual(["one", "three"]);
});

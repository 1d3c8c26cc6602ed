import { expect, test } from "vitest";
import { pauseAfter } from "./notices/plan.ts";
import { spread } from "./pause.ts";

test("a pause is never longer than its rule says, at most a quarter shorter, and never nothing", () => {
  for (const seconds of [1, 2, 10, 60, 43_200]) {
    const pauses = [0, 0.3, 0.7, 0.999].map((chance) => spread(seconds, chance));
    expect(pauses[0]).toBe(seconds);
    expect(pauses).toEqual(pauses.toSorted((a, b) => b - a));
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(Math.max(1, Math.round(seconds * 0.75)));
    for (const pause of pauses) expect(Number.isSafeInteger(pause)).toBe(true);
  }
});

test("notices that failed together are not all tried again in the same second, and not for ever", () => {
  expect([0, 0.5, 0.999].map((chance) => pauseAfter(3, chance))).toEqual([600, 525, 450]);
  expect(pauseAfter(8, 0)).toBe(43_200);
  expect(pauseAfter(9, 0)).toBeNull();
});

import { describe, expect, it } from "vitest";
import type { AheadPoint } from "../calls/queue.ts";
import { peopleAhead, scaledWait, seatsShort, waitWords } from "./ahead.ts";

describe("people ahead", () => {
  const points: readonly AheadPoint[] = [
    [100, 0],
    [101, 1],
    [200, 90],
    [1000, 790],
  ];
  it.each([
    [50, 0],
    [100, 0],
    [101, 1],
    [200, 90],
    [600, 440],
    [1000, 790],
    [1100, 890],
  ])("of place %i are %i", (place, ahead) => {
    expect(peopleAhead(place, points, 100)).toBe(ahead);
  });
  it("never falls as the place grows", () => {
    let last = 0;
    for (let place = 90; place < 1200; place += 1) {
      const ahead = peopleAhead(place, points, 100);
      expect(ahead).toBeGreaterThanOrEqual(last);
      last = ahead;
    }
  });
  it("counts from the front when there are no points", () => {
    expect(peopleAhead(130, [], 100)).toBe(30);
  });
  it("is never negative before the first point", () => {
    expect(peopleAhead(100, [[105, 2]], 100)).toBe(0);
  });
});

describe("the wait", () => {
  it("shrinks with the people ahead and never grows", () => {
    expect(scaledWait({ fromSeconds: 60, toSeconds: 120 }, 100, 50)).toEqual({ fromSeconds: 30, toSeconds: 60 });
    expect(scaledWait({ fromSeconds: 60, toSeconds: 120 }, 100, 150)).toEqual({ fromSeconds: 60, toSeconds: 120 });
    expect(scaledWait({ fromSeconds: 1, toSeconds: 2 }, 0, 5)).toEqual({ fromSeconds: 1, toSeconds: 2 });
  });
  it.each([
    [0, 5, { say: "soon" }],
    [10, 41, { say: "seconds", to: 50 }],
    [60, 60, { say: "minute", n: 1 }],
    [100, 290, { say: "minutes", from: 1, to: 5 }],
  ])("of %i to %i s is said coarsely", (fromSeconds, toSeconds, words) => {
    expect(waitWords({ fromSeconds, toSeconds })).toEqual(words);
  });
});

describe("seats", () => {
  it.each([
    [2, { R: 1, S: 2 }, false],
    [3, { R: 1, S: 2 }, true],
    [0, {}, true],
  ])("for whoever has %i ahead may be gone", (ahead, seatsLeft, short) => {
    expect(seatsShort(ahead, seatsLeft)).toBe(short);
  });
});

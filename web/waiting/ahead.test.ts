import { describe, expect, it } from "vitest";
import { aheadOf as servedAhead, waitRange as servedWaitRange } from "../../durable-objects/lobby/queue-state.ts";
import type { AheadPoint } from "../calls/queue.ts";
import { peopleAhead, seatsShort, waitRange, waitWords } from "./ahead.ts";

const status = {
  phase: "open" as const,
  now: 100_000,
  gatherAt: null,
  openAt: 0,
  closeAt: 0,
  joined: 5000,
  draw: null,
  front: 0,
  waiting: 5000,
  sessions: 100,
  capacity: 100,
  ratePerMinute: 60,
  flowPerMinute: 0,
  ahead: [],
  seatsLeft: {},
  notice: null,
  seatsVersion: 0,
};

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
  it("are as many as the server says", () => {
    for (let place = 100; place < 1200; place += 7) {
      expect(peopleAhead(place, points, 100)).toBe(servedAhead(place, { ...status, front: 100, ahead: points }));
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
    let last = Number.POSITIVE_INFINITY;
    for (let ahead = 3000; ahead >= 0; ahead -= 7) {
      const to = waitRange(ahead, status)?.toSeconds ?? Number.NaN;
      expect(to).toBeLessThanOrEqual(last);
      last = to;
    }
    expect(last).toBeLessThan(30);
  });

  it("follows a newer frame, whatever an earlier one said", () => {
    expect(waitRange(499, status)).toEqual({ fromSeconds: 720, toSeconds: 2041 });
    expect(waitRange(499, { ...status, flowPerMinute: 100 })).toEqual({ fromSeconds: 180, toSeconds: 511 });
    expect(waitRange(499, { ...status, capacity: 200, flowPerMinute: 100 })).toEqual({
      fromSeconds: 144,
      toSeconds: 409,
    });
    expect(waitRange(499, { ...status, ratePerMinute: 5 })).toEqual({ fromSeconds: 3600, toSeconds: 10201 });
  });

  it("is what the server's own rule says of the same frame", () => {
    const phases = ["unpublished", "scheduled", "gathering", "sealed", "open", "paused", "soldout", "closed"] as const;
    for (const phase of phases) {
      for (const [capacity, ratePerMinute, flowPerMinute] of [
        [0, 0, 0],
        [0, 60, 0],
        [50, 30, 0],
        [130, 60, 0.4],
        [500, 600, 90],
      ] as const) {
        for (const openAt of [0, 160_000]) {
          const frame = { ...status, phase, capacity, ratePerMinute, flowPerMinute, openAt };
          for (const ahead of [0, 1, 77, 20_000]) {
            expect(waitRange(ahead, frame)).toEqual(servedWaitRange(ahead, frame, frame.now));
          }
        }
      }
    }
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

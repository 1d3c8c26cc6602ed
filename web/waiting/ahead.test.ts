import { describe, expect, it } from "vitest";
import { aheadOf as servedAhead, waitRange as servedWaitRange } from "../../durable-objects/lobby/queue-state.ts";
import type { AheadPoint, WaitPoint } from "../calls/queue.ts";
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
  present: 0,
  flowPerMinute: 0,
  waits: [],
  ahead: [],
  lanes: [],
  seatsLeft: {},
  notice: null,
  seatsReturnAt: null,
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
  const waits: readonly WaitPoint[] = [
    [0, 0, 3],
    [1, 1, 5],
    [2, 2, 8],
    [4, 5, 14],
    [8, 12, 26],
  ];

  it("shrinks with the people ahead and never grows", () => {
    let last = Number.POSITIVE_INFINITY;
    for (let ahead = 12; ahead >= 0; ahead--) {
      const to = waitRange(ahead, waits)?.toSeconds ?? Number.NaN;
      expect(to).toBeLessThanOrEqual(last);
      last = to;
    }
    expect(last).toBe(3);
  });

  it("lies between the points of the frame, and behind the last one is that", () => {
    expect(waitRange(0, waits)).toEqual({ fromSeconds: 0, toSeconds: 3 });
    expect(waitRange(4, waits)).toEqual({ fromSeconds: 5, toSeconds: 14 });
    expect(waitRange(6, waits)).toEqual({ fromSeconds: 8, toSeconds: 20 });
    expect(waitRange(100, waits)).toEqual({ fromSeconds: 12, toSeconds: 26 });
  });

  it("is not said while nothing moves", () => {
    expect(waitRange(3, [])).toBeNull();
  });

  it("is what the server's own rule says of the same frame", () => {
    for (const points of [[], waits.slice(0, 1), waits]) {
      for (let ahead = 0; ahead < 20; ahead++) {
        expect(waitRange(ahead, points)).toEqual(servedWaitRange(ahead, { waits: points }));
      }
    }
  });

  it.each([
    [0, 5, { say: "waitSoon" }],
    [10, 41, { say: "waitSeconds", to: 50 }],
    [60, 60, { say: "waitMinute", n: 1 }],
    [100, 290, { say: "waitMinutes", from: 1, to: 5 }],
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

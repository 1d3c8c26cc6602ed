import { describe, expect, it } from "vitest";
import { waitPoints } from "./waits.ts";

const sample = (at: number, joined: number, front: number, shownWait: readonly [number, number] | null, drawn = 0) => ({
  at: at * 1_000,
  joined,
  front,
  admitted: front,
  drawn,
  shownWait,
});

describe("the wait, shown and measured", () => {
  it("is from the moment one joined to the moment one is let in", () => {
    const samples = [
      sample(0, 0, 0, null),
      sample(10, 100, 0, [50, 90]),
      sample(20, 200, 0, [100, 190]),
      sample(60, 200, 100, [40, 80]),
      sample(130, 200, 200, null),
    ];
    const points = waitPoints(samples, 0);
    expect(points[3]).toEqual({ at: 60_000, measured: 50, from: 50, to: 90 });
    expect(points[4]).toEqual({ at: 130_000, measured: 110, from: 100, to: 190 });
    expect(points[2]).toMatchObject({ measured: null });
  });

  it("says nothing of those who joined before anybody looked", () => {
    const samples = [sample(0, 500, 10, [60, 90]), sample(10, 500, 20, [50, 80])];
    expect(waitPoints(samples, 0).every(({ measured }) => measured === null)).toBe(true);
  });

  it("begins at the opening for everybody who was drawn, shared out by place", () => {
    const samples = [
      sample(0, 100, 0, [160, 260], 100),
      sample(60, 100, 0, [100, 200], 100),
      sample(120, 100, 50, [60, 90], 100),
    ];
    expect(waitPoints(samples, 60_000)[2]).toEqual({ at: 120_000, measured: 60, from: 50, to: 100 });
  });
});

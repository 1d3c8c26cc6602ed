import { describe, expect, it } from "vitest";
import { clockText, timeLeft } from "./countdown.ts";
import { crossedMark } from "./spoken-marks.ts";

describe("a countdown", () => {
  it.each([
    [0, "0:00"],
    [1, "0:01"],
    [1000, "0:01"],
    [61_000, "1:01"],
    [3_723_000, "1:02:03"],
    [-5, "0:00"],
  ])("shows %i ms as %s", (ms, shown) => {
    expect(clockText(timeLeft(ms))).toBe(shown);
  });

  it("keeps days apart", () => {
    const left = timeLeft(2 * 86_400_000 + 3_600_000);
    expect(left.days).toBe(2);
    expect(clockText(left)).toBe("01:00:00");
  });

  it("speaks only when a mark is crossed", () => {
    expect(crossedMark(61_000, 60_000)).toBe(60);
    expect(crossedMark(60_000, 59_000)).toBeNull();
    expect(crossedMark(70_000, 25_000)).toBe(60);
    expect(crossedMark(1000, 0)).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { Rush, RUSH_PER_SECOND } from "./rush.ts";

const FAR = 20;
const START = Date.UTC(2026, 10, 28);

/** So many join within one second; the answer of the last. */
function joined(rush: Rush, count: number, at: number, { poll = FAR, random = 0.5 } = {}): number {
  let answer = 0;
  for (let index = 0; index < count; index++)
    answer = rush.connectAfterMs(poll, at + Math.floor((index * 1_000) / count), random);
  return answer;
}

describe("when to open a socket", () => {
  it("is at once as long as few join", () => {
    const rush = new Rush();
    for (let second = 0; second < 5; second++)
      expect(joined(rush, RUSH_PER_SECOND, START + second * 1_000, { random: 0.999 })).toBe(0);
  });

  it("is spread over ten seconds in a rush, and for those who come first in its next second", () => {
    const rush = new Rush();
    expect(joined(rush, RUSH_PER_SECOND + 1, START, { random: 0.5 })).toBe(5_000);
    expect(rush.connectAfterMs(FAR, START + 1_000, 0)).toBe(0);
    expect(rush.connectAfterMs(FAR, START + 1_001, 0.9999)).toBe(9_999);
    expect(rush.connectAfterMs(FAR, START + 2_100, 0.9999)).toBe(0);
  });

  it("is at once for those near the front or let in, whatever the rush", () => {
    const rush = new Rush();
    joined(rush, 500, START);
    expect(rush.connectAfterMs(5, START + 999, 0.9)).toBe(0);
    expect(rush.connectAfterMs(2, START + 999, 0.9)).toBe(0);
    expect(rush.connectAfterMs(10, START + 999, 0.9)).toBe(9_000);
  });

  it("does not stay with a rush after the clock was put back", () => {
    const rush = new Rush();
    joined(rush, 500, START);
    expect(joined(rush, 1, START - 3_600_000, { random: 0.9 })).toBe(9_000);
    expect(joined(rush, 1, START + 5_000, { random: 0.9 })).toBe(0);
  });
});

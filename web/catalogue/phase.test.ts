import { describe, expect, it } from "vitest";
import { joinsFrom, nextMoment, salePhase } from "./phase.ts";

describe("the phase of a sale", () => {
  const times = { gatherAt: 10, openAt: 20, closeAt: 30 };
  it.each([
    [9, "soon", 10],
    [10, "gathering", 20],
    [20, "open", 30],
    [30, "closed", null],
  ])("at %i is %s, next %s", (now, phase, next) => {
    expect(salePhase(times, now)).toBe(phase);
    expect(nextMoment(times, now)).toBe(next);
  });
  it("believes the sale about what no announced time can tell", () => {
    expect(salePhase({ ...times, phase: "soldout" }, 25)).toBe("soldout");
    expect(salePhase({ ...times, phase: "paused" }, 25)).toBe("paused");
    expect(salePhase({ ...times, phase: "closed" }, 25)).toBe("closed");
    expect(salePhase({ ...times, phase: "scheduled" }, 25)).toBe("open");
  });
  it("has no gathering where none was planned", () => {
    expect(salePhase({ ...times, gatherAt: null }, 15)).toBe("soon");
    expect(joinsFrom({ ...times, gatherAt: null })).toBe(20);
  });
});

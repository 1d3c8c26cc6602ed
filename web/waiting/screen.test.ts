import { describe, expect, it } from "vitest";
import { deadlineOf, joinsByItself, screenOf } from "./screen.ts";

describe("the screen", () => {
  it.each([
    ["none", "scheduled", "before"],
    ["none", "gathering", "joining"],
    ["none", "sealed", "joining"],
    ["none", "open", "joining"],
    ["none", "soldout", "soldout"],
    ["waiting", "gathering", "gathering"],
    ["waiting", "sealed", "sealed"],
    ["waiting", "open", "waiting"],
    ["waiting", "paused", "paused"],
    ["waiting", "soldout", "soldout"],
    ["passed-over", "open", "passed"],
    ["admitted", "paused", "admitted"],
    ["entered", "closed", "entered"],
    ["ended", "open", "ended"],
    ["waiting", "closed", "closed"],
  ] as const)("of %s while %s is %s", (standing, phase, screen) => {
    expect(screenOf(standing, phase, standing !== "none")).toBe(screen);
  });

  it.each([
    ["gathering", "left"],
    ["open", "left"],
    ["paused", "left"],
    ["soldout", "left"],
    ["closed", "closed"],
  ] as const)("of somebody who was in the queue and is not any more while it is %s", (phase, screen) => {
    expect(screenOf("none", phase, true)).toBe(screen);
    expect(joinsByItself(screen)).toBe(false);
  });

  it("counts down to what comes next", () => {
    expect(deadlineOf("before", { gatherAt: null, openAt: 9 }, null)).toBe(9);
    expect(deadlineOf("before", { gatherAt: 5, openAt: 9 }, null)).toBe(5);
    expect(deadlineOf("gathering", { gatherAt: 5, openAt: 9 }, null)).toBe(9);
    expect(deadlineOf("admitted", { gatherAt: 5, openAt: 9 }, 12)).toBe(12);
    expect(deadlineOf("waiting", { gatherAt: 5, openAt: 9 }, 12)).toBeNull();
  });

  it("joins by itself only for those who are outside", () => {
    expect(joinsByItself("before")).toBe(true);
    expect(joinsByItself("ended")).toBe(false);
  });
});

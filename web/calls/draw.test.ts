import { describe, expect, it } from "vitest";
import { ShapeError } from "../decode.ts";
import { readDrawFacts } from "./draw.ts";

const early = {
  performanceId: "p",
  method: "draw",
  verification: null,
  lanes: [{ id: "general", share: 100 }],
  commitment: "ab",
  beacon: null,
  beaconUntil: null,
  sealed: null,
  drawn: null,
};

describe("the facts of a draw", () => {
  it("are read at every stage", () => {
    expect(readDrawFacts(early)).toEqual(early);
    const sealed = { n: 3, root: "cd", segments: 1, at: "1970-01-01T00:00:01.000Z" };
    expect(readDrawFacts({ ...early, sealed }).sealed?.at).toBe(1000);
  });

  it.each([
    ["hex", { commitment: "xyz" }],
    ["upper case", { commitment: "AB" }],
    ["a count", { sealed: { n: -1, root: "cd", segments: 1, at: 0 } }],
    ["a method", { method: "favour" }],
  ])("are refused when something is not %s", (_, changes) => {
    expect(() => readDrawFacts({ ...early, ...changes })).toThrow(ShapeError);
  });
});

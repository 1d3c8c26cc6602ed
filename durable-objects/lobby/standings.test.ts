import { expect, test } from "vitest";
import type { Standing } from "../performance/contract.ts";
import { Standings } from "./standings.ts";

const waiting = (number: number): Standing => ({ state: "waiting", number, place: number, lane: 0, until: null });

test("who was heard of longest ago is forgotten first, and whoever is heard of again is kept", () => {
  const standings = new Standings(2);
  standings.keep("a", waiting(0), 1);
  standings.keep("b", waiting(1), 1);
  standings.keep("a", { ...waiting(0), state: "admitted" }, 1);
  standings.keep("c", waiting(2), 1);
  expect(standings.get("a")).toMatchObject({ state: "admitted" });
  expect(standings.has("b")).toBe(false);
  expect(standings.get("b")).toBeUndefined();
  expect(standings.get("c")).toEqual(waiting(2));
});

test("an answer about an earlier number, overtaken by joining again, is dropped; one after the object started again is not", () => {
  const standings = new Standings();
  expect(standings.keep("a", waiting(51), 1)).toBe(true);
  expect(standings.keep("a", waiting(26), 1)).toBe(false);
  expect(standings.get("a")).toEqual(waiting(51));
  const gone: Standing = { state: "none", number: null, place: null, lane: 0, until: null };
  expect(standings.keep("a", gone, 1)).toBe(true);
  // Its storage went back to a moment before the second joining.
  standings.keep("a", waiting(51), 1);
  expect(standings.keep("a", waiting(26), 2)).toBe(true);
  expect(standings.get("a")).toEqual(waiting(26));
});

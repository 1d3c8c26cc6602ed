import { expect, test } from "vitest";
import type { Standing } from "../performance/contract.ts";
import { Standings } from "./standings.ts";

const waiting = (number: number): Standing => ({ state: "waiting", number, place: number, lane: 0, until: null });

test("who was heard of longest ago is forgotten first, and whoever is heard of again is kept", () => {
  const standings = new Standings(2);
  standings.keep("a", waiting(0));
  standings.keep("b", waiting(1));
  standings.keep("a", { ...waiting(0), state: "admitted" });
  standings.keep("c", waiting(2));
  expect(standings.get("a")).toMatchObject({ state: "admitted" });
  expect(standings.has("b")).toBe(false);
  expect(standings.get("b")).toBeUndefined();
  expect(standings.get("c")).toEqual(waiting(2));
});

import { expect, it } from "vitest";
import { obstaclesOf } from "./obstacles.ts";

const words = {
  blockedTickets: ({ n }: { n: number }) => `${n} tickets`,
  blockedOrders: ({ n }: { n: number }) => `${n} orders`,
  blockedRefunds: ({ n }: { n: number }) => `${n} refunds`,
  blockedOrganisations: ({ n }: { n: number }) => `${n} organisations`,
};

it("names what is there, and passes over what it does not know", () => {
  expect(obstaclesOf({ tickets: 2, openOrders: 0, refunds: 1, moons: 4 }, words)).toEqual(["2 tickets", "1 refunds"]);
  expect(obstaclesOf({ tickets: "many" }, words)).toEqual([]);
});

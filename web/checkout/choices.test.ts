import { describe, expect, it } from "vitest";
import { choicesFor } from "./choices.ts";

const toss = { provider: "toss", methods: ["CARD", "VIRTUAL_ACCOUNT"], currencies: ["KRW"], refundBanks: [] };
const stripe = { provider: "stripe", methods: ["CARD"], currencies: null, refundBanks: [] };

describe("ways to pay", () => {
  it("are those that are on and take the order's currency", () => {
    const names = (currency: string): string[] => choicesFor([stripe, toss], currency).map(({ name }) => name);
    expect(names("KRW")).toEqual(["toss-CARD", "toss-VIRTUAL_ACCOUNT", "stripe-CARD"]);
    expect(names("USD")).toEqual(["stripe-CARD"]);
    expect(choicesFor([{ provider: "new", methods: ["CARD"], currencies: null, refundBanks: [] }], "KRW")).toEqual([]);
  });
});

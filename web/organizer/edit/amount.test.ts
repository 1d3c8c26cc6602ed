import { describe, expect, it } from "vitest";
import { amountOf } from "./amount.ts";

describe("an amount", () => {
  it.each([
    ["110000", "KRW", 110_000],
    [" 110,000 ", "KRW", 110_000],
    ["0", "KRW", 0],
    ["19.99", "USD", 1_999],
    ["19.9", "USD", 1_990],
    ["20", "USD", 2_000],
    ["1,000.05", "USD", 100_005],
  ])("of %j %s is %i", (typed, currency, amount) => {
    expect(amountOf(typed, currency)).toBe(amount);
  });
  it.each([
    ["", "KRW"],
    ["-1", "KRW"],
    ["1.5", "KRW"],
    ["19.999", "USD"],
    ["1e3", "KRW"],
    ["11,00", "KRW"],
    ["만원", "KRW"],
    ["99999999999", "KRW"],
  ])("is not %j in %s", (typed, currency) => {
    expect(amountOf(typed, currency)).toBeNull();
  });
});

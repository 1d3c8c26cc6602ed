import { describe, expect, it } from "vitest";
import { moneyText } from "./money.ts";

describe("money", () => {
  it("writes won the Korean way", () => {
    expect(moneyText(110_000, "KRW", "ko")).toBe("110,000원");
    expect(moneyText(0, "KRW", "ko")).toBe("0원");
  });
  it("has no decimals for won and two for dollars", () => {
    expect(moneyText(110_000, "KRW", "en")).toBe("₩110,000");
    expect(moneyText(1999, "USD", "en")).toBe("$19.99");
  });
});

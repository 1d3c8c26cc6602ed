import { describe, expect, it } from "vitest";
import { costOf } from "./cost.ts";

const quote = {
  seats: [
    { id: "a", price: 110_000, fee: 4_000 },
    { id: "b", price: 90_000, fee: 4_000 },
  ],
  because: "policy" as const,
};

describe("the cost of cancelling", () => {
  it("is that of the seats that are picked", () => {
    expect(costOf(quote, new Set(["a", "b"]))).toEqual({ fee: 8_000, refund: 192_000 });
    expect(costOf(quote, new Set(["b"]))).toEqual({ fee: 4_000, refund: 86_000 });
    expect(costOf(quote, new Set())).toEqual({ fee: 0, refund: 0 });
    expect(costOf({ ...quote, because: "unpaid" }, new Set(["a"]))).toMatchObject({ refund: 0 });
  });
});

import { describe, expect, it } from "vitest";
import { Board } from "./board.ts";
import { heldIndexes, lostSeats, markOf, nothingChosen, toggle } from "./choice.ts";
import { hallOf } from "./hall.ts";

const seats = ["a", "b", "c"].map((id, x) => ({ id, label: id, grade: "R", x, y: 0 }));
const hall = hallOf({ prices: { R: 1 }, chart: { sections: [{ id: "A", name: "A", rows: [{ label: "1", seats }] }] } });
const board = new Board(hall);
board.load({ version: 1, sections: [{ id: "A", statuses: "002" }] });
const hold = { id: "h", scheduleId: "s", amount: 1, currency: "KRW", expiresAt: 0 };
const held = {
  ...nothingChosen,
  holds: [{ ...hold, seats: [{ id: "c", section: "", row: "1", label: "c", grade: "R", price: 1 }] }],
};

describe("choosing", () => {
  it("picks and unpicks within the limit", () => {
    const first = toggle(nothingChosen, 0, board, 1);
    expect(first).toEqual({ result: "changed", choice: { picked: [0], holds: [] } });
    if (first.result !== "changed") return;
    expect(toggle(first.choice, 1, board, 1)).toEqual({ result: "over-limit" });
    expect(toggle(first.choice, 0, board, 1)).toEqual({ result: "changed", choice: nothingChosen });
  });
  it("does not pick what is taken, nor beside a hold", () => {
    expect(toggle(nothingChosen, 2, board, 4)).toEqual({ result: "taken" });
    expect(toggle(held, 0, board, 4)).toEqual({ result: "holding" });
  });
  it("marks seats, and one's own before anything else", () => {
    const mine = heldIndexes(hall, held);
    expect([0, 1, 2].map((index) => markOf(index, board, new Set([1]), mine))).toEqual(["free", "picked", "mine"]);
    expect(markOf(2, board, new Set(), new Set())).toBe("taken");
    expect(lostSeats({ picked: [0, 2], holds: [] }, board)).toEqual([2]);
  });
  it("offers what is kept out of the sale to whoever has a code, and nothing before it knows the seats", () => {
    const kept = new Board(hall);
    kept.withCode = true;
    expect(markOf(0, kept, new Set(), new Set())).toBe("blocked");
    expect(kept.load({ version: 1, sections: [{ id: "A", statuses: "012" }] })).toContain(1);
    const marks = (picked: readonly number[]) =>
      [0, 1, 2].map((index) => markOf(index, kept, new Set(picked), new Set()));
    expect(marks([])).toEqual(["free", "coded", "taken"]);
    expect(toggle(nothingChosen, 1, kept, 4)).toEqual({ result: "changed", choice: { picked: [1], holds: [] } });
    expect(marks([1])).toEqual(["free", "picked", "taken"]);
    expect(lostSeats({ picked: [0, 1], holds: [] }, kept)).toEqual([]);
    kept.withCode = false;
    expect(marks([])).toEqual(["free", "blocked", "taken"]);
    expect(toggle(nothingChosen, 1, kept, 4)).toEqual({ result: "taken" });
    expect(lostSeats({ picked: [0, 1], holds: [] }, kept)).toEqual([1]);
  });
});

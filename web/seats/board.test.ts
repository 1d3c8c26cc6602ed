import { describe, expect, it } from "vitest";
import { Board, statusDigit } from "./board.ts";
import { hallOf } from "./hall.ts";

const seat = (id: string, grade: string, x: number) => ({ id, label: id.slice(1), grade, x, y: 0 });
const plan = {
  prices: { R: 100, S: 50 },
  chart: {
    sections: [
      { id: "A", name: "A", rows: [{ label: "1", seats: [seat("a1", "S", 0), seat("a2", "S", 1)] }] },
      { id: "B", name: "B", rows: [{ label: "1", seats: [seat("b1", "R", 5)] }] },
    ],
  },
};
const hall = hallOf(plan);

function loaded(): Board {
  const board = new Board(hall);
  board.load({
    version: 5,
    sections: [
      { id: "A", statuses: "05" },
      { id: "B", statuses: "0" },
    ],
  });
  return board;
}

describe("the hall", () => {
  it("lists all seats in chart order, the dearest grade first", () => {
    expect(hall.seats.map(({ id }) => id)).toEqual(["a1", "a2", "b1"]);
    expect(hall.grades).toEqual(["R", "S"]);
    expect(hall.bounds).toEqual({ left: -2.5, top: -5.1, right: 7.5, bottom: 1.5 });
    expect(hall.indexOf.get("b1")).toBe(2);
  });
});

describe("the board", () => {
  it("offers nothing before the first snapshot", () => {
    expect(new Board(hall).isFree(0)).toBe(false);
  });
  it("decodes a digit per seat", () => {
    const board = loaded();
    expect([0, 1, 2].map((index) => board.statusOf(index))).toEqual([0, 5, 0]);
    expect(board.freeByGrade()).toEqual(
      new Map([
        ["R", 1],
        ["S", 1],
      ]),
    );
    expect(statusDigit("0", 3)).toBe(1);
  });
  it("applies the next delta, ignores an old one, reports a gap", () => {
    const board = loaded();
    expect(board.apply({ scheduleId: "s", from: 5, to: 6, changes: [[1, 0, 2]] })).toEqual([2]);
    expect(board.isFree(2)).toBe(false);
    expect(board.apply({ scheduleId: "s", from: 4, to: 5, changes: [[1, 0, 0]] })).toEqual([]);
    expect(board.apply({ scheduleId: "s", from: 7, to: 8, changes: [] })).toBe("gap");
    expect(board.version).toBe(6);
  });
  it("takes a delta that overlaps what it knows", () => {
    const board = loaded();
    expect(board.apply({ scheduleId: "s", from: 3, to: 7, changes: [[0, 0, 5]] })).toEqual([0]);
    expect(board.version).toBe(7);
  });
  it("a section of kept seats alone is open to who has a code, and sold out to everybody else", () => {
    const board = loaded();
    board.load({
      version: 6,
      sections: [
        { id: "A", statuses: "11" },
        { id: "B", statuses: "5" },
      ],
    });
    expect([0, 1].map((index) => board.isSectionOpen(index))).toEqual([false, false]);
    board.withCode = true;
    expect([0, 1].map((index) => board.isSectionOpen(index))).toEqual([true, false]);
    expect(board.freeInSection(0)).toBe(0);
    board.load({ version: 7, sections: [{ id: "B", statuses: "0" }] });
    expect(board.isSectionOpen(1)).toBe(true);
    // Before anything is known nothing is open, whatever the code.
    const unknown = new Board(hall);
    unknown.withCode = true;
    expect(unknown.isSectionOpen(0)).toBe(false);
  });
  it("does not go back to an older snapshot", () => {
    const board = loaded();
    expect(board.load({ version: 4, sections: [{ id: "A", statuses: "00" }] })).toEqual([]);
    expect(board.isFree(1)).toBe(false);
  });
});

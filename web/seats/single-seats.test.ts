import { describe, expect, it } from "vitest";
import { Board } from "./board.ts";
import { hallOf } from "./hall.ts";
import { leftAlone } from "./single-seats.ts";

/** One row; W is a wheelchair space, | an aisle after the seat before it. */
function rowOf(signs: string) {
  const seats: {
    id: string;
    label: string;
    grade: string;
    x: number;
    y: number;
    attributes: string[];
    aisle: boolean;
  }[] = [];
  for (const sign of signs) {
    const last = seats.at(-1);
    if (sign === "|" && last !== undefined) last.aisle = true;
    else {
      const id = `n${seats.length}`;
      const attributes = sign === "W" ? ["wheelchair"] : [];
      seats.push({ id, label: id, grade: "R", x: seats.length, y: 0, attributes, aisle: false });
    }
  }
  const sections = [{ id: "A", name: "A", rows: [{ label: "1", seats }] }];
  const hall = hallOf({ prices: { R: 1 }, chart: { sections } });
  const board = new Board(hall);
  board.load({ version: 1, sections: [{ id: "A", statuses: "0".repeat(seats.length) }] });
  return { hall, board };
}

describe("seats left alone", () => {
  it("are told, and only where something better could be chosen", () => {
    const { hall, board } = rowOf("......");
    expect(leftAlone(hall, board, [1], false)).toEqual([0]);
    expect(leftAlone(hall, board, [0, 1], false)).toEqual([]);
    expect(leftAlone(hall, board, [], false)).toEqual([]);
    const three = rowOf("..");
    expect(leftAlone(three.hall, three.board, [0], false)).toEqual([]);
  });
  it("end at an aisle, and at a wheelchair space for those who need none", () => {
    const aisle = rowOf("...|...");
    expect(leftAlone(aisle.hall, aisle.board, [0, 1], false)).toEqual([2]);
    const wheel = rowOf("...W....");
    expect(leftAlone(wheel.hall, wheel.board, [0, 1], false)).toEqual([2]);
    expect(leftAlone(wheel.hall, wheel.board, [0, 1], true)).toEqual([]);
  });
});

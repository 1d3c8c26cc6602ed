import { expect, it } from "vitest";
import { hallOf } from "./hall.ts";
import { seatToward } from "./roving.ts";

const row = (label: string, xs: readonly number[]) => ({
  label,
  seats: xs.map((x) => ({ id: `${label}-${x}`, label: String(x), grade: "R", x, y: Number(label) })),
});
const hall = hallOf({
  prices: { R: 1 },
  chart: {
    sections: [
      { id: "A", name: "A", rows: [row("1", [0, 1, 2]), row("2", [1, 2])] },
      { id: "B", name: "B", rows: [row("3", [0])] },
    ],
  },
});

it.each([
  [0, "ArrowRight", 1],
  [0, "ArrowLeft", 0],
  [2, "ArrowRight", 2],
  [2, "ArrowDown", 4],
  [0, "ArrowDown", 3],
  [4, "ArrowUp", 2],
  [4, "ArrowDown", 5],
  [5, "ArrowDown", 5],
  [1, "Home", 0],
  [0, "End", 2],
])("from seat %i, %s leads to %i", (from, key, to) => {
  expect(seatToward(hall, from, key)).toBe(to);
});

it("leaves other keys alone", () => {
  expect(seatToward(hall, 0, "a")).toBeNull();
});

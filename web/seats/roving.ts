/** Where an arrow key leads from a seat: along the row, or to the nearest seat of the next row that way. */
import type { Hall, HallRow } from "./hall.ts";

export function seatToward(hall: Hall, from: number, key: string): number | null {
  const rows = hall.sections.flatMap((section) => section.rows).filter((row) => row.end > row.start);
  const at = rows.findIndex((row) => from >= row.start && from < row.end);
  const row = rows[at];
  if (row === undefined) return null;
  switch (key) {
    case "ArrowLeft":
      return Math.max(row.start, from - 1);
    case "ArrowRight":
      return Math.min(row.end - 1, from + 1);
    case "Home":
      return row.start;
    case "End":
      return row.end - 1;
    case "ArrowUp":
      return nearest(hall, rows[at - 1], from);
    case "ArrowDown":
      return nearest(hall, rows[at + 1], from);
    default:
      return null;
  }
}

function nearest(hall: Hall, row: HallRow | undefined, from: number): number {
  const here = hall.seats[from];
  if (row === undefined || here === undefined) return from;
  let best = row.start;
  let distance = Infinity;
  for (let index = row.start; index < row.end; index += 1) {
    const away = Math.abs((hall.seats[index]?.x ?? Infinity) - here.x);
    if (away < distance) [best, distance] = [index, away];
  }
  return best;
}

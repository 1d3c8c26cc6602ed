/** The rule about single seats, told before anything is asked for: the same function that the server decides with. */
import { singlesLeft } from "../../durable-objects/performance/seats/singles.ts";
import type { Board } from "./board.ts";
import type { Hall } from "./hall.ts";

/** Seats that would be left alone by this choice; none where it is fine, or where nothing better could be chosen. */
export function leftAlone(hall: Hall, board: Board, picked: readonly number[], accessible: boolean): readonly number[] {
  if (picked.length === 0) return [];
  const free = (index: number): boolean =>
    board.isFree(index) && (accessible || hall.seats[index]?.accessible !== true);
  const grades = new Set(picked.map((index) => hall.seats[index]?.gradeIndex));
  const eligible = (index: number): boolean => free(index) && grades.has(hall.seats[index]?.gradeIndex);
  return singlesLeft(hall.runs, free, new Set(picked), eligible);
}

/** Best available in the stadium: how long one answer takes when half of the seats are gone. */
import { performance } from "node:perf_hooks";
import { stadiumChart } from "../../dev/charts/stadium.ts";
import { bestAvailable, mostTogether, reasonFor, type Search } from "../../durable-objects/performance/seats/best.ts";
import { Board, SEAT } from "../../durable-objects/performance/seats/board.ts";
import { schedulePlan } from "../../tests/simulation/charts.ts";
import { seeded } from "../../tests/simulation/random.ts";

const COUNTS = 8;

/**
 * Milliseconds of each question asked so many times: the search and the reason, for one to eight places, of all grades and
 * of each. The hardest are those to which the answer is that there are not so many together.
 */
export function bestAvailableTimes(times: number): readonly (readonly number[])[] {
  const prices = Object.fromEntries((stadiumChart.grades ?? []).map((grade, index) => [grade, 50_000 + index]));
  const board = new Board({ ...schedulePlan(stadiumChart), prices });
  const random = seeded(1);
  // In no order, which leaves the fewest neighbours: the hardest half to search.
  for (let position = 0; position < board.size; position++) {
    if (random.chance(0.5)) board.set(position, SEAT.sold, 1);
  }
  const kinds = board.places.grades.length + 1;
  return Array.from({ length: kinds * COUNTS }, (_, question) => {
    const grade = question % kinds;
    const search: Search = {
      board,
      count: 1 + Math.floor(question / kinds),
      free: (position) => board.status[position] === SEAT.free,
      grades: board.places.grades.map((_name, index) => grade === kinds - 1 || index === grade),
      near: board.places.focus,
      noSingleSeats: true,
      wheelchair: false,
    };
    return Array.from({ length: times }, () => {
      const startedAt = performance.now();
      const found = bestAvailable(search);
      if (found === null) mostTogether(search);
      else reasonFor(search, found);
      return performance.now() - startedAt;
    });
  });
}

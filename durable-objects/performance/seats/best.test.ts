import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stadiumChart } from "../../../dev/charts/stadium.ts";
import { schedulePlan } from "../../../tests/simulation/charts.ts";
import { bestAvailable, distanceTo, mostTogether, reasonFor, type Found, type Search } from "./best.ts";
import { Board, SEAT, type SeatStatus } from "./board.ts";
import type { Chart, ChartSeat, SeatAttribute } from "./chart.ts";
import { TRAIT } from "./places.ts";
import { singlesLeft } from "./singles.ts";

/** One letter a seat: grade S or A, lower case is taken; `w` before it a wheelchair space, `r` a restricted view, `|` an aisle. */
function boardOf(sections: readonly (readonly string[])[], zones: Chart["zones"] = []): Board {
  const taken: string[] = [];
  const chart: Chart = {
    version: 2,
    name: "x",
    grades: ["S", "A"],
    stage: { outline: [[4, -2], [6, -2], [5, -1]], focus: [5, 0] }, // prettier-ignore
    zones,
    sections: sections.map((rows, s) => ({
      id: `s${s}`,
      name: `Section ${s}`,
      rows: rows.map((row, r) => {
        const seats: ChartSeat[] = [];
        let attributes: SeatAttribute[] = [];
        for (const letter of row) {
          const last = seats.length - 1;
          if (letter === "|") seats[last] = { ...(seats[last] as ChartSeat), aisle: true };
          else if (letter === "w") attributes = ["wheelchair"];
          else if (letter === "r") attributes = ["restricted-view"];
          else {
            const id = `s${s}r${r}n${seats.length}`;
            if (letter === letter.toLowerCase()) taken.push(id);
            const place = {
              id,
              label: String(seats.length),
              grade: letter.toUpperCase(),
              x: s * 12 + seats.length,
              y: r,
            };
            seats.push(attributes.length === 0 ? place : { ...place, attributes });
            attributes = [];
          }
        }
        return { label: String(r + 1), seats };
      }),
    })),
  };
  const board = new Board({ ...schedulePlan(chart), prices: { S: 100, A: 50 } });
  for (const id of taken) board.set(board.position(id) ?? -1, SEAT.sold, 1);
  return board;
}

function searchOf(board: Board, count: number, change: Partial<Search> = {}): Search {
  return {
    board,
    count,
    free: (position) => board.status[position] === SEAT.free,
    grades: board.places.grades.map(() => true),
    near: board.places.focus,
    noSingleSeats: false,
    wheelchair: false,
    ...change,
  };
}

const ids = (board: Board, found: Found | null): readonly string[] | null =>
  found === null ? null : found.positions.map((position) => board.seatId(position));

/** Every window there is, the best by the published order: the definition, without any of the shortcuts. */
function bruteForce(search: Search): Found | null {
  const { board, count, free, grades, near, noSingleSeats, wheelchair } = search;
  const { places } = board;
  const all: Found[] = [];
  for (const run of places.runs) {
    for (let first = run.from; first + count <= run.to; first++) {
      const positions = Array.from({ length: count }, (_, n) => first + n);
      if (!positions.every((one) => free(one) && grades[places.grade[one] ?? 0] === true)) continue;
      const has = (trait: number): number =>
        positions.filter((one) => ((places.traits[one] ?? 0) & trait) !== 0).length;
      if (wheelchair && has(TRAIT.wheelchair) === 0) continue;
      // With nothing else to choose from, the rule itself would allow what it counts: here only the counting is wanted.
      const singles = noSingleSeats ? newSingles(search, run, positions) : 0;
      const distance = positions.reduce((sum, one) => sum + distanceTo(places, one, near), 0);
      all.push({ positions, singles, restricted: has(TRAIT.restrictedView), distance });
    }
  }
  const order = (a: Found, b: Found): number =>
    a.singles - b.singles ||
    a.restricted - b.restricted ||
    a.distance - b.distance ||
    (a.positions[0] ?? 0) - (b.positions[0] ?? 0);
  return all.toSorted(order)[0] ?? null;
}

function newSingles({ free }: Search, run: { from: number; to: number }, chosen: readonly number[]): number {
  const isFree = (one: number, without: boolean): boolean =>
    one >= run.from && one < run.to && free(one) && !(without && chosen.includes(one));
  const alone = (one: number, without: boolean): boolean =>
    isFree(one, without) && !isFree(one - 1, without) && !isFree(one + 1, without);
  let found = 0;
  for (let one = run.from; one < run.to; one++) found += Number(alone(one, true) && !alone(one, false));
  return found;
}

const row = fc
  .array(fc.constantFrom("S", "A", "s", "a", "S", "wS", "rA", "S|", "A|"), { minLength: 1, maxLength: 9 })
  .map((letters) => letters.join(""));
const halls = fc.array(fc.array(row, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });

describe("best available", () => {
  it("is what looking at every possibility would find, on any small chart", () => {
    fc.assert(
      fc.property(
        halls,
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom([true, true], [true, false], [false, true]),
        fc.boolean(),
        fc.boolean(),
        (sections, count, grades, noSingleSeats, wheelchair) => {
          const search = searchOf(boardOf(sections), count, { grades, noSingleSeats, wheelchair });
          expect(bestAvailable(search)).toEqual(bruteForce(search));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("says the same of the same board, and why", () => {
    const board = boardOf([["SSsSSSSSSSS", "SSSSSSSSSSS"], ["wSrSSS"]]);
    const search = searchOf(board, 2);
    const found = bestAvailable(search);
    expect(ids(board, found)).toEqual(["s0r0n4", "s0r0n5"]);
    expect(bestAvailable(search)).toEqual(found);
    expect(found && reasonFor(search, found)).toEqual({
      section: "Section 0",
      row: "1",
      distance: 0.5,
      restrictedView: false,
      nearer: { taken: 0, withheld: 0, accessible: 0, notTogether: 0 },
    });
  });

  it("tells what became of the nearer seats", () => {
    const board = boardOf([["SSSSssSsSSS", "SSSSSSSSSSS"]]);
    const search = searchOf(board, 3);
    const found = bestAvailable(search);
    expect(ids(board, found)).toEqual(["s0r1n4", "s0r1n5", "s0r1n6"]);
    expect(found && reasonFor(search, found).nearer).toEqual({ taken: 2, withheld: 0, accessible: 0, notTogether: 1 });
  });

  it("takes a restricted view only where there is nothing else, and stops at aisles", () => {
    const board = boardOf([["SSSrSrSrSSSS"]]);
    expect(ids(board, bestAvailable(searchOf(board, 2)))).toEqual(["s0r0n6", "s0r0n7"]);
    expect(bestAvailable(searchOf(boardOf([["SS|SS|SS"]]), 3))).toBeNull();
    expect(mostTogether(searchOf(boardOf([["SS|SSS|sS"]]), 4))).toEqual({ together: 3, free: 6 });
  });

  it("prefers what leaves no single seat, and still finds something where everything would", () => {
    const board = boardOf([["ssSSSSsssss"]]);
    expect(ids(board, bestAvailable(searchOf(board, 3, { noSingleSeats: true })))).toEqual([
      "s0r0n3",
      "s0r0n4",
      "s0r0n5",
    ]);
    expect(ids(board, bestAvailable(searchOf(board, 1)))).toEqual(["s0r0n5"]);
    expect(ids(board, bestAvailable(searchOf(board, 2, { noSingleSeats: true })))).toEqual(["s0r0n4", "s0r0n5"]);
  });

  it("counts a standing zone with room as one place, as far away as its middle", () => {
    const zones: Chart["zones"] = [
      { id: "F", name: "Floor", grade: "A", capacity: 3, outline: [[4, 0], [6, 0], [5, 3]] }, // prettier-ignore
    ];
    const board = boardOf([["SSSSSSSSSSSS", "AAAAAAAAAAAA"]], zones);
    const only = (grade: string): readonly boolean[] => board.places.grades.map((one) => one === grade);
    expect(ids(board, bestAvailable(searchOf(board, 2, { grades: only("A") })))).toEqual(["F.1", "F.2"]);
    expect(ids(board, bestAvailable(searchOf(board, 4, { grades: only("A") })))).toEqual([
      "s0r1n3",
      "s0r1n4",
      "s0r1n5",
      "s0r1n6",
    ]);
    const two = searchOf(board, 2, { grades: only("A") });
    expect(reasonFor(two, bestAvailable(two) as Found)).toMatchObject({ section: "Floor", row: null, distance: 1 });
  });

  it("finds the same in a half-sold stadium as looking everywhere does", () => {
    const prices = Object.fromEntries((stadiumChart.grades ?? []).map((grade) => [grade, 1_000]));
    const board = new Board({ ...schedulePlan(stadiumChart), prices });
    for (let position = 0; position < board.size; position++) {
      const status: SeatStatus = (position * 7_919) % 13 < 7 ? SEAT.sold : SEAT.free;
      if (status === SEAT.sold) board.set(position, status, 1);
    }
    const seats = board.places.grades.map((grade) => grade !== "스탠딩");
    for (const count of [1, 2, 4]) {
      const search = searchOf(board, count, { grades: seats });
      expect(bestAvailable(search)).toEqual(bruteForce(search));
    }
  });
});

describe("no single seat left", () => {
  const runsOf = (stretches: readonly number[]): { from: number; to: number }[] => {
    let from = 0;
    return stretches.map((length) => {
      const run = { from, to: from + length };
      from = run.to;
      return run;
    });
  };
  const singles = (
    free: readonly boolean[],
    runs: readonly { from: number; to: number }[],
    chosen: ReadonlySet<number>,
  ) => {
    const found = new Set<number>();
    for (const run of runs) {
      for (let one = run.from; one < run.to; one++) {
        const open = (at: number): boolean => at >= run.from && at < run.to && free[at] === true && !chosen.has(at);
        if (open(one) && !open(one - 1) && !open(one + 1)) found.add(one);
      }
    }
    return found;
  };

  it("refuses what leaves a new single seat, unless every choice of that many would", () => {
    const room = fc.record({
      stretches: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
      taken: fc.array(fc.boolean(), { minLength: 18, maxLength: 18 }),
      others: fc.array(fc.boolean(), { minLength: 18, maxLength: 18 }),
      picks: fc.array(fc.integer({ min: 0, max: 17 }), { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(room, ({ stretches, taken, others, picks }) => {
        const runs = runsOf(stretches);
        const size = runs.at(-1)?.to ?? 0;
        const free = Array.from({ length: size }, (_, one) => taken[one] !== true);
        // Seats of the other grade are free, but not what this purchase could have been made of.
        const eligible = free.map((is, one) => is && others[one] !== true);
        const chosen = new Set(picks.map((one) => one % size).filter((one) => eligible[one] === true));
        fc.pre(chosen.size > 0);
        const before = singles(free, runs, new Set());
        const fresh = (choice: ReadonlySet<number>): number[] =>
          [...singles(free, runs, choice)].filter((one) => !before.has(one)).toSorted((a, b) => a - b);
        const candidates = eligible.flatMap((is, one) => (is ? [one] : []));
        const avoidable = subsets(candidates, chosen.size).some((choice) => fresh(new Set(choice)).length === 0);
        const left = singlesLeft(
          runs,
          (one) => free[one] === true,
          chosen,
          (one) => eligible[one] === true,
        );
        expect(left).toEqual(avoidable ? fresh(chosen) : []);
      }),
      { numRuns: 2_000 },
    );
  });
});

function subsets(of: readonly number[], size: number): number[][] {
  if (size === 0) return [[]];
  return of.flatMap((one, index) => subsets(of.slice(index + 1), size - 1).map((rest) => [one, ...rest]));
}

/** The hall as the page needs it: all seats in one list in chart order, and where each of them stands. */
import type { Stretch } from "../../durable-objects/performance/seats/singles.ts";
import type { ChartRow, ChartSection, HallPlan } from "../calls/performances.ts";

export interface HallSeat {
  readonly index: number;
  readonly id: string;
  readonly label: string;
  readonly row: string;
  readonly section: string;
  readonly grade: string;
  readonly gradeIndex: number;
  readonly price: number;
  readonly x: number;
  readonly y: number;
  /** Kept for people with wheelchairs and those who come with them. */
  readonly accessible: boolean;
  readonly restricted: boolean;
}

export interface HallRow {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly bounds: Bounds;
}

/** Corners of an outline in order, in seat widths. */
export type Outline = readonly (readonly [x: number, y: number])[];

export interface HallSection {
  readonly id: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly rows: readonly HallRow[];
  readonly bounds: Bounds;
  /** Drawn instead of its seats from far away. */
  readonly outline: Outline;
  /** The grade most of its seats are of. */
  readonly gradeIndex: number;
}

/** Places to stand: asked for by their number. */
export interface HallZone {
  readonly id: string;
  readonly name: string;
  readonly grade: string;
  readonly price: number;
  readonly capacity: number;
  readonly gradeIndex: number;
  /** Where people stand; none, and the zone is only in the list of zones. */
  readonly outline: Outline | null;
}

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Hall {
  readonly seats: readonly HallSeat[];
  readonly sections: readonly HallSection[];
  readonly zones: readonly HallZone[];
  readonly grades: readonly string[];
  /** Seats beside each other, from aisle to aisle: what the rule about single seats looks at. */
  readonly runs: readonly Stretch[];
  readonly stage: Outline;
  /** Everything that is drawn, and a margin. */
  readonly bounds: Bounds;
  readonly indexOf: ReadonlyMap<string, number>;
}

/** Grades are ordered by price, dearest first, so that the first shape and colour are always the best seats'. */
export function gradeOrder(plan: Pick<HallPlan, "chart" | "prices">): readonly string[] {
  const found = new Set<string>();
  for (const section of plan.chart.sections) {
    for (const row of section.rows) for (const seat of row.seats) found.add(seat.grade);
  }
  for (const { grade } of plan.chart.zones ?? []) found.add(grade);
  const priceOf = (grade: string): number => plan.prices[grade] ?? 0;
  return [...found].toSorted((a, b) => priceOf(b) - priceOf(a) || a.localeCompare(b));
}

export function hallOf(plan: Pick<HallPlan, "chart" | "prices">): Hall {
  const grades = gradeOrder(plan);
  const building: Building = { seats: [], runs: [], grades, prices: plan.prices, width: plan.chart.seatWidth ?? 1 };
  const sections = plan.chart.sections.map((section) => addSection(section, building));
  const { seats, runs, width } = building;
  const zones = (plan.chart.zones ?? []).map(({ id, name, grade, capacity, outline }) => ({
    id,
    name,
    grade,
    capacity,
    price: plan.prices[grade] ?? 0,
    gradeIndex: grades.indexOf(grade),
    outline: outline === undefined || outline.length < 3 ? null : scaled(outline, width),
  }));
  const drawn = plan.chart.stage?.outline;
  const stage = drawn === undefined || drawn.length < 3 ? stageBefore(boundsOf(seats)) : scaled(drawn, width);
  const corners = [stage, ...zones.flatMap(({ outline }) => (outline === null ? [] : [outline]))].flat();
  const all = boundsOf([...seats, ...corners.map(([x, y]) => ({ x, y }))]);
  return {
    seats,
    sections,
    zones,
    grades,
    runs,
    stage,
    bounds: { left: all.left - 2, top: all.top - 1.5, right: all.right + 2, bottom: all.bottom + 1.5 },
    indexOf: new Map(seats.map((seat) => [seat.id, seat.index])),
  };
}

interface Building {
  readonly seats: HallSeat[];
  readonly runs: Stretch[];
  readonly grades: readonly string[];
  readonly prices: Readonly<Record<string, number>>;
  readonly width: number;
}

const scaled = (outline: Outline, width: number): Outline => outline.map(([x, y]) => [x / width, y / width]);

/** Where nobody has drawn a stage it is thought of in front of the first row. */
function stageBefore({ left, right, top }: Bounds): Outline {
  const middle = (left + right) / 2;
  const half = Math.max(3, (right - left) * 0.3);
  return [
    [middle - half, top - 3.6],
    [middle + half, top - 3.6],
    [middle + half * 0.9, top - 2],
    [middle - half * 0.9, top - 2],
  ];
}

function addSection(section: ChartSection, building: Building): HallSection {
  const { seats, grades, width } = building;
  const start = seats.length;
  const rows = section.rows.map((row) => addRow(section.name, row, building));
  const own = seats.slice(start);
  const counts = grades.map((_, index) => own.filter((seat) => seat.gradeIndex === index).length);
  return {
    id: section.id,
    name: section.name,
    start,
    end: seats.length,
    rows,
    bounds: boundsOf(own),
    outline:
      section.outline === undefined || section.outline.length < 3
        ? outlineAround(rows, seats)
        : scaled(section.outline, width),
    gradeIndex: Math.max(0, counts.indexOf(Math.max(...counts))),
  };
}

function addRow(section: string, row: ChartRow, { seats, runs, grades, prices, width }: Building): HallRow {
  const start = seats.length;
  let run = start;
  for (const [n, { id, label, grade, x, y, attributes = [], aisle = false }] of row.seats.entries()) {
    seats.push({
      index: seats.length,
      id,
      label,
      row: row.label,
      section,
      grade,
      gradeIndex: grades.indexOf(grade),
      price: prices[grade] ?? 0,
      x: x / width,
      y: y / width,
      accessible: attributes.includes("wheelchair") || attributes.includes("companion"),
      restricted: attributes.includes("restricted-view"),
    });
    if (!aisle && n + 1 < row.seats.length) continue;
    runs.push({ from: run, to: seats.length });
    run = seats.length;
  }
  return { label: row.label, start, end: seats.length, bounds: boundsOf(seats.slice(start)) };
}

/** Along the first row, down the ends of the rows, back along the last one, and up again. */
function outlineAround(rows: readonly HallRow[], seats: readonly HallSeat[]): Outline {
  const at = (index: number): readonly [number, number] => [seats[index]?.x ?? 0, seats[index]?.y ?? 0];
  const filled = rows.filter((row) => row.end > row.start);
  const [first, last] = [filled[0], filled.at(-1)];
  if (first === undefined || last === undefined) return [];
  const along = (row: HallRow): (readonly [number, number])[] => {
    const step = Math.max(1, Math.floor((row.end - row.start) / 8));
    const points = [];
    for (let index = row.start; index < row.end - 1; index += step) points.push(at(index));
    return [...points, at(row.end - 1)];
  };
  return [
    ...along(first),
    ...filled.slice(1, -1).map((row) => at(row.end - 1)),
    ...(last === first ? [] : along(last).toReversed()),
    ...filled
      .slice(1, -1)
      .map((row) => at(row.start))
      .toReversed(),
  ];
}

export function boundsOf(seats: readonly Pick<HallSeat, "x" | "y">[]): Bounds {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of seats) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return seats.length === 0 ? { left: 0, top: 0, right: 1, bottom: 1 } : { left, top, right, bottom };
}

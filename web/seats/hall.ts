/** The hall as the page needs it: all seats in one list in chart order, and where each of them stands. */
import type { ChartSection, HallPlan } from "../calls/performances.ts";

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
}

export interface HallRow {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

export interface HallSection {
  readonly id: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly rows: readonly HallRow[];
}

/** Places to stand: asked for by their number. */
export interface HallZone {
  readonly id: string;
  readonly name: string;
  readonly grade: string;
  readonly price: number;
  readonly capacity: number;
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
  const seats: HallSeat[] = [];
  const width = plan.chart.seatWidth ?? 1;
  const sections = plan.chart.sections.map((section) => addSection(section, seats, grades, plan.prices, width));
  return {
    seats,
    sections,
    zones: (plan.chart.zones ?? []).map(({ id, name, grade, capacity }) => ({
      id,
      name,
      grade,
      capacity,
      price: plan.prices[grade] ?? 0,
    })),
    grades,
    bounds: boundsOf(seats),
    indexOf: new Map(seats.map((seat) => [seat.id, seat.index])),
  };
}

function addSection(
  section: ChartSection,
  seats: HallSeat[],
  grades: readonly string[],
  prices: Readonly<Record<string, number>>,
  seatWidth: number,
): HallSection {
  const start = seats.length;
  const rows = section.rows.map((row) => {
    const rowStart = seats.length;
    for (const { id, label, grade, x, y } of row.seats) {
      const price = prices[grade] ?? 0;
      const gradeIndex = grades.indexOf(grade);
      seats.push({
        index: seats.length,
        id,
        label,
        row: row.label,
        section: section.name,
        grade,
        gradeIndex,
        price,
        x: x / seatWidth,
        y: y / seatWidth,
      });
    }
    return { label: row.label, start: rowStart, end: seats.length };
  });
  return { id: section.id, name: section.name, start, end: seats.length, rows };
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

/**
 * A chart: the places of a hall, apart from any performance (docs/charts.md). A seat's `id` is its identity for ever; its
 * label is what is printed on the chair. Places are numbered in chart order (section by section, row by row, then zone by
 * zone), and that order is what the packed storage and the snapshots use.
 *
 * Version 1 is sections, rows and seats alone; version 2 adds everything that is optional here. A chart of version 1 is one
 * of version 2 that leaves it out, and is read by the same code.
 */
export interface Chart {
  readonly version: 1 | 2;
  readonly name: string;
  /** How many units of the coordinates one seat is wide; 1 where it is not said. */
  readonly seatWidth?: number;
  /** Every grade of the hall in the order in which lists show them. Where it is given, a seat of another grade is a mistake. */
  readonly grades?: readonly string[];
  readonly stage?: Stage;
  readonly sections: readonly ChartSection[];
  readonly zones?: readonly ChartZone[];
}

/** A corner on the plan: x grows to the right as the audience sees it, y away from the stage. */
export type Point = readonly [x: number, y: number];

export interface Stage {
  /** Corners of the outline in order; the last one joins the first. */
  readonly outline: readonly Point[];
  /** The point the best seats are near; the middle of the outline where it is not said. */
  readonly focus?: Point;
}

export interface ChartSection {
  readonly id: string;
  readonly name: string;
  readonly rows: readonly ChartRow[];
  /** What is drawn around the section; none, and the plan shows the seats alone. */
  readonly outline?: readonly Point[];
}

export interface ChartRow {
  readonly label: string;
  /** In physical order: neighbours in the list are neighbours in the hall, unless an aisle lies between them. */
  readonly seats: readonly ChartSeat[];
}

/** `wheelchair` and `companion` make up the pool of accessible seats; `restricted-view` is taken last by best available. */
export const seatAttributes = [
  "wheelchair",
  "companion",
  "restricted-view",
  "step-free",
  "hearing-loop",
  "extra-legroom",
] as const;
export type SeatAttribute = (typeof seatAttributes)[number];

export interface ChartSeat {
  readonly id: string;
  readonly label: string;
  readonly grade: string;
  readonly x: number;
  readonly y: number;
  readonly attributes?: readonly SeatAttribute[];
  /** An aisle lies between this seat and the next one of the row. */
  readonly aisle?: true;
}

/** Places to stand, all alike: people ask for a number of them. */
export interface ChartZone {
  readonly id: string;
  readonly name: string;
  readonly grade: string;
  readonly capacity: number;
  readonly outline?: readonly Point[];
}

/** Identity of the nth place of a zone, counted from 1: stable for ever, like a seat's. */
export function placeId(zoneId: string, n: number): string {
  return `${zoneId}.${n}`;
}

/** Seats and standing places together. */
export function placesOf(chart: Chart): number {
  let places = 0;
  for (const { rows } of chart.sections) for (const { seats } of rows) places += seats.length;
  for (const { capacity } of chart.zones ?? []) places += capacity;
  return places;
}

/** The grades that occur, in the order of the chart's own list first, then of appearance. */
export function gradesOf(chart: Chart): readonly string[] {
  const found = new Set<string>();
  for (const { rows } of chart.sections) for (const { seats } of rows) for (const { grade } of seats) found.add(grade);
  for (const { grade } of chart.zones ?? []) found.add(grade);
  const listed = (chart.grades ?? []).filter((grade) => found.has(grade));
  return [...new Set([...listed, ...found])];
}

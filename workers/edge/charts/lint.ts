/**
 * Looks over a chart whose form is right, and says what is wrong or odd about it. Pure, and bounded however odd the chart is:
 * every place is looked at once, and beside it only what lies within half a seat.
 */
import {
  gradesOf,
  placeId,
  placesOf,
  type Chart,
  type ChartRow,
  type ChartSection,
} from "../../../durable-objects/performance/seats/chart.ts";
import { finding, type Finding } from "./findings.ts";

/** Seats and standing places of one chart: what one object holds in memory per date. */
const MOST_PLACES = 60_000;
const MOST_GRADES = 50;
/** Closer than this many seat widths, two seats are drawn on top of each other. */
const OVERLAP = 0.5;
/** Further apart than this many seat widths, two neighbours of a row are hardly neighbours. */
const GAP = 2.5;
/** The same mistake is told so many times; after that somebody has understood. */
const TOLD_PER_CODE = 50;

export function chartFindings(chart: Chart): readonly Finding[] {
  const lint = new Lint(chart);
  const places = placesOf(chart);
  const grades = gradesOf(chart);
  if (places === 0) lint.tell(finding("no-places", ["sections"]));
  if (places > MOST_PLACES) lint.tell(finding("too-many-places", ["sections"], { count: places, most: MOST_PLACES }));
  if (grades.length > MOST_GRADES)
    lint.tell(finding("too-many-grades", ["sections"], { count: grades.length, most: MOST_GRADES }));
  chart.sections.forEach((section, index) => lint.section(section, index));
  lint.zones();
  for (const [index, grade] of (chart.grades ?? []).entries())
    if (!grades.includes(grade)) lint.tell(finding("unused-grade", ["grades", index], { grade }));
  return lint.findings;
}

type Path = readonly (string | number)[];

class Lint {
  readonly findings: Finding[] = [];
  readonly #chart: Chart;
  readonly #width: number;
  readonly #told = new Map<string, number>();
  readonly #sectionIds = new Set<string>();
  readonly #seatIds = new Set<string>();
  readonly #known: ReadonlySet<string> | null;
  /** Seats by the square of half a seat width they lie in. */
  readonly #squares = new Map<string, { readonly id: string; readonly x: number; readonly y: number }[]>();

  constructor(chart: Chart) {
    this.#chart = chart;
    this.#width = chart.seatWidth ?? 1;
    this.#known = chart.grades === undefined ? null : new Set(chart.grades);
  }

  tell(found: Finding): void {
    const told = this.#told.get(found.code) ?? 0;
    this.#told.set(found.code, told + 1);
    if (told < TOLD_PER_CODE) this.findings.push(found);
  }

  section(section: ChartSection, index: number): void {
    const at = ["sections", index];
    this.#sectionId(section.id, at);
    const labels = new Set<string>();
    section.rows.forEach((row, r) => {
      const path = [...at, "rows", r];
      if (labels.has(row.label))
        this.tell(finding("duplicate-row", [...path, "label"], { section: section.name, row: row.label }));
      labels.add(row.label);
      this.#row(section, row, path);
    });
  }

  zones(): void {
    for (const [index, zone] of (this.#chart.zones ?? []).entries()) {
      const at = ["zones", index];
      this.#sectionId(zone.id, at);
      this.#grade(zone.grade, [...at, "grade"]);
      for (let n = 1; n <= Math.min(zone.capacity, MOST_PLACES); n++) this.#seatId(placeId(zone.id, n), [...at, "id"]);
    }
  }

  #row(section: ChartSection, row: ChartRow, path: Path): void {
    const labels = new Set<string>();
    const named = { section: section.name, row: row.label };
    let neighbours = false;
    let companions = false;
    let wheelchairs = false;
    row.seats.forEach((seat, n) => {
      const at = [...path, "seats", n];
      this.#seatId(seat.id, [...at, "id"]);
      this.#grade(seat.grade, [...at, "grade"]);
      if (labels.has(seat.label))
        this.tell(finding("duplicate-label", [...at, "label"], { ...named, label: seat.label }));
      labels.add(seat.label);
      this.#overlap(seat, at);
      companions ||= seat.attributes?.includes("companion") ?? false;
      wheelchairs ||= seat.attributes?.includes("wheelchair") ?? false;
      const next = row.seats[n + 1];
      if (next === undefined || seat.aisle === true) return;
      neighbours = true;
      const widths = Math.hypot(next.x - seat.x, next.y - seat.y) / this.#width;
      if (widths > GAP)
        this.tell(finding("gap-without-aisle", at, { seat: seat.id, next: next.id, widths: Math.round(widths) }));
    });
    if (!neighbours) this.tell(finding("row-without-neighbours", path, named));
    if (companions && !wheelchairs) this.tell(finding("companion-without-wheelchair", path, named));
  }

  #sectionId(id: string, path: Path): void {
    if (this.#sectionIds.has(id)) this.tell(finding("duplicate-section-id", [...path, "id"], { id }));
    this.#sectionIds.add(id);
  }

  #seatId(id: string, path: Path): void {
    if (this.#seatIds.has(id)) this.tell(finding("duplicate-seat-id", path, { id }));
    this.#seatIds.add(id);
  }

  #grade(grade: string, path: Path): void {
    if (this.#known === null || this.#known.has(grade)) return;
    this.tell(finding("unknown-grade", path, { grade, known: [...this.#known].slice(0, 8).join(", ") }));
  }

  #overlap({ id, x, y }: { readonly id: string; readonly x: number; readonly y: number }, path: Path): void {
    const side = OVERLAP * this.#width;
    const [column, line] = [Math.floor(x / side), Math.floor(y / side)];
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (const other of this.#squares.get(`${column + dx}/${line + dy}`) ?? []) {
          if (Math.hypot(other.x - x, other.y - y) >= side) continue;
          return this.tell(finding("overlapping-seats", path, { seat: id, other: other.id }));
        }
      }
    }
    // Only seats that overlap nobody are kept: no square has more than four of them.
    const key = `${column}/${line}`;
    const square = this.#squares.get(key);
    if (square === undefined) this.#squares.set(key, [{ id, x, y }]);
    else square.push({ id, x, y });
  }
}

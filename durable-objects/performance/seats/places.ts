/**
 * The places of one schedule as numbers: everything about a chart that rules ask for again and again, in arrays by position.
 * Positions count the seats in chart order, then the standing places zone by zone. Built once from the plan, never changed.
 */
import type { OrderSeat, SchedulePlan } from "../contract.ts";
import { gradesOf, placeId, type Chart, type ChartSeat, type Point } from "./chart.ts";

/** A contiguous range of positions that is stored as one row: a section of the chart, or a part of a zone. */
export interface BoardSection {
  readonly id: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Seats beside each other: from one aisle, or end of a row, to the next. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly section: number;
  readonly row: string;
}

export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly grade: number;
  readonly from: number;
  readonly to: number;
  /** Middle of the outline in seat widths; null where the chart draws none. */
  readonly middle: { readonly x: number; readonly y: number } | null;
}

/** What of its attributes the rules ask for. */
export const TRAIT = { wheelchair: 1, companion: 2, restrictedView: 4 } as const;
export const ACCESSIBLE = TRAIT.wheelchair | TRAIT.companion;

/** A zone of thousands is stored in parts of so many places, so that a hold does not rewrite all of it. */
const ZONE_PART = 1_000;

export class Places {
  /** Replaced when the date is moved to another time. */
  plan: SchedulePlan;
  readonly sections: readonly BoardSection[];
  /** Sections of the chart: the first of `sections`; what follows them are parts of zones. */
  readonly seatSections: number;
  readonly runs: readonly Run[];
  /** Runs of a section: from `runsFrom[s]` to before `runsFrom[s + 1]`. */
  readonly runsFrom: readonly number[];
  readonly zones: readonly Zone[];
  readonly grades: readonly string[];
  /** Seats; positions from here on are standing places. */
  readonly seats: number;
  readonly size: number;
  readonly grade: Uint8Array;
  readonly section: Uint16Array;
  /** The run of each seat. */
  readonly run: Int32Array;
  readonly traits: Uint8Array;
  /** In seat widths; of seats only. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The point the best seats are near, in seat widths. */
  readonly focus: { readonly x: number; readonly y: number };
  readonly #seats: ChartSeat[] = [];
  readonly #positions = new Map<string, number>();

  constructor(plan: SchedulePlan) {
    this.plan = plan;
    const { chart } = plan;
    this.grades = gradesOf(chart);
    const sections: BoardSection[] = [];
    const runs: Run[] = [];
    const runsFrom: number[] = [];
    for (const [index, section] of chart.sections.entries()) {
      const from = this.#seats.length;
      runsFrom.push(runs.length);
      for (const row of section.rows) {
        let start = this.#seats.length;
        for (const [n, seat] of row.seats.entries()) {
          this.#positions.set(seat.id, this.#seats.length);
          this.#seats.push(seat);
          if (seat.aisle !== true && n + 1 < row.seats.length) continue;
          runs.push({ from: start, to: this.#seats.length, section: index, row: row.label });
          start = this.#seats.length;
        }
      }
      sections.push({ id: section.id, name: section.name, from, to: this.#seats.length });
    }
    runsFrom.push(runs.length);
    this.seats = this.#seats.length;
    this.seatSections = sections.length;
    this.runs = runs;
    this.runsFrom = runsFrom;
    this.zones = zonesOf(chart, this.seats, this.grades, sections);
    this.sections = sections;
    this.size = sections.at(-1)?.to ?? 0;
    this.grade = new Uint8Array(this.size);
    this.section = new Uint16Array(this.size);
    this.run = new Int32Array(this.seats);
    this.traits = new Uint8Array(this.seats);
    this.x = new Float64Array(this.seats);
    this.y = new Float64Array(this.seats);
    for (const [index, { from, to }] of sections.entries()) this.section.fill(index, from, to);
    for (const [index, { from, to }] of runs.entries()) this.run.fill(index, from, to);
    for (const { grade, from, to } of this.zones) this.grade.fill(grade, from, to);
    this.#measure(chart);
    this.focus = focusOf(chart, this.x, this.y);
  }

  #measure({ seatWidth = 1 }: Chart): void {
    const index = new Map(this.grades.map((grade, n) => [grade, n]));
    for (const [position, seat] of this.#seats.entries()) {
      this.grade[position] = index.get(seat.grade) ?? 0;
      this.x[position] = seat.x / seatWidth;
      this.y[position] = seat.y / seatWidth;
      let traits = 0;
      for (const attribute of seat.attributes ?? []) {
        if (attribute === "wheelchair") traits |= TRAIT.wheelchair;
        else if (attribute === "companion") traits |= TRAIT.companion;
        else if (attribute === "restricted-view") traits |= TRAIT.restrictedView;
      }
      this.traits[position] = traits;
    }
  }

  position(id: string): number | null {
    const seat = this.#positions.get(id);
    if (seat !== undefined) return seat;
    const dot = id.lastIndexOf(".");
    const zone = dot < 0 ? undefined : this.zones.find((one) => one.id === id.slice(0, dot));
    const n = Number(id.slice(dot + 1));
    if (zone === undefined || !Number.isInteger(n) || n < 1 || n > zone.to - zone.from) return null;
    return placeId(zone.id, n) === id ? zone.from + n - 1 : null;
  }

  id(position: number): string {
    const zone = this.zoneOf(position);
    return zone === null ? this.#seat(position).id : placeId(zone.id, position - zone.from + 1);
  }

  /** The zone a position lies in; null for a seat. */
  zoneOf(position: number): Zone | null {
    if (position < this.seats) return null;
    const zone = this.zones.find(({ from, to }) => position >= from && position < to);
    if (zone === undefined) throw new Error(`no place at position ${position}`);
    return zone;
  }

  /** The index of a zone by its id, or -1. */
  zone(id: string): number {
    return this.zones.findIndex((zone) => zone.id === id);
  }

  /** The place as an order keeps it, at the price of this schedule. A standing place has no row, and its number as label. */
  describe(position: number): OrderSeat {
    const grade = this.grades[this.grade[position] ?? 0] ?? "";
    const price = this.plan.prices[grade];
    if (price === undefined) throw new Error(`grade ${grade} has no price`);
    const zone = this.zoneOf(position);
    if (zone !== null) {
      const n = position - zone.from + 1;
      return { id: placeId(zone.id, n), section: zone.name, row: "", label: String(n), grade, price };
    }
    const seat = this.#seat(position);
    const section = this.sections[this.section[position] ?? 0]?.name ?? "";
    return { id: seat.id, section, row: this.rowOf(position), label: seat.label, grade, price };
  }

  rowOf(position: number): string {
    return this.runs[this.run[position] ?? 0]?.row ?? "";
  }

  #seat(position: number): ChartSeat {
    const seat = this.#seats[position];
    if (seat === undefined) throw new Error(`no seat at position ${position}`);
    return seat;
  }
}

/** Zones, and the parts they are stored in, which are added to `sections`. */
function zonesOf(chart: Chart, first: number, grades: readonly string[], sections: BoardSection[]): readonly Zone[] {
  const width = chart.seatWidth ?? 1;
  let from = first;
  return (chart.zones ?? []).map(({ id, name, grade, capacity, outline }) => {
    const zone: Zone = {
      id,
      name,
      grade: grades.indexOf(grade),
      from,
      to: from + capacity,
      middle: outline === undefined ? null : middleOf(outline, width),
    };
    for (let part = zone.from; part < zone.to; part += ZONE_PART) {
      sections.push({ id, name, from: part, to: Math.min(part + ZONE_PART, zone.to) });
    }
    from = zone.to;
    return zone;
  });
}

function middleOf(outline: readonly Point[], width: number): { x: number; y: number } {
  let [x, y] = [0, 0];
  for (const [px, py] of outline) {
    x += px;
    y += py;
  }
  return { x: x / outline.length / width, y: y / outline.length / width };
}

/** Where nobody has drawn a stage, it is thought of in the middle, three seats before the first row. */
function focusOf(chart: Chart, xs: Float64Array, ys: Float64Array): { x: number; y: number } {
  const width = chart.seatWidth ?? 1;
  const { stage } = chart;
  if (stage?.focus !== undefined) return { x: stage.focus[0] / width, y: stage.focus[1] / width };
  if (stage !== undefined) return middleOf(stage.outline, width);
  let [left, right, top] = [Infinity, -Infinity, Infinity];
  for (const x of xs) [left, right] = [Math.min(left, x), Math.max(right, x)];
  for (const y of ys) top = Math.min(top, y);
  return xs.length === 0 ? { x: 0, y: 0 } : { x: (left + right) / 2, y: top - 3 };
}

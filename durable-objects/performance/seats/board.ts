/**
 * The places of one schedule as of now: which state each is in and whose it is, in arrays in chart order (one byte of status
 * and four of holder a place). What does not change is in places.ts.
 */
import type { OrderSeat, SchedulePlan, SeatSnapshot } from "../contract.ts";
import { Places, type BoardSection } from "./places.ts";

/** Every seat is always in exactly one of these. The numbers are stored and sent to browsers: append, never renumber. */
export const SEAT = { free: 0, blocked: 1, held: 2, paying: 3, awaitingDeposit: 4, sold: 5, returning: 6 } as const;
export type SeatStatus = (typeof SEAT)[keyof typeof SEAT];
export const seatStatusNames = ["free", "blocked", "held", "paying", "awaiting-deposit", "sold", "returning"] as const;

export class Board {
  readonly places: Places;
  readonly status: Uint8Array;
  /** Number of the hold a seat belongs to (an order keeps its hold's number), 0 for nobody. */
  readonly holder: Int32Array;
  /** Number of the block a place belongs to, also while it is held or sold; 0: to none. */
  readonly block: Int32Array;
  /** Goes up by one with every committed change of a seat. */
  version = 0;
  /** Goes up by one when the chart is another: positions of an older one mean nothing any more. */
  chartVersion = 1;
  readonly #counts: Int32Array;
  /** Free and blocked places by section: what a search may pass over whole. */
  readonly #open: Int32Array;

  constructor(plan: SchedulePlan) {
    this.places = new Places(plan);
    this.status = new Uint8Array(this.places.size);
    this.holder = new Int32Array(this.places.size);
    this.block = new Int32Array(this.places.size);
    this.#counts = new Int32Array(this.places.grades.length * seatStatusNames.length);
    this.#open = new Int32Array(this.places.sections.length);
    for (const [index, { from, to }] of this.sections.entries()) this.#open[index] = to - from;
    for (const grade of this.places.grade) this.#count(grade, SEAT.free, 1);
  }

  get plan(): SchedulePlan {
    return this.places.plan;
  }

  get sections(): readonly BoardSection[] {
    return this.places.sections;
  }

  get size(): number {
    return this.places.size;
  }

  position(seatId: string): number | null {
    return this.places.position(seatId);
  }

  seatId(position: number): string {
    return this.places.id(position);
  }

  /** The section (or part of a zone) a position lies in, as an index. */
  sectionOf(position: number): number {
    return this.places.section[position] ?? 0;
  }

  /** The seat as an order keeps it, at the price of this schedule. */
  describe(position: number): OrderSeat {
    return this.places.describe(position);
  }

  set(position: number, status: SeatStatus, holder: number): void {
    const before = this.status[position];
    const grade = this.places.grade[position];
    if (before === undefined || grade === undefined) throw new Error(`no seat at position ${position}`);
    this.#count(grade, before as SeatStatus, -1);
    this.#count(grade, status, 1);
    const by = Number(status <= SEAT.blocked) - Number(before <= SEAT.blocked);
    if (by !== 0) this.#open[this.sectionOf(position)] = this.openIn(this.sectionOf(position)) + by;
    this.status[position] = status;
    this.holder[position] = holder;
  }

  /** Nobody has it any more: free, or back in the block it belongs to. */
  free(position: number): void {
    this.set(position, this.block[position] === 0 ? SEAT.free : SEAT.blocked, 0);
  }

  /** Takes over what storage holds of one section. Lengths must match the chart: anything else is a damaged row. */
  restore(section: number, status: Uint8Array, holder: Int32Array): void {
    const range = this.sections[section];
    if (range === undefined || status.length !== range.to - range.from || holder.length !== status.length) {
      throw new Error(`stored section ${section} does not fit the chart`);
    }
    for (let index = 0; index < status.length; index++) {
      this.set(range.from + index, (status[index] ?? 0) as SeatStatus, holder[index] ?? 0);
    }
  }

  /** Seats of a grade in a state. */
  count(grade: string, status: SeatStatus): number {
    const index = this.places.grades.indexOf(grade);
    return index < 0 ? 0 : (this.#counts[index * seatStatusNames.length + status] ?? 0);
  }

  /** Places of a section that nobody has: free or blocked. */
  openIn(section: number): number {
    return this.#open[section] ?? 0;
  }

  /** Free places of a zone. */
  freeInZone(zone: number): number {
    const range = this.places.zones[zone];
    if (range === undefined) return 0;
    let free = 0;
    for (let position = range.from; position < range.to; position++) if (this.status[position] === SEAT.free) free += 1;
    return free;
  }

  snapshot(): SeatSnapshot {
    const sections = this.sections.slice(0, this.places.seatSections).map((section) => ({
      id: section.id,
      statuses: Array.from(this.status.subarray(section.from, section.to), String).join(""),
    }));
    const zones = this.places.zones.map(({ id }, index) => ({ id, free: this.freeInZone(index) }));
    return { scheduleId: this.plan.id, version: this.version, chart: this.chartVersion, sections, zones };
  }

  #count(grade: number, status: SeatStatus, by: number): void {
    const at = grade * seatStatusNames.length + status;
    this.#counts[at] = (this.#counts[at] ?? 0) + by;
  }
}

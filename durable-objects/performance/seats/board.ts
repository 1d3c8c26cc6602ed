/**
 * The seats of one schedule: which state each is in and whose it is, in arrays in chart order (one byte of status and four
 * of holder a seat). A position is the seat's index in the whole chart; sections are contiguous ranges of positions.
 */
import type { OrderSeat, SchedulePlan, SeatSnapshot } from "../contract.ts";

/** Every seat is always in exactly one of these. The numbers are stored and sent to browsers: append, never renumber. */
export const SEAT = { free: 0, blocked: 1, held: 2, paying: 3, awaitingDeposit: 4, sold: 5, returning: 6 } as const;
export type SeatStatus = (typeof SEAT)[keyof typeof SEAT];
export const seatStatusNames = ["free", "blocked", "held", "paying", "awaiting-deposit", "sold", "returning"] as const;

export interface BoardSection {
  readonly id: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

interface Seat {
  readonly id: string;
  readonly row: string;
  readonly label: string;
  readonly grade: string;
  readonly section: number;
}

export class Board {
  readonly plan: SchedulePlan;
  readonly sections: readonly BoardSection[];
  readonly status: Uint8Array;
  /** Number of the hold a seat belongs to (an order keeps its hold's number), 0 for nobody. */
  readonly holder: Int32Array;
  /** Goes up by one with every committed change of a seat. */
  version = 0;
  readonly #seats: readonly Seat[];
  readonly #positions = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  constructor(plan: SchedulePlan) {
    this.plan = plan;
    const seats: Seat[] = [];
    const sections: BoardSection[] = [];
    for (const [index, section] of plan.chart.sections.entries()) {
      const from = seats.length;
      for (const row of section.rows) {
        for (const seat of row.seats) {
          this.#positions.set(seat.id, seats.length);
          seats.push({ id: seat.id, row: row.label, label: seat.label, grade: seat.grade, section: index });
        }
      }
      sections.push({ id: section.id, name: section.name, from, to: seats.length });
    }
    this.#seats = seats;
    this.sections = sections;
    this.status = new Uint8Array(seats.length);
    this.holder = new Int32Array(seats.length);
    for (const seat of seats) this.#count(seat.grade, SEAT.free, 1);
  }

  get size(): number {
    return this.#seats.length;
  }

  position(seatId: string): number | null {
    return this.#positions.get(seatId) ?? null;
  }

  seatId(position: number): string {
    return this.#seat(position).id;
  }

  /** The section a position lies in, as an index. */
  sectionOf(position: number): number {
    return this.#seat(position).section;
  }

  /** The seat as an order keeps it, at the price of this schedule. */
  describe(position: number): OrderSeat {
    const seat = this.#seat(position);
    const price = this.plan.prices[seat.grade];
    if (price === undefined) throw new Error(`grade ${seat.grade} has no price`);
    const section = this.sections[seat.section]?.name ?? "";
    return { id: seat.id, section, row: seat.row, label: seat.label, grade: seat.grade, price };
  }

  set(position: number, status: SeatStatus, holder: number): void {
    const seat = this.#seat(position);
    this.#count(seat.grade, this.status[position] as SeatStatus, -1);
    this.#count(seat.grade, status, 1);
    this.status[position] = status;
    this.holder[position] = holder;
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
    return this.#counts.get(`${grade}/${status}`) ?? 0;
  }

  snapshot(): SeatSnapshot {
    const sections = this.sections.map((section) => ({
      id: section.id,
      statuses: Array.from(this.status.subarray(section.from, section.to), String).join(""),
    }));
    return { scheduleId: this.plan.id, version: this.version, sections };
  }

  #seat(position: number): Seat {
    const seat = this.#seats[position];
    if (seat === undefined) throw new Error(`no seat at position ${position}`);
    return seat;
  }

  #count(grade: string, status: SeatStatus, by: number): void {
    const key = `${grade}/${status}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + by);
  }
}

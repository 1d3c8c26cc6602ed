/**
 * The statuses of a schedule's seats at one version: a snapshot, then deltas; a gap means asking for a new snapshot. All of
 * one chart: whoever hands them over looks at that (watch.ts).
 */
import type { SeatDelta, SeatSnapshot } from "../calls/booking.ts";
import type { Hall } from "./hall.ts";

export const freeStatus = 0;
const blockedStatus = 1;

export class Board {
  readonly #hall: Hall;
  readonly #statuses: Uint8Array;
  readonly #zones: number[];
  /** Free seats by grade and by section, kept as they change: fifty thousand seats are not counted at every change. */
  readonly #freeByGrade: number[];
  readonly #freeBySection: number[];
  readonly #sectionOf: Uint16Array;
  version = -1;
  /** A code is at hand: what is kept out of the sale may be asked for, and the server says whether the code opens it. */
  withCode = false;

  constructor(hall: Hall) {
    this.#hall = hall;
    // Until a snapshot arrives nothing can be chosen.
    this.#statuses = new Uint8Array(hall.seats.length).fill(blockedStatus);
    this.#freeByGrade = hall.grades.map(() => 0);
    this.#freeBySection = hall.sections.map(() => 0);
    this.#sectionOf = new Uint16Array(hall.seats.length);
    for (const [index, { start, end }] of hall.sections.entries()) this.#sectionOf.fill(index, start, end);
    this.#zones = hall.zones.map(() => 0);
  }

  statusOf(index: number): number {
    return this.#statuses[index] ?? blockedStatus;
  }

  /** Not for sale, or nothing is known yet. */
  isBlocked(index: number): boolean {
    return this.statusOf(index) === blockedStatus;
  }

  isFree(index: number): boolean {
    return this.statusOf(index) === freeStatus;
  }

  /** May be picked: free, or kept for a code while there is one. Nothing before the first snapshot. */
  isOpen(index: number): boolean {
    return this.isFree(index) || (this.withCode && this.version >= 0 && this.isBlocked(index));
  }

  /** Free places of each zone, in the hall's order. */
  freeInZones(): readonly number[] {
    return [...this.#zones];
  }

  freeByGrade(): ReadonlyMap<string, number> {
    const counts = new Map(this.#hall.grades.map((grade, index) => [grade, this.#freeByGrade[index] ?? 0]));
    for (const [index, { grade }] of this.#hall.zones.entries()) {
      counts.set(grade, (counts.get(grade) ?? 0) + (this.#zones[index] ?? 0));
    }
    return counts;
  }

  freeInSection(index: number): number {
    return this.#freeBySection[index] ?? 0;
  }

  /** Whether anything in a section may be picked, with a code for what is kept if there is one. */
  isSectionOpen(index: number): boolean {
    if (this.freeInSection(index) > 0) return true;
    const section = this.#hall.sections[index];
    if (!this.withCode || this.version < 0 || section === undefined) return false;
    return this.#statuses.subarray(section.start, section.end).includes(blockedStatus);
  }

  /** Returns the seats that changed; an older snapshot than what is known changes nothing. */
  load(snapshot: Omit<SeatSnapshot, "chart">): readonly number[] {
    if (snapshot.version < this.version) return [];
    const changed: number[] = [];
    // What was thought blocked and is, is now known to be: that opens it to a code.
    if (this.version < 0 && this.withCode) for (const index of this.#statuses.keys()) changed.push(index);
    for (const { id, statuses } of snapshot.sections) {
      const section = this.#hall.sections.find((candidate) => candidate.id === id);
      if (section === undefined) continue;
      for (let seat = 0; seat < section.end - section.start; seat += 1) {
        this.#set(section.start + seat, statusDigit(statuses, seat), changed);
      }
    }
    for (const { id, free } of snapshot.zones ?? []) {
      const zone = this.#hall.zones.findIndex((candidate) => candidate.id === id);
      if (zone >= 0) this.#zones[zone] = free;
    }
    this.version = snapshot.version;
    return changed;
  }

  /** Statuses in a delta are absolute, so one that begins before our version still leads to its end. */
  apply(delta: Omit<SeatDelta, "chart">): readonly number[] | "gap" {
    if (delta.to <= this.version) return [];
    if (delta.from > this.version) return "gap";
    const changed: number[] = [];
    for (const [sectionIndex, seat, status] of delta.changes) {
      const section = this.#hall.sections[sectionIndex];
      if (section !== undefined && seat < section.end - section.start) this.#set(section.start + seat, status, changed);
    }
    for (const [zone, free] of delta.zones ?? []) if (zone < this.#zones.length) this.#zones[zone] = free;
    this.version = delta.to;
    return changed;
  }

  #set(index: number, status: number, changed: number[]): void {
    const before = this.#statuses[index];
    if (before === status) return;
    this.#statuses[index] = status;
    const by = Number(status === freeStatus) - Number(before === freeStatus);
    if (by !== 0) this.#count(index, by);
    changed.push(index);
  }

  #count(index: number, by: number): void {
    const grade = this.#hall.seats[index]?.gradeIndex ?? 0;
    const section = this.#sectionOf[index] ?? 0;
    this.#freeByGrade[grade] = (this.#freeByGrade[grade] ?? 0) + by;
    this.#freeBySection[section] = (this.#freeBySection[section] ?? 0) + by;
  }
}

/** A seat the snapshot does not mention counts as blocked. */
export function statusDigit(statuses: string, seat: number): number {
  const digit = statuses.charCodeAt(seat) - 48;
  return digit >= 0 && digit <= 9 ? digit : 1;
}

/**
 * What is the same for everybody, kept so that a crowd of readers costs the Performance object one call: charts, the seats
 * as of a moment ago, how the order was drawn.
 */
import type { DrawView, PerformanceContract, ScheduleView, SeatDelta, SeatSnapshot } from "../performance/contract.ts";

type Source = Pick<PerformanceContract, "schedule" | "seats" | "draw" | "drawSegment">;

/** A call of the Performance object, on a fresh stub and with a deadline. */
export type Ask = <T>(ask: (source: Source) => Promise<T>) => Promise<T>;

const SEATS_FRESH_MS = 1_000;
const SCHEDULE_FRESH_MS = 1_000;
const DRAW_FRESH_MS = 2_000;
/** 16 KB each. */
const SEGMENTS_MAX = 64;

interface Kept<Value> {
  readonly at: number;
  readonly value: Promise<Value>;
}

export class Copies {
  readonly #ask: Ask;
  readonly #schedules = new Map<string, Kept<ScheduleView | null>>();
  readonly #seats = new Map<string, Kept<SeatSnapshot | null>>();
  readonly #segments = new Map<number, Uint8Array>();
  #draw: Kept<DrawView | null> | null = null;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** `chart`: a version of the chart somebody has heard of. Strangers may say any, so it makes one call a second at most. */
  async schedule(scheduleId: string, now: number, chart = 1): Promise<ScheduleView | null> {
    const known = this.#schedules.get(scheduleId);
    if (known === undefined) return this.#askSchedule(scheduleId, now);
    const view = await known.value;
    const old = view !== null && view.chartVersion < chart && now - known.at > SCHEDULE_FRESH_MS;
    if (!old) return view;
    const newer = this.#schedules.get(scheduleId);
    return newer === known || newer === undefined ? this.#askSchedule(scheduleId, now) : newer.value;
  }

  #askSchedule(scheduleId: string, now: number): Promise<ScheduleView | null> {
    const asked = this.#ask((source) => source.schedule(scheduleId));
    this.#schedules.set(scheduleId, { at: now, value: asked });
    // Only what exists is kept: an unknown id may be published later, and strangers may not fill the memory.
    asked.then(
      (view) => view ?? this.#schedules.delete(scheduleId),
      () => this.#schedules.delete(scheduleId),
    );
    return asked;
  }

  async seats(scheduleId: string, now: number): Promise<SeatSnapshot | null> {
    const known = this.#seats.get(scheduleId);
    let asked = known?.value;
    if (asked === undefined || now - (known?.at ?? 0) > SEATS_FRESH_MS) {
      asked = this.#ask((source) => source.seats(scheduleId));
      this.#seats.set(scheduleId, { at: now, value: asked });
      asked.catch(() => this.#seats.delete(scheduleId));
    }
    const snapshot = await asked;
    if (snapshot === null) this.#seats.delete(scheduleId);
    return snapshot;
  }

  /**
   * News of a change: what is kept follows it, so that a storm of holds costs the object no more reads than a quiet hour. A
   * lost one leaves a gap, and the copy as it was, for a second at most.
   */
  seatsChanged(delta: SeatDelta): void {
    const known = this.#seats.get(delta.scheduleId);
    if (known === undefined) return;
    const kept: Kept<SeatSnapshot | null> = {
      at: known.at,
      value: known.value.then((snapshot) => {
        if (snapshot === null) return null;
        // A copy that is of another chart than the news is asked for anew.
        if (delta.chart !== undefined && delta.chart !== snapshot.chart) this.#forgetSeats(delta.scheduleId, kept);
        return followed(snapshot, delta);
      }),
    };
    this.#seats.set(delta.scheduleId, kept);
    kept.value.catch(() => this.#forgetSeats(delta.scheduleId, kept));
  }

  #forgetSeats(scheduleId: string, kept: Kept<SeatSnapshot | null>): void {
    if (this.#seats.get(scheduleId) === kept) this.#seats.delete(scheduleId);
  }

  /** Null: the object has been emptied. */
  draw(now: number): Promise<DrawView | null> {
    if (this.#draw !== null && now - this.#draw.at < DRAW_FRESH_MS) return this.#draw.value;
    const value = this.#ask((source) => source.draw());
    this.#draw = { at: now, value };
    value.catch(() => (this.#draw = null));
    return value;
  }

  /** A sealed segment never changes. A few are enough: in front of this the edge lets caches keep them for good. */
  async segment(index: number): Promise<Uint8Array | null> {
    const known = this.#segments.get(index);
    if (known !== undefined) return known;
    const segment = await this.#ask((source) => source.drawSegment(index));
    if (segment !== null && this.#segments.size < SEGMENTS_MAX) this.#segments.set(index, segment);
    return segment;
  }
}

/** The snapshot after a delta; the same one where it does not fit (older, with a gap between them, of another chart). */
export function followed(snapshot: SeatSnapshot, delta: SeatDelta): SeatSnapshot {
  if (delta.chart !== undefined && delta.chart !== snapshot.chart) return snapshot;
  if (delta.from > snapshot.version || delta.to <= snapshot.version) return snapshot;
  const changed = new Map<number, string[]>();
  for (const [section, seat, status] of delta.changes) {
    let digits = changed.get(section);
    if (digits === undefined) changed.set(section, (digits = Array.from(snapshot.sections[section]?.statuses ?? "")));
    if (seat < digits.length) digits[seat] = String(status);
  }
  const rooms = new Map(delta.zones);
  return {
    ...snapshot,
    version: delta.to,
    sections: snapshot.sections.map((section, index) => {
      const digits = changed.get(index);
      return digits === undefined ? section : { ...section, statuses: digits.join("") };
    }),
    zones: snapshot.zones.map((zone, index) => ({ ...zone, free: rooms.get(index) ?? zone.free })),
  };
}

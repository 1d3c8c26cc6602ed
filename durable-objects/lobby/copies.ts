/**
 * What is the same for everybody, kept so that a crowd of readers costs the Performance object one call: charts, the seats
 * as of a moment ago, how the order was drawn.
 */
import type { DrawView, PerformanceContract, ScheduleView, SeatSnapshot } from "../performance/contract.ts";

type Source = Pick<PerformanceContract, "schedule" | "seats" | "draw" | "drawSegment">;

const SEATS_FRESH_MS = 1_000;
const DRAW_FRESH_MS = 2_000;
/** 16 KB each. */
const SEGMENTS_MAX = 64;

interface Kept<Value> {
  readonly at: number;
  readonly value: Promise<Value>;
}

export class Copies {
  readonly #source: () => Source;
  readonly #schedules = new Map<string, Promise<ScheduleView | null>>();
  readonly #seats = new Map<string, Kept<SeatSnapshot | null>>();
  readonly #segments = new Map<number, Uint8Array>();
  #draw: Kept<DrawView> | null = null;

  constructor(source: () => Source) {
    this.#source = source;
  }

  schedule(scheduleId: string): Promise<ScheduleView | null> {
    const known = this.#schedules.get(scheduleId);
    if (known !== undefined) return known;
    const asked = this.#source().schedule(scheduleId);
    this.#schedules.set(scheduleId, asked);
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
      asked = this.#source().seats(scheduleId);
      this.#seats.set(scheduleId, { at: now, value: asked });
      asked.catch(() => this.#seats.delete(scheduleId));
    }
    const snapshot = await asked;
    if (snapshot === null) this.#seats.delete(scheduleId);
    return snapshot;
  }

  /** News of a change: the next reader asks again. */
  forgetSeats(scheduleId: string): void {
    this.#seats.delete(scheduleId);
  }

  draw(now: number): Promise<DrawView> {
    if (this.#draw !== null && now - this.#draw.at < DRAW_FRESH_MS) return this.#draw.value;
    const value = this.#source().draw();
    this.#draw = { at: now, value };
    value.catch(() => (this.#draw = null));
    return value;
  }

  /** A sealed segment never changes. A few are enough: in front of this the edge lets caches keep them for good. */
  async segment(index: number): Promise<Uint8Array | null> {
    const known = this.#segments.get(index);
    if (known !== undefined) return known;
    const segment = await this.#source().drawSegment(index);
    if (segment !== null && this.#segments.size < SEGMENTS_MAX) this.#segments.set(index, segment);
    return segment;
  }
}

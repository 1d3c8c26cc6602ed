/**
 * How fast the line moves, measured: what the range of a wait is made of. Memory only: after a restart the estimate starts
 * again from what is assumed, which costs nobody a place.
 *
 * Slots come free at capacity / (mean time a slot is taken). In the first minutes of a sale most sessions have not ended
 * yet, and those that have are the short ones; so the mean is the area under the survival curve (Kaplan and Meier, 1958),
 * in which sessions that still run count for as long as they have lasted. And not everybody ahead takes a slot: the absent
 * are passed over, and some of them return. Both are in admissions per turn.
 */
const AGE_MS = 10_000;
/** What is older than one to two of these is forgotten. */
const GENERATION_MS = 600_000;
/** Until more is known, a slot is taken for this share of the time to book, and that weighs as much as so many sessions. */
const ASSUMED_SHARE = 0.4;
const ASSUMED_SESSIONS = 3;
const ASSUMED_TURNS = 200;
/** The range around the expected wait: this part of it for what changes on the way, and what chance does to small numbers. */
const SPREAD = 0.21;
const SPREAD_FEW = 0.9;

class Generation {
  readonly from: number;
  admitted = 0;
  turns = 0;
  /** Sessions ended, by how long they lasted, in steps of ten seconds. */
  readonly ended: number[] = [];

  constructor(from: number) {
    this.from = from;
  }
}

export class FlowMeter {
  #latest = new Generation(0);
  #before: Generation | null = null;
  #slot: { readonly at: number; readonly seconds: number } | null = null;

  /** Somebody was let in: off the front (a turn), or returned and let in before everybody behind. */
  admit(now: number): void {
    this.#generation(now).admitted += 1;
  }

  /** The front went past somebody who waited. */
  turn(now: number): void {
    this.#generation(now).turns += 1;
  }

  end(now: number, lastedMs: number): void {
    const { ended } = this.#generation(now);
    const age = Math.floor(lastedMs / AGE_MS);
    while (ended.length <= age) ended.push(0);
    ended[age] = (ended[age] ?? 0) + 1;
  }

  /** Mean seconds a slot is taken; `running` are the live sessions' ages. Worked out at most once a second. */
  slotSeconds(now: number, running: () => Iterable<number>, bookingSeconds: number): number {
    if (this.#slot !== null && now - this.#slot.at < 1_000) return this.#slot.seconds;
    const seconds = this.#survival(running(), bookingSeconds);
    this.#slot = { at: now, seconds };
    return seconds;
  }

  /** Slots taken per person the front passes; `presentShare` of those waiting is what is assumed. */
  admissionsPerTurn(presentShare: number): number {
    const admitted = this.#latest.admitted + (this.#before?.admitted ?? 0);
    const turns = this.#latest.turns + (this.#before?.turns ?? 0);
    return (admitted + ASSUMED_TURNS * presentShare) / (turns + ASSUMED_TURNS);
  }

  #survival(running: Iterable<number>, bookingSeconds: number): number {
    const oldest = Math.max(this.#latest.ended.length, this.#before?.ended.length ?? 0);
    const still: number[] = [];
    let atRisk = 0;
    for (const ageMs of running) {
      const age = Math.floor(ageMs / AGE_MS);
      while (still.length <= age) still.push(0);
      still[age] = (still[age] ?? 0) + 1;
      atRisk += 1;
    }
    const steps = Math.ceil((bookingSeconds * 1_000) / AGE_MS) + 6; // and the time to show up
    for (let age = 0; age < Math.max(oldest, steps); age++) atRisk += this.#ended(age);
    const assumed = 1 - Math.exp(-AGE_MS / 1_000 / (bookingSeconds * ASSUMED_SHARE));
    let surviving = 1;
    let seconds = 0;
    for (let age = 0; age < steps; age++) {
      const ended = this.#ended(age);
      const hazard = (ended + ASSUMED_SESSIONS * assumed) / (atRisk + ASSUMED_SESSIONS);
      // Whoever ends within a step lasted half of it.
      seconds += (surviving * (1 - Math.min(1, hazard) / 2) * AGE_MS) / 1_000;
      surviving *= 1 - Math.min(1, hazard);
      atRisk -= ended + (still[age] ?? 0);
    }
    return seconds;
  }

  #ended(age: number): number {
    return (this.#latest.ended[age] ?? 0) + (this.#before?.ended[age] ?? 0);
  }

  #generation(now: number): Generation {
    if (now - this.#latest.from >= GENERATION_MS) {
      this.#before = now - this.#latest.from < 2 * GENERATION_MS ? this.#latest : null;
      this.#latest = new Generation(now);
    }
    return this.#latest;
  }
}

export interface Pace {
  readonly capacity: number;
  /** Slots nobody has. */
  readonly free: number;
  readonly slotSeconds: number;
  readonly admissionsPerTurn: number;
  /** The lane's part of the admissions, of 1. */
  readonly share: number;
  /** Seconds until the rate permits the n-th admission from now. */
  readonly permittedIn: (n: number) => number;
}

/** Seconds until somebody with so many ahead is let in, as a range; null when nothing moves. */
export function waitOf(ahead: number, pace: Pace): readonly [from: number, to: number] | null {
  const admissions = (ahead * pace.admissionsPerTurn + 1) / pace.share;
  const bySlots = (Math.max(0, admissions - pace.free) * pace.slotSeconds) / pace.capacity;
  const byRate = pace.permittedIn(Math.ceil(admissions));
  if (pace.capacity <= 0 || !Number.isFinite(byRate)) return null;
  const seconds = Math.max(bySlots, byRate);
  const spread = 1 + SPREAD + SPREAD_FEW / Math.sqrt(admissions);
  return [Math.floor(seconds / spread), Math.ceil(seconds * spread) + 2];
}

/**
 * How fast the line moves, measured: what the range of a wait is made of. Memory only: after a restart the estimate starts
 * again from what is assumed, which costs nobody a place.
 *
 * Slots come free at capacity / (mean time a slot is taken). That mean is measured as slot-seconds spent per session ended
 * (the maximum-likelihood estimate for times still running), so that sessions that have not ended yet count too. And not
 * everybody ahead takes a slot: the absent are passed over, and some of them return. Both are in admissions per turn.
 */
const BUCKET_MS = 10_000;
const WINDOW_MS = 600_000;
/** Until more is known, a slot is taken for this share of the time to book. */
const ASSUMED_SHARE = 0.4;
/** The assumption weighs as much as so many ended sessions per slot, and as so many turns. */
const ASSUMED_ENDS_PER_SLOT = 0.5;
const ASSUMED_TURNS = 200;
/** The range around the expected wait: this part of it for what changes on the way, and what chance does to small numbers. */
const SPREAD = 0.19;
const SPREAD_FEW = 0.9;

interface Bucket {
  readonly from: number;
  admitted: number;
  turns: number;
  ended: number;
  slotMs: number;
}

export class FlowMeter {
  #buckets: Bucket[] = [];
  #seenAt = 0;

  /** Time passed with so many sessions live. */
  pass(now: number, sessions: number): void {
    const bucket = this.#bucket(now);
    if (this.#seenAt > 0) bucket.slotMs += sessions * Math.min(now - this.#seenAt, WINDOW_MS);
    this.#seenAt = now;
  }

  /** Somebody was let in: off the front (a turn), or returned and let in before everybody behind. */
  admit(now: number): void {
    this.#bucket(now).admitted += 1;
  }

  /** The front went past somebody who waited. */
  turn(now: number): void {
    this.#bucket(now).turns += 1;
  }

  end(now: number): void {
    this.#bucket(now).ended += 1;
  }

  /** Mean seconds a slot is taken. */
  slotSeconds(capacity: number, bookingSeconds: number): number {
    const assumedEnds = Math.max(1, capacity * ASSUMED_ENDS_PER_SLOT);
    const { ended, slotMs } = this.#sum();
    return (slotMs / 1_000 + assumedEnds * bookingSeconds * ASSUMED_SHARE) / (ended + assumedEnds);
  }

  /** Slots taken per person the front passes; `presentShare` of those waiting is what is assumed. */
  admissionsPerTurn(presentShare: number): number {
    const { admitted, turns } = this.#sum();
    return (admitted + ASSUMED_TURNS * presentShare) / (turns + ASSUMED_TURNS);
  }

  #sum(): Omit<Bucket, "from"> {
    const total = { admitted: 0, turns: 0, ended: 0, slotMs: 0 };
    for (const bucket of this.#buckets) {
      total.admitted += bucket.admitted;
      total.turns += bucket.turns;
      total.ended += bucket.ended;
      total.slotMs += bucket.slotMs;
    }
    return total;
  }

  #bucket(now: number): Bucket {
    const from = now - (now % BUCKET_MS);
    const last = this.#buckets.at(-1);
    if (last !== undefined && last.from >= from) return last;
    if ((this.#buckets[0]?.from ?? now) <= now - WINDOW_MS) {
      this.#buckets = this.#buckets.filter((bucket) => bucket.from > now - WINDOW_MS);
    }
    const bucket = { from, admitted: 0, turns: 0, ended: 0, slotMs: 0 };
    this.#buckets.push(bucket);
    return bucket;
  }
}

export interface Pace {
  readonly capacity: number;
  readonly ratePerMinute: number;
  /** Slots nobody has, and admissions the rate permits at once. */
  readonly free: number;
  readonly allowance: number;
  readonly slotSeconds: number;
  readonly admissionsPerTurn: number;
}

/** Seconds until somebody with so many ahead is let in, as a range; null when nothing moves. */
export function waitOf(ahead: number, pace: Pace): readonly [from: number, to: number] | null {
  const perSecond = pace.capacity / pace.slotSeconds;
  const ratePerSecond = pace.ratePerMinute / 60;
  if (perSecond <= 0 || ratePerSecond <= 0) return null;
  const admissions = ahead * pace.admissionsPerTurn + 1;
  const bySlots = Math.max(0, admissions - pace.free) / perSecond;
  const byRate = Math.max(0, admissions - pace.allowance) / ratePerSecond;
  const seconds = Math.max(bySlots, byRate);
  const spread = 1 + SPREAD + SPREAD_FEW / Math.sqrt(admissions);
  return [Math.floor(seconds / spread), Math.ceil(seconds * spread) + 2];
}

/**
 * What other limits would do, from what has been measured so far. Slots come free at capacity ÷ (time a slot is taken),
 * and nobody comes in faster than the rate: the same two limits by which the sale admits
 * (durable-objects/performance/admission/limits.ts), and the same assumption about a slot while nothing is measured yet
 * (admission/flow.ts).
 */
export interface Situation {
  readonly waiting: number;
  readonly sessions: number;
  readonly admitted: number;
  readonly flowPerMinute: number;
  readonly seatsFree: number;
  readonly seatsSold: number;
  /** How long a member may book, in seconds. */
  readonly bookingSeconds: number;
}

export interface Limits {
  readonly capacity: number;
  readonly ratePerMinute: number;
}

export interface Forecast {
  readonly perMinute: number;
  /** Until no seat is free; null when those who wait now will not buy them all. */
  readonly soldOutMinutes: number | null;
  /** How long the last person waits who still comes in while there are seats; null when nobody moves. */
  readonly lastWaitMinutes: number | null;
  /** How many of those waiting come in while there are seats. */
  readonly served: number;
}

const ASSUMED_SHARE = 0.4;
/** Until so many have finished, what one person buys is assumed. */
const ENOUGH_FINISHED = 20;
const ASSUMED_SEATS = 1.5;
/** A flow measured on fewer sessions than this says little about how long one lasts. */
const ENOUGH_FLOW = 5;

/** Seconds a slot is taken, by Little's law: people inside ÷ people coming in. */
export function slotSeconds({ sessions, flowPerMinute, bookingSeconds }: Situation): number {
  const assumed = bookingSeconds * ASSUMED_SHARE;
  if (flowPerMinute < ENOUGH_FLOW || sessions < ENOUGH_FLOW) return assumed;
  return Math.min(bookingSeconds, Math.max(1, (sessions / flowPerMinute) * 60));
}

/** Seats per person let in, those who leave empty-handed included. */
export function seatsPerPerson({ admitted, sessions, seatsSold }: Situation): number {
  const finished = admitted - sessions;
  return finished < ENOUGH_FINISHED ? ASSUMED_SEATS : Math.max(0.05, seatsSold / finished);
}

export function whatIf(now: Situation, { capacity, ratePerMinute }: Limits): Forecast {
  const perMinute = Math.min((capacity / slotSeconds(now)) * 60, ratePerMinute);
  const each = seatsPerPerson(now);
  const wanted = Math.ceil(now.seatsFree / each);
  const served = Math.min(now.waiting, wanted);
  if (perMinute <= 0) return { perMinute: 0, soldOutMinutes: null, lastWaitMinutes: null, served: 0 };
  // Free slots are taken at once; only the others have to come free.
  const room = Math.max(0, Math.min(capacity - now.sessions, ratePerMinute));
  const minutesFor = (people: number): number => Math.max(0, people - room) / perMinute;
  return {
    perMinute,
    soldOutMinutes: now.waiting >= wanted && now.seatsFree > 0 ? minutesFor(wanted) : null,
    lastWaitMinutes: minutesFor(served),
    served,
  };
}

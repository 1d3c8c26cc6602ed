/** Seats and holds: everything here needs the booking pass, which the browser sends as a cookie. */
import { ask } from "../api.ts";
import { type Decoder, fields, flag, listOf, nothing, nullable, number, ShapeError, text, time } from "../decode.ts";
import { fallback, words } from "../decode-loosely.ts";
import { askIntended } from "./intended.ts";

export interface BookedSeat {
  readonly id: string;
  readonly section: string;
  readonly row: string;
  readonly label: string;
  readonly grade: string;
  readonly price: number;
}

export interface Hold {
  readonly id: string;
  readonly scheduleId: string;
  readonly seats: readonly BookedSeat[];
  readonly amount: number;
  readonly currency: string;
  readonly expiresAt: number;
}

export const bookedSeat = fields<BookedSeat>({
  id: text,
  section: fallback(words, ""),
  row: words,
  label: words,
  grade: text,
  price: number,
});

const hold = fields<Hold>({
  id: text,
  scheduleId: text,
  seats: listOf(bookedSeat),
  amount: number,
  currency: text,
  expiresAt: time,
});

export interface SeatSnapshot {
  readonly version: number;
  /** Another one than the plan's: the hall was changed, and the digits mean other seats. */
  readonly chart: number;
  readonly sections: readonly { readonly id: string; readonly statuses: string }[];
  readonly zones?: readonly { readonly id: string; readonly free: number }[];
}

export type SeatChange = readonly [section: number, seat: number, status: number];

export type ZoneChange = readonly [zone: number, free: number];

export interface SeatDelta {
  readonly scheduleId: string;
  /** As in snapshots; 0 where a server of before charts could change does not say it. */
  readonly chart: number;
  readonly from: number;
  readonly to: number;
  readonly changes: readonly SeatChange[];
  readonly zones?: readonly ZoneChange[];
}

const snapshot = fields<SeatSnapshot>({
  version: number,
  chart: fallback(number, 1),
  sections: listOf(fields({ id: text, statuses: text })),
  zones: fallback(listOf(fields({ id: text, free: number })), []),
});

const change: Decoder<SeatChange> = (value) => {
  if (!Array.isArray(value)) throw new ShapeError("expected a triple");
  return [number(value[0]), number(value[1]), number(value[2])];
};

const zoneChange: Decoder<ZoneChange> = (value) => {
  if (!Array.isArray(value)) throw new ShapeError("expected a pair");
  return [number(value[0]), number(value[1])];
};

const delta = fields<SeatDelta>({
  scheduleId: text,
  chart: fallback(number, 0),
  from: number,
  to: number,
  changes: listOf(change),
  zones: fallback(listOf(zoneChange), []),
});

export function readSeatDelta(frame: unknown): SeatDelta {
  return delta(frame);
}

const at = (performanceId: string, rest: string): string =>
  `/api/performances/${encodeURIComponent(performanceId)}/${rest}`;

export function readSeats(performanceId: string, scheduleId: string): Promise<SeatSnapshot> {
  const path = at(performanceId, `schedules/${encodeURIComponent(scheduleId)}/seats`);
  return ask({ method: "GET", path, decode: snapshot });
}

export async function listHolds(performanceId: string): Promise<readonly Hold[]> {
  const path = at(performanceId, "holds");
  return (await ask({ method: "GET", path, decode: fields({ items: listOf(hold) }) })).items;
}

export interface HoldWish {
  readonly seats?: readonly string[];
  readonly zones?: readonly { readonly zone: string; readonly count: number }[];
  readonly best?: BestWish;
  /** Somebody needs a wheelchair space: opens the seats kept for that. */
  readonly accessible?: boolean;
  /** Opens the seats an organiser keeps for whoever has it. */
  readonly code?: string;
}

/** So many places together, of a grade or within prices. */
export interface BestWish {
  readonly count: number;
  readonly grade?: string;
  readonly maxPrice?: number;
}

/** Why the best available places are the best. */
export interface BestReason {
  readonly section: string;
  readonly row: string | null;
  readonly distance: number | null;
  readonly restrictedView: boolean;
  readonly nearer: {
    readonly taken: number;
    readonly withheld: number;
    readonly accessible: number;
    readonly notTogether: number;
  };
}

/** Instead of seats that are gone. */
export interface Alternative {
  readonly seats: readonly BookedSeat[];
  readonly amount: number;
  readonly sameGrade: boolean;
}

const reason = fields<BestReason>({
  section: words,
  row: nullable(words),
  distance: nullable(number),
  restrictedView: flag,
  nearer: fields({ taken: number, withheld: number, accessible: number, notTogether: number }),
});

const alternative = nullable(fields<Alternative>({ seats: listOf(bookedSeat), amount: number, sameGrade: flag }));

/** What a refusal offers instead; nothing where it offers nothing we understand. */
export function alternativeIn(evidence: Readonly<Record<string, unknown>>): Alternative | null {
  try {
    return alternative(evidence["alternative"]);
  } catch {
    return null;
  }
}

export interface Placed {
  readonly hold: Hold;
  readonly why: BestReason | null;
}

export function placeHold(performanceId: string, scheduleId: string, wish: HoldWish): Promise<Placed> {
  const path = at(performanceId, "holds");
  return askIntended(`hold:${performanceId}`, {
    path,
    body: { scheduleId, ...wish },
    decode: fields<Placed>({ hold, why: nullable(reason) }),
  });
}

export function releaseHold(performanceId: string, holdId: string): Promise<null> {
  return ask({ method: "DELETE", path: at(performanceId, `holds/${encodeURIComponent(holdId)}`), decode: nothing });
}

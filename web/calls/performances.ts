/** What is on, and its plans. */
import { ask } from "../api.ts";
import {
  flag,
  type Decoder,
  fields,
  listOf,
  nullable,
  number,
  oneOf,
  recordOf,
  ShapeError,
  text,
  time,
} from "../decode.ts";
import { fallback, words } from "../decode-loosely.ts";
import type { Money } from "../format/money.ts";

export interface Venue {
  readonly name: string;
  readonly address: string;
  readonly timeZone: string;
}

export interface PerformanceSummary {
  readonly id: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly posterUrl: string | null;
  readonly venue: Venue;
  readonly runTimeMinutes: number | null;
  readonly ageRating: string | null;
  readonly gatherAt: number | null;
  readonly openAt: number;
  readonly closeAt: number;
  readonly firstStartsAt: number | null;
  readonly lastStartsAt: number | null;
  readonly priceFrom: Money | null;
  /** As the sale last reported it; may be some seconds old. */
  readonly phase: string | null;
}

export interface GradePrice {
  readonly grade: string;
  readonly price: Money;
}

export interface PerformanceDetail extends PerformanceSummary {
  readonly description: string;
  readonly descriptionEn: string | null;
  readonly grades: readonly GradePrice[];
  readonly maxSeatsPerMember: number;
  /** What joining takes besides an account. */
  readonly verification: "codes" | "verifier" | null;
  /** A choice must not leave one free seat between others. */
  readonly noSingleSeats: boolean;
}

export interface Schedule {
  readonly id: string;
  readonly startsAt: number;
  readonly hallName: string;
  readonly timeZone: string;
  readonly seats: number | null;
  /** By the organiser: nothing of it is sold any more. */
  readonly cancelled: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export function pageOf<T>(item: Decoder<T>): Decoder<Page<T>> {
  return fields<Page<T>>({ items: listOf(item), nextCursor: nullable(text) });
}

const money = fields<Money>({ amount: number, currency: text });
const venue = fields<Venue>({ name: text, address: fallback(text, ""), timeZone: text });

const summaryShape = {
  id: text,
  title: text,
  titleEn: nullable(text),
  posterUrl: nullable(text),
  venue,
  runTimeMinutes: nullable(number),
  ageRating: nullable(words),
  gatherAt: nullable(time),
  openAt: time,
  closeAt: time,
  firstStartsAt: nullable(time),
  lastStartsAt: nullable(time),
  priceFrom: nullable(money),
  phase: nullable(text),
};

const detail = fields<PerformanceDetail>({
  ...summaryShape,
  description: fallback(text, ""),
  descriptionEn: nullable(text),
  grades: fallback(listOf(fields<GradePrice>({ grade: text, price: money })), []),
  maxSeatsPerMember: fallback(number, 4),
  verification: fallback(nullable(oneOf("codes", "verifier")), null),
  noSingleSeats: (value) => value === true,
});

const schedule = fields<Schedule>({
  id: text,
  startsAt: time,
  hallName: fallback(text, ""),
  timeZone: text,
  seats: nullable(number),
  cancelled: fallback(flag, false),
});

export function listPerformances(words: string, cursor: string | null): Promise<Page<PerformanceSummary>> {
  const query = new URLSearchParams();
  if (words !== "") query.set("q", words);
  if (cursor !== null) query.set("cursor", cursor);
  return ask({
    method: "GET",
    path: `/api/performances${query.size === 0 ? "" : `?${query.toString()}`}`,
    decode: pageOf(fields<PerformanceSummary>(summaryShape)),
  });
}

export function readPerformance(id: string): Promise<PerformanceDetail> {
  return ask({ method: "GET", path: `/api/performances/${encodeURIComponent(id)}`, decode: detail });
}

export async function listSchedules(performanceId: string): Promise<readonly Schedule[]> {
  const path = `/api/performances/${encodeURIComponent(performanceId)}/schedules`;
  const { items } = await ask({ method: "GET", path, decode: fields({ items: listOf(schedule) }) });
  return items.toSorted((a, b) => a.startsAt - b.startsAt);
}

export interface ChartSeat {
  readonly id: string;
  readonly label: string;
  readonly grade: string;
  readonly x: number;
  readonly y: number;
  readonly attributes?: readonly string[];
  /** An aisle lies between this seat and the next one of the row. */
  readonly aisle?: boolean;
}

/** Corners on the plan, in the chart's coordinates. */
export type Corners = readonly (readonly [x: number, y: number])[];

export interface ChartRow {
  readonly label: string;
  readonly seats: readonly ChartSeat[];
}

export interface ChartSection {
  readonly id: string;
  readonly name: string;
  readonly rows: readonly ChartRow[];
  readonly outline?: Corners;
}

export interface ChartZone {
  readonly id: string;
  readonly name: string;
  readonly grade: string;
  readonly capacity: number;
  readonly outline?: Corners;
}

export interface HallPlan {
  readonly chart: {
    /** Units of the coordinates per seat width; 1 where it is not said. */
    readonly seatWidth?: number;
    readonly stage?: { readonly outline: Corners };
    readonly sections: readonly ChartSection[];
    readonly zones?: readonly ChartZone[];
  };
  /** Snapshots and changes of another version speak of other seats. */
  readonly chartVersion: number;
  readonly prices: Readonly<Record<string, number>>;
  readonly currency: string;
  readonly startsAt: number;
  readonly hallName: string;
  readonly timeZone: string;
}

const corner: Decoder<readonly [number, number]> = (value) => {
  if (!Array.isArray(value)) throw new ShapeError("expected a corner");
  return [number(value[0]), number(value[1])];
};
const corners: Decoder<Corners> = fallback(listOf(corner), []);
const seat = fields<ChartSeat>({
  id: text,
  label: words,
  grade: text,
  x: number,
  y: number,
  attributes: fallback(listOf(text), []),
  aisle: (value) => value === true,
});
const row = fields<ChartRow>({ label: words, seats: listOf(seat) });
const section = fields<ChartSection>({ id: text, name: fallback(words, ""), rows: listOf(row), outline: corners });
const zone = fields<ChartZone>({ id: text, name: words, grade: text, capacity: number, outline: corners });
const plan = fields<HallPlan>({
  chart: fields<HallPlan["chart"]>({
    seatWidth: fallback(number, 1),
    stage: fallback(fields({ outline: corners }), { outline: [] }),
    sections: listOf(section),
    zones: fallback(listOf(zone), []),
  }),
  chartVersion: fallback(number, 1),
  prices: recordOf(number),
  currency: text,
  startsAt: time,
  hallName: fallback(text, ""),
  timeZone: text,
});

/** `version`: of the chart, that somebody has heard of; copies of an older one are passed over. */
export function readPlan(performanceId: string, scheduleId: string, version = 1): Promise<HallPlan> {
  const path = `/api/performances/${encodeURIComponent(performanceId)}/schedules/${encodeURIComponent(scheduleId)}/chart`;
  return ask({ method: "GET", path: version === 1 ? path : `${path}?version=${version}`, decode: plan });
}

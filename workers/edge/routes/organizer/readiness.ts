/**
 * What a draft still lacks, and the request its object gets when it lacks nothing. Pure: rows in, request or list out, so
 * that an organiser is told everything at once and a repeated publication asks for exactly the same.
 */
import { roundAt } from "../../../../durable-objects/performance/admission/beacon.ts";
import type {
  BeaconChain,
  PerformanceSettings,
  PublishRequest,
  SchedulePlan,
} from "../../../../durable-objects/performance/contract.ts";
import { defaultPolicy } from "../../../../durable-objects/performance/order-policy.ts";
import type { Chart } from "../../../../durable-objects/performance/seats/chart.ts";
import type { DraftSettings } from "../../../records/schema/catalogue.ts";

export interface PublishableDraft {
  readonly id: string;
  readonly title: string;
  readonly runTimeMinutes: number | null;
  readonly ageRating: string | null;
  readonly hallId: string | null;
  readonly currency: string | null;
  readonly prices: Readonly<Record<string, number>>;
  readonly settings: DraftSettings;
}

export interface PlannedDate {
  readonly id: string;
  readonly hallId: string;
  readonly startsAt: Date;
}

export interface PlannedHall {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly chart: Chart;
  readonly grades: readonly string[];
}

export interface Missing {
  readonly field: string;
  readonly message: string;
}

export type Readiness =
  | { readonly ready: true; readonly request: PublishRequest }
  | { readonly ready: false; readonly missing: readonly Missing[] };

/** Chosen so that a draft need only say when, how many, and for how much. */
export const settingDefaults = {
  ratePerMinute: 6_000,
  showUpSeconds: 60,
  bookingSeconds: 600,
  holdSeconds: 300,
  paymentSeconds: 480,
  depositMinutes: 1_440,
  maxSeatsPerMember: 4,
  noSingleSeats: false,
  releaseEverySeconds: 0,
  releaseJitterSeconds: 0,
  absenceGraceSeconds: 600,
  lanes: [{ id: "general", share: 100 }],
  rejoinSeconds: 60,
  queueLimitFactor: 0,
  verification: null,
  lobbies: 4,
  bookingLobbies: 2,
} as const;

export function readiness(
  draft: PublishableDraft,
  dates: readonly PlannedDate[],
  halls: readonly PlannedHall[],
  chain: BeaconChain,
): Readiness {
  const missing: Missing[] = [];
  const lack = (field: string, message: string): void => void missing.push({ field, message });
  const { currency } = draft;
  const { openAt, closeAt, capacity } = draft.settings;
  if (draft.hallId === null) lack("hallId", "is missing");
  if (draft.runTimeMinutes === null) lack("runTimeMinutes", "is missing");
  if (draft.ageRating === null) lack("ageRating", "is missing");
  if (currency === null) lack("currency", "is missing");
  if (openAt === undefined) lack("settings.openAt", "is missing");
  if (closeAt === undefined) lack("settings.closeAt", "is missing");
  if (capacity === undefined) lack("settings.capacity", "is missing");
  missing.push(...timeErrors(draft.settings));
  if (dates.length === 0) lack("schedules", "there is no date");
  const { plans, missing: unplanned } = planned(draft, dates, halls);
  missing.push(...unplanned);
  if (
    missing.length > 0 ||
    currency === null ||
    openAt === undefined ||
    closeAt === undefined ||
    capacity === undefined
  ) {
    return { ready: false, missing };
  }
  const { gatherAt = null, beacon: wantsBeacon = false, accessibleReleaseAt = null, ...given } = draft.settings;
  // A round due at the opening: nobody can know it while anybody can still join.
  const beacon = wantsBeacon && gatherAt !== null ? { chain, round: roundAt(chain, openAt) } : null;
  const settings: PerformanceSettings = settingsOf(draft.title, currency, {
    ...settingDefaults,
    cancellation: defaultPolicy(currency),
    ...given,
    beacon,
    gatherAt,
    accessibleReleaseAt,
    openAt,
    closeAt,
    capacity,
  });
  return { ready: true, request: { performanceId: draft.id, settings, schedules: plans } };
}

function timeErrors({ gatherAt, openAt, closeAt }: DraftSettings): readonly Missing[] {
  const found: Missing[] = [];
  if (openAt === undefined) return found;
  if (closeAt !== undefined && closeAt <= openAt)
    found.push({ field: "settings.closeAt", message: "must be after openAt" });
  if (gatherAt !== undefined && gatherAt !== null && gatherAt >= openAt) {
    found.push({ field: "settings.gatherAt", message: "must be before openAt" });
  }
  return found;
}

/** One plan per date. A grade without a price is named once, however many dates and seats have it. */
function planned(
  draft: PublishableDraft,
  dates: readonly PlannedDate[],
  halls: readonly PlannedHall[],
): { readonly plans: readonly SchedulePlan[]; readonly missing: readonly Missing[] } {
  const byId = new Map(halls.map((hall) => [hall.id, hall]));
  const plans: SchedulePlan[] = [];
  const missing: Missing[] = [];
  const unpriced = new Set<string>();
  for (const { id, hallId, startsAt } of dates) {
    const hall = byId.get(hallId);
    if (hall === undefined) {
      missing.push({ field: `schedules.${id}.hallId`, message: "there is no such hall" });
      continue;
    }
    for (const grade of hall.grades) if (!Object.hasOwn(draft.prices, grade)) unpriced.add(grade);
    const { name: hallName, timeZone, chart } = hall;
    plans.push({
      id,
      startsAt: startsAt.getTime(),
      hallName,
      timeZone,
      chart,
      prices: pricesOf(draft.prices, hall.grades),
    });
  }
  for (const grade of unpriced) missing.push({ field: `prices.${grade}`, message: "has no price" });
  return { plans, missing };
}

function pricesOf(prices: Readonly<Record<string, number>>, grades: readonly string[]): Record<string, number> {
  return Object.fromEntries(grades.map((grade) => [grade, prices[grade] ?? 0]));
}

/** Property by property in a fixed order: the object compares requests as text. */
function settingsOf(
  title: string,
  currency: string,
  given: Omit<PerformanceSettings, "title" | "currency">,
): PerformanceSettings {
  return {
    title,
    currency,
    gatherAt: given.gatherAt,
    openAt: given.openAt,
    closeAt: given.closeAt,
    beacon: given.beacon,
    capacity: given.capacity,
    ratePerMinute: given.ratePerMinute,
    showUpSeconds: given.showUpSeconds,
    bookingSeconds: given.bookingSeconds,
    holdSeconds: given.holdSeconds,
    paymentSeconds: given.paymentSeconds,
    depositMinutes: given.depositMinutes,
    maxSeatsPerMember: given.maxSeatsPerMember,
    noSingleSeats: given.noSingleSeats,
    accessibleReleaseAt: given.accessibleReleaseAt,
    cancellation: given.cancellation,
    releaseEverySeconds: given.releaseEverySeconds,
    releaseJitterSeconds: given.releaseJitterSeconds,
    absenceGraceSeconds: given.absenceGraceSeconds,
    lanes: given.lanes.map(({ id, share }) => ({ id, share })),
    rejoinSeconds: given.rejoinSeconds,
    queueLimitFactor: given.queueLimitFactor,
    verification: given.verification,
    lobbies: given.lobbies,
    bookingLobbies: given.bookingLobbies,
  };
}

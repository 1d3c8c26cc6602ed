/** Published performances as the API shows them. */
import { z } from "@hono/zod-openapi";
import { defaultPolicy } from "../../../durable-objects/performance/order-policy.ts";
import { momentSchema, moneySchema } from "../openapi.ts";
import { policySchema, viewPolicy } from "./organizer/draft-view.ts";
import type { PublishedPerformance, PublishedSchedule } from "../../records/catalogue.ts";

const venueSchema = z.object({ name: z.string(), address: z.string(), timeZone: z.string() });

export const summarySchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    titleEn: z.string().nullable(),
    posterUrl: z.string().nullable(),
    venue: venueSchema,
    runTimeMinutes: z.int(),
    ageRating: z.string(),
    gatherAt: momentSchema.nullable(),
    openAt: momentSchema,
    closeAt: momentSchema,
    firstStartsAt: momentSchema.nullable(),
    lastStartsAt: momentSchema.nullable(),
    priceFrom: moneySchema.nullable(),
    /** As last reported by the sale itself; a few seconds old. */
    phase: z.string(),
    notice: z.string().nullable(),
  })
  .openapi("PerformanceSummary");

export const detailSchema = summarySchema
  .extend({
    description: z.string(),
    descriptionEn: z.string().nullable(),
    grades: z.array(z.object({ grade: z.string(), price: moneySchema })),
    maxSeatsPerMember: z.int(),
    /** A hold must not leave one free seat between others; the page says so before it is asked for. */
    noSingleSeats: z.boolean(),
    /** What joining takes besides an account: a pre-sale code, the word of a verifier, or nothing. */
    verification: z.enum(["codes", "verifier"]).nullable(),
    cancellation: policySchema,
    /** Seats given back are free again at the next multiple of so many seconds after `openAt` (0: at once), give or take. */
    releaseEverySeconds: z.int(),
    releaseJitterSeconds: z.int(),
    serverTime: momentSchema,
  })
  .openapi("Performance");

export const scheduleSchema = z
  .object({
    id: z.uuid(),
    startsAt: momentSchema,
    hallName: z.string(),
    timeZone: z.string(),
    seats: z.int(),
    cancelled: z.boolean(),
  })
  .openapi("Schedule");

const DEFAULT_MAX_SEATS = 4;

export function summaryView({ performance, venue, firstStartsAt, lastStartsAt }: PublishedPerformance) {
  const { settings, prices, currency } = performance;
  const amounts = Object.values(prices);
  return {
    id: performance.id,
    title: performance.title,
    titleEn: performance.titleEn,
    posterUrl: performance.posterUrl,
    venue,
    runTimeMinutes: performance.runTimeMinutes ?? 0,
    ageRating: performance.ageRating ?? "",
    gatherAt: settings.gatherAt === undefined || settings.gatherAt === null ? null : moment(settings.gatherAt),
    openAt: moment(settings.openAt ?? 0),
    closeAt: moment(settings.closeAt ?? 0),
    firstStartsAt: firstStartsAt?.toISOString() ?? null,
    lastStartsAt: lastStartsAt?.toISOString() ?? null,
    priceFrom: amounts.length === 0 ? null : { amount: Math.min(...amounts), currency: currency ?? "" },
    phase: performance.phase,
    notice: performance.notice,
  };
}

/** Grades from dear to cheap, as a price list is read. */
export function detailView(published: PublishedPerformance) {
  const { description, descriptionEn, prices, currency, settings } = published.performance;
  const grades = Object.entries(prices)
    .toSorted(([, a], [, b]) => b - a)
    .map(([grade, amount]) => ({ grade, price: { amount, currency: currency ?? "" } }));
  const maxSeatsPerMember = settings.maxSeatsPerMember ?? DEFAULT_MAX_SEATS;
  return {
    ...summaryView(published),
    description,
    descriptionEn,
    grades,
    maxSeatsPerMember,
    noSingleSeats: settings.noSingleSeats ?? false,
    verification: settings.verification ?? null,
    cancellation: viewPolicy(settings.cancellation ?? defaultPolicy(currency ?? "")),
    releaseEverySeconds: settings.releaseEverySeconds ?? 0,
    releaseJitterSeconds: settings.releaseJitterSeconds ?? 0,
  };
}

export function scheduleView({ id, startsAt, hallName, timeZone, seats, cancelledAt }: PublishedSchedule) {
  return { id, startsAt: startsAt.toISOString(), hallName, timeZone, seats, cancelled: cancelledAt !== null };
}

const moment = (ms: number): string => new Date(ms).toISOString();

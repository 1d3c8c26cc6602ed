import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, uuid, type AnyPgColumn } from "drizzle-orm/pg-core";
import type { CancellationPolicy } from "../../../durable-objects/performance/contract.ts";
import type { Chart } from "../../../durable-objects/performance/seats/chart.ts";
import { stamps, time } from "./columns.ts";
import { members } from "./members.ts";
import { organisations } from "./organisations.ts";

/** Settings of a performance as far as the organiser has given them; publication fills the rest with defaults. Times in ms. */
export interface DraftSettings {
  readonly gatherAt?: number | null;
  readonly beacon?: boolean;
  readonly openAt?: number;
  readonly closeAt?: number;
  readonly capacity?: number;
  readonly ratePerMinute?: number;
  readonly showUpSeconds?: number;
  readonly bookingSeconds?: number;
  readonly holdSeconds?: number;
  readonly paymentSeconds?: number;
  readonly depositMinutes?: number;
  readonly maxSeatsPerMember?: number;
  readonly noSingleSeats?: boolean;
  readonly accessibleReleaseAt?: number | null;
  readonly cancellation?: CancellationPolicy;
  readonly releaseEverySeconds?: number;
  readonly releaseJitterSeconds?: number;
  readonly absenceGraceSeconds?: number;
  readonly rejoinSeconds?: number;
  readonly lanes?: readonly { readonly id: string; readonly share: number }[];
  readonly queueLimitFactor?: number;
  readonly verification?: "codes" | "verifier" | null;
  readonly lobbies?: number;
  readonly bookingLobbies?: number;
}

/**
 * A hall with its chart. A chart never changes once it is here (another plan is another hall), because orders and objects
 * refer to its seat ids. Count and grades are kept beside it, so that the catalogue need not read megabytes of seats.
 * `revises`: the hall whose chart was changed for one date while it sold; such a one is that date's alone.
 */
export const halls = pgTable(
  "halls",
  {
    id: uuid("id").primaryKey(),
    /** Who made it; whose it is, the organisation says. */
    owner: uuid("owner")
      .notNull()
      .references(() => members.id),
    organisationId: uuid("organisation_id")
      .notNull()
      .references(() => organisations.id),
    name: text("name").notNull(),
    address: text("address").notNull(),
    timeZone: text("time_zone").notNull(),
    chart: jsonb("chart").$type<Chart>().notNull(),
    seats: integer("seats").notNull(),
    grades: text("grades").array().notNull(),
    revises: uuid("revises").references((): AnyPgColumn => halls.id),
    ...stamps(),
  },
  (table) => [index("halls_organisation").on(table.organisationId, table.createdAt, table.id)],
);

/**
 * A performance: the organiser's draft until `published_at`, the catalogue's entry afterwards. From then on the object is
 * the authority; `state_version`, `phase`, `capacity`, `rate_per_minute` and `notice` are its latest report, written by
 * events only (never going back to an older version). `publishing_at` freezes the draft while it is handed over.
 */
export const performances = pgTable(
  "performances",
  {
    id: uuid("id").primaryKey(),
    /** Who made it; whose it is, the organisation says. */
    owner: uuid("owner")
      .notNull()
      .references(() => members.id),
    organisationId: uuid("organisation_id")
      .notNull()
      .references(() => organisations.id),
    title: text("title").notNull(),
    description: text("description").notNull().default(""),
    /** For those who read English; null: the texts above serve everybody. */
    titleEn: text("title_en"),
    descriptionEn: text("description_en"),
    posterUrl: text("poster_url"),
    runTimeMinutes: integer("run_time_minutes"),
    ageRating: text("age_rating"),
    hallId: uuid("hall_id").references(() => halls.id),
    currency: text("currency"),
    prices: jsonb("prices").$type<Readonly<Record<string, number>>>().notNull().default({}),
    settings: jsonb("settings").$type<DraftSettings>().notNull().default({}),
    publishingAt: time("publishing_at"),
    publishedAt: time("published_at"),
    stateVersion: integer("state_version").notNull().default(0),
    phase: text("phase").notNull().default("unpublished"),
    capacity: integer("capacity"),
    ratePerMinute: integer("rate_per_minute"),
    notice: text("notice"),
    /** Its object has nothing any more: from here on the records alone are the performance. */
    emptiedAt: time("emptied_at"),
    ...stamps(),
  },
  (table) => [
    index("performances_published")
      .on(table.publishedAt, table.id)
      .where(sql`${table.publishedAt} is not null`),
    index("performances_organisation").on(table.organisationId, table.createdAt, table.id),
  ],
);

/** Dates of a performance. One without `published_at` is not loaded into the object yet and not shown to anybody. */
export const schedules = pgTable(
  "schedules",
  {
    id: uuid("id").primaryKey(),
    performanceId: uuid("performance_id")
      .notNull()
      .references(() => performances.id),
    hallId: uuid("hall_id")
      .notNull()
      .references(() => halls.id),
    startsAt: time("starts_at").notNull(),
    publishedAt: time("published_at"),
    /** Of the object's charts for this date the one that `hall_id` has. */
    chartVersion: integer("chart_version").notNull().default(1),
    /** Nothing of it is for sale any more, and every order of it is given back. */
    cancelledAt: time("cancelled_at"),
    ...stamps(),
  },
  (table) => [index("schedules_performance").on(table.performanceId, table.startsAt, table.id)],
);

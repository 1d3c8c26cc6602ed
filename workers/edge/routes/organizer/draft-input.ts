/**
 * What an organiser may say about a performance. A draft may lack almost anything; what is there must make sense on its
 * own. How the parts fit together is asked at publication (readiness.ts).
 */
import { z } from "@hono/zod-openapi";
import type { DraftSettings } from "../../../records/schema/catalogue.ts";
import { line, paragraphs } from "../../text-input.ts";
import { grade } from "./chart-input.ts";

/** Times travel as ISO 8601 and are kept in milliseconds. */
export const moment = z.iso
  .datetime({ offset: true, message: "must be an ISO 8601 time with a zone, such as 2026-12-24T10:00:00.000Z" })
  .transform((text) => Date.parse(text));

const whole = (least: number, most: number) => z.int().min(least).max(most);

const limitsInput = z.strictObject({
  capacity: whole(0, 1_000_000).optional(),
  ratePerMinute: whole(0, 1_000_000).optional(),
});

/** What cancelling costs: the first rule that fits decides, and where none fits it is too late. */
const policyInput = z.strictObject({
  rules: z
    .array(
      z.strictObject({
        daysBefore: whole(0, 365),
        daysSince: whole(0, 365).nullable(),
        percent: whole(0, 100),
        perSeat: whole(0, 1_000_000_000).nullable(),
      }),
    )
    .max(20),
});

/** The ranges are the object's own (durable-objects/performance/admission/publish.ts); it checks again. */
export const settingsInput = limitsInput.extend({
  gatherAt: moment.nullable().optional(),
  /** Whether the draw waits for a round of the public beacon. */
  beacon: z.boolean().optional(),
  /** null takes back what the draft had. */
  openAt: moment.nullable().optional(),
  closeAt: moment.nullable().optional(),
  showUpSeconds: whole(5, 600).optional(),
  bookingSeconds: whole(10, 3_600).optional(),
  holdSeconds: whole(5, 3_600).optional(),
  paymentSeconds: whole(10, 540).optional(),
  /** How long a bank transfer is waited for, and never longer than until the show begins. */
  depositMinutes: whole(10, 43_200).optional(),
  maxSeatsPerMember: whole(1, 100).optional(),
  /** A hold must not leave a single free seat between others. */
  noSingleSeats: z.boolean().optional(),
  /** From here on accessible seats are sold to everybody; null: only when the organiser says so. */
  accessibleReleaseAt: moment.nullable().optional(),
  cancellation: policyInput.optional(),
  /** Seats given back are free again at the next multiple of so many seconds after openAt; 0: at once. */
  releaseEverySeconds: whole(0, 604_800).optional(),
  releaseJitterSeconds: whole(0, 86_400).optional(),
  absenceGraceSeconds: whole(0, 86_400).optional(),
  rejoinSeconds: whole(0, 86_400).optional(),
  /** The general lane first; the shares are percents of 100 together. */
  lanes: z
    .array(z.object({ id: z.string().regex(/^[a-z][a-z0-9-]{0,29}$/), share: whole(1, 100) }))
    .min(1)
    .max(4)
    .refine((lanes) => lanes[0]?.id === "general", "begins with the lane named general")
    .refine((lanes) => new Set(lanes.map((lane) => lane.id)).size === lanes.length, "names a lane twice")
    .refine((lanes) => lanes.reduce((sum, lane) => sum + lane.share, 0) === 100, "has shares that are not 100 together")
    .optional(),
  queueLimitFactor: whole(0, 1_000).optional(),
  /** What joining takes besides an account; null: nothing. */
  verification: z.enum(["codes", "verifier"]).nullable().optional(),
  lobbies: whole(1, 200).optional(),
  bookingLobbies: whole(1, 6).optional(),
});

/** An HTTPS address, or a path on our own origin; nothing that could run as a script. */
const posterUrl = z
  .string()
  .max(500)
  .refine(
    (url) => /^\/(?![/\\])[^\s<>"'\\]*$/.test(url) || isHttps(url),
    "must be an https address or a path of this site",
  );

const prices = z
  .record(grade, whole(0, 1_000_000_000))
  .refine((list) => Object.keys(list).length <= 50, "has more than 50 grades");

const fields = {
  title: line(1, 120),
  titleEn: line(1, 120).nullable().optional(),
  description: paragraphs(10_000).optional(),
  descriptionEn: paragraphs(10_000).nullable().optional(),
  posterUrl: posterUrl.nullable().optional(),
  runTimeMinutes: whole(1, 1_440).nullable().optional(),
  ageRating: line(1, 40).nullable().optional(),
  hallId: z.uuid().optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as KRW")
    .optional(),
  prices: prices.optional(),
  settings: settingsInput.optional(),
};

/** The organisation has to be named by members of several. It cannot change. */
export const performanceInput = z.strictObject({ ...fields, organisationId: z.uuid().optional() });
export const performancePatch = z.strictObject({
  ...fields,
  title: fields.title.optional(),
  /** The `updatedAt` of the draft that was changed: where somebody else has changed it since, nothing is changed. */
  basedOn: moment.optional(),
});
export const scheduleInput = z.strictObject({ startsAt: moment, hallId: z.uuid().optional() });
export const noticeInput = z.strictObject({ text: paragraphs(500).nullable() });
/** At most a thousand members a call. */
export const inviteInput = z.strictObject({
  lane: z.string().regex(/^[a-z][a-z0-9-]{0,29}$/),
  memberIds: z.array(z.uuid()).min(1).max(1_000),
});
export const revokeInput = z.strictObject({ memberId: z.uuid() });

export type PerformancePatchInput = z.infer<typeof performancePatch>;
export type SettingsInput = z.infer<typeof settingsInput>;

/** The columns a patch changes; what it does not name stays. Settings are merged one by one. */
export function draftColumns(input: Omit<PerformancePatchInput, "basedOn">, before: DraftSettings) {
  const { settings, ...columns } = input;
  return {
    ...present(columns),
    ...(settings === undefined ? {} : { settings: mergedSettings(before, settings) }),
  };
}

export function mergedSettings(before: DraftSettings, change: SettingsInput): DraftSettings {
  const { openAt, closeAt, ...others } = change;
  const { openAt: openBefore, closeAt: closeBefore, ...kept } = before;
  return {
    ...kept,
    ...present(others),
    ...present({ openAt: changed(openBefore, openAt), closeAt: changed(closeBefore, closeAt) }),
  };
}

/** Absent: as before; null: nothing any more. */
function changed<T>(before: T | undefined, change: T | null | undefined): T | undefined {
  return change === undefined ? before : (change ?? undefined);
}

/** Without the properties that are undefined: in an optional property, "absent" is the only way to say nothing. */
function present<T extends object>(input: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in input) {
    const value = input[key];
    if (isPresent(value)) kept[key] = value;
  }
  return kept;
}

function isPresent<V>(value: V): value is Exclude<V, undefined> {
  return value !== undefined;
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === "https:";
}

/** A performance as its organiser sees it. */
import { z } from "@hono/zod-openapi";
import type { CancellationPolicy } from "../../../../durable-objects/performance/contract.ts";
import { momentSchema } from "../../openapi.ts";
import type { PerformanceRow } from "../../../records/drafts.ts";

/** What cancelling costs. */
export const policySchema = z
  .object({
    rules: z.array(
      z.object({
        daysBefore: z.int(),
        daysSince: z.int().nullable(),
        percent: z.int(),
        perSeat: z.int().nullable(),
      }),
    ),
  })
  .openapi("CancellationPolicy");

export function viewPolicy({ rules }: CancellationPolicy): z.infer<typeof policySchema> {
  return { rules: rules.map((rule) => ({ ...rule })) };
}

const settingSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  policySchema,
  z.array(z.object({ id: z.string(), share: z.int() })),
]);

export const draftSchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    titleEn: z.string().nullable(),
    description: z.string(),
    descriptionEn: z.string().nullable(),
    posterUrl: z.string().nullable(),
    runTimeMinutes: z.int().nullable(),
    ageRating: z.string().nullable(),
    hallId: z.uuid().nullable(),
    currency: z.string().nullable(),
    prices: z.record(z.string(), z.int()),
    /** As the organiser gave them; times as ISO 8601. */
    settings: z.record(z.string(), settingSchema),
    publishedAt: momentSchema.nullable(),
    phase: z.string(),
    capacity: z.int().nullable(),
    ratePerMinute: z.int().nullable(),
    notice: z.string().nullable(),
    createdAt: momentSchema,
    updatedAt: momentSchema,
  })
  .openapi("OrganizerPerformance");

const TIMES = new Set(["gatherAt", "openAt", "closeAt"]);

export function draftView(row: PerformanceRow) {
  const { cancellation, lanes, ...plain } = row.settings;
  const settings: Record<string, z.infer<typeof settingSchema>> = {};
  for (const [name, value] of Object.entries(plain) satisfies [string, string | number | boolean | null][]) {
    settings[name] = typeof value === "number" && TIMES.has(name) ? new Date(value).toISOString() : value;
  }
  if (cancellation !== undefined) settings["cancellation"] = viewPolicy(cancellation);
  if (lanes !== undefined) settings["lanes"] = lanes.map(({ id, share }) => ({ id, share }));
  return {
    id: row.id,
    title: row.title,
    titleEn: row.titleEn,
    description: row.description,
    descriptionEn: row.descriptionEn,
    posterUrl: row.posterUrl,
    runTimeMinutes: row.runTimeMinutes,
    ageRating: row.ageRating,
    hallId: row.hallId,
    currency: row.currency,
    prices: { ...row.prices },
    settings,
    publishedAt: row.publishedAt?.toISOString() ?? null,
    phase: row.phase,
    capacity: row.capacity,
    ratePerMinute: row.ratePerMinute,
    notice: row.notice,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

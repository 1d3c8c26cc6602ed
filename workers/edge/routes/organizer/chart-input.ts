/**
 * A chart as an organiser uploads it. What passes here is stored for ever, loaded into objects and drawn in browsers, so
 * everything is bounded: ids travel in URLs and storage keys, labels reach tickets and pages. The published JSON Schema is
 * made of the same description; what it cannot say (ids that repeat, seats that overlap) is in charts/lint.ts.
 */
import { z } from "@hono/zod-openapi";
import { seatAttributes } from "../../../../durable-objects/performance/seats/chart.ts";
import { chartFindings } from "../../charts/lint.ts";

const MOST_SECTIONS = 500;
const MOST_ZONES = 50;
const MOST_GRADES = 50;
/** Seat widths from the corner; a plan larger than this is a mistake in units. */
const FARTHEST = 100_000;

const id = z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/, "must be 1 to 40 of A-Z a-z 0-9 _ . -");
/** Shorter, because the number of a place follows it. */
const zoneId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, "must be 1 to 32 of A-Z a-z 0-9 _ -");

export const label = z
  .string()
  .min(1, "must not be empty")
  .max(40, "must have at most 40 characters")
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069<>]*$/u, "must not contain control characters or angle brackets");

/** Grades are keys of the price list, so the names that every object has are none. */
export const grade = label.refine((name) => !(name in {}), "is a reserved word");

const coordinate = z.number("must be a finite number").min(-FARTHEST).max(FARTHEST);
const point = z.tuple([coordinate, coordinate]);
const outline = z.array(point).min(3, "must have at least 3 corners").max(200, "must have at most 200 corners");
const attributes = z.array(z.enum(seatAttributes)).max(seatAttributes.length);

const seat = z.strictObject({
  id,
  label,
  grade,
  x: coordinate,
  y: coordinate,
  attributes: attributes.exactOptional(),
  aisle: z.literal(true).exactOptional(),
});
const row = z.strictObject({ label, seats: z.array(seat).min(1).max(5_000) });
const section = z.strictObject({
  id,
  name: label,
  rows: z.array(row).min(1).max(2_000),
  outline: outline.exactOptional(),
});
const zone = z.strictObject({
  id: zoneId,
  name: label,
  grade,
  capacity: z.int().min(1).max(60_000),
  outline: outline.exactOptional(),
});

/** The form of a chart, one field at a time. */
export const chartForm = z.strictObject({
  version: z.union([z.literal(1), z.literal(2)]),
  name: label,
  seatWidth: z.number().positive().max(1_000).exactOptional(),
  grades: z.array(grade).min(1).max(MOST_GRADES).exactOptional(),
  stage: z.strictObject({ outline, focus: point.exactOptional() }).exactOptional(),
  sections: z.array(section).max(MOST_SECTIONS),
  zones: z.array(zone).max(MOST_ZONES).exactOptional(),
});

/** A chart that may be stored: its form is right, and nothing the lint calls an error is in it. */
export const chartInput = chartForm
  .superRefine((chart, context) => {
    for (const { severity, path, en } of chartFindings(chart)) {
      if (severity === "error") context.addIssue({ code: "custom", path: [...path], message: en });
    }
  })
  .openapi("Chart");

/** JSON Schema (draft 2020-12) of a chart's form, for editors and other programs. */
export function chartSchema(): object {
  return { $id: "/api/charts/schema.json", title: "TicketPing chart", ...z.toJSONSchema(chartForm) };
}

/**
 * A chart as an organiser uploads it. What passes here is stored for ever, loaded into objects and drawn in browsers, so
 * everything is bounded: ids travel in URLs and storage keys, labels reach tickets and pages.
 */
import { z } from "@hono/zod-openapi";
import type { Chart } from "../../../../durable-objects/performance/seats/chart.ts";

export const MOST_SEATS = 60_000;
const MOST_SECTIONS = 500;
const MOST_GRADES = 50;
/** Seat widths from the corner; a plan larger than this is a mistake in units. */
const FARTHEST = 100_000;

const id = z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/, "must be 1 to 40 of A-Z a-z 0-9 _ . -");

export const label = z
  .string()
  .min(1, "must not be empty")
  .max(40, "must have at most 40 characters")
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069<>]*$/u, "must not contain control characters or angle brackets");

/** Grades are keys of the price list, so the names that every object has are none. */
export const grade = label.refine((name) => !(name in {}), "is a reserved word");

const coordinate = z.number("must be a finite number").min(-FARTHEST).max(FARTHEST);

const seat = z.strictObject({ id, label, grade, x: coordinate, y: coordinate });
const row = z.strictObject({ label, seats: z.array(seat).min(1).max(5_000) });
const section = z.strictObject({ id, name: label, rows: z.array(row).min(1).max(2_000) });

export const chartInput = z
  .strictObject({ version: z.literal(1), name: label, sections: z.array(section).min(1).max(MOST_SECTIONS) })
  .superRefine((chart, context) => {
    for (const { path, message } of wholeChartErrors(chart))
      context.addIssue({ code: "custom", path: [...path], message });
  })
  .openapi("Chart");

interface ChartError {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Rules that need the whole chart. Every repeated id is named, where it is repeated. */
export function wholeChartErrors(chart: Chart): readonly ChartError[] {
  const found: ChartError[] = [];
  const sections = new Set<string>();
  const seats = new Set<string>();
  let count = 0;
  chart.sections.forEach(({ id: sectionId, rows }, s) => {
    if (sections.has(sectionId)) found.push({ path: ["sections", s, "id"], message: "is the id of another section" });
    sections.add(sectionId);
    rows.forEach((chartRow, r) => {
      chartRow.seats.forEach(({ id: seatId }, n) => {
        count += 1;
        if (!seats.has(seatId)) seats.add(seatId);
        else found.push({ path: ["sections", s, "rows", r, "seats", n, "id"], message: "is the id of another seat" });
      });
    });
  });
  if (count > MOST_SEATS) found.push({ path: ["sections"], message: `has ${count} seats; the most is ${MOST_SEATS}` });
  const { grades } = chartSummary(chart);
  if (grades.length > MOST_GRADES) found.push({ path: ["sections"], message: `has more than ${MOST_GRADES} grades` });
  return found;
}

/** What the catalogue needs to know of a chart without reading it: how many seats, of which grades in order of appearance. */
export function chartSummary(chart: Chart): { readonly seats: number; readonly grades: readonly string[] } {
  const grades = new Set<string>();
  let seats = 0;
  for (const { rows } of chart.sections) {
    for (const { seats: line } of rows) {
      seats += line.length;
      for (const { grade: name } of line) grades.add(name);
    }
  }
  return { seats, grades: [...grades] };
}

/** Making a chart before it becomes a hall: the lint report, a table as a chart, a chart from a few numbers. Nothing is stored. */
import { createRoute, z } from "@hono/zod-openapi";
import { seatAttributes, type Chart } from "../../../../durable-objects/performance/seats/chart.ts";
import { chartOfCsv } from "../../charts/csv.ts";
import { generateChart } from "../../charts/generate.ts";
import { reportOn } from "../../charts/report.ts";
import type { App } from "../../context.ts";
import { body, ok } from "../../openapi.ts";
import { Problem } from "../../problem.ts";
import { chartSchema, grade, label } from "./chart-input.ts";

const findingSchema = z
  .object({
    severity: z.enum(["error", "warning"]),
    code: z.string(),
    path: z.array(z.union([z.string(), z.number()])),
    ko: z.string(),
    en: z.string(),
    evidence: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .openapi("ChartFinding");

export const reportSchema = z
  .object({ ok: z.boolean(), places: z.int(), grades: z.array(z.string()), findings: z.array(findingSchema) })
  .openapi("ChartReport");

const answer = z.object({ chart: z.looseObject({}).nullable(), report: reportSchema });

const schemaRoute = createRoute({
  method: "get",
  path: "/api/charts/schema.json",
  tags: ["charts"],
  responses: {
    200: {
      description: "JSON Schema of a chart.",
      content: { "application/schema+json": { schema: z.looseObject({}) } },
    },
  },
});

const lintRoute = createRoute({
  method: "post",
  path: "/api/organizer/charts/lint",
  tags: ["charts"],
  request: { body: body(z.strictObject({ chart: z.unknown() })) },
  responses: ok(z.object({ report: reportSchema }), "What is wrong or odd about a chart, in plain words"),
});

const csvRoute = createRoute({
  method: "post",
  path: "/api/organizer/charts/csv",
  tags: ["charts"],
  request: { body: body(z.strictObject({ name: label, csv: z.string().max(6_000_000) })) },
  responses: ok(answer, "A table (one line a seat) as a chart; null where the report has errors"),
});

const ordinal = z.int().min(1).max(5_000);
const distance = z.number().min(-10_000).max(10_000);
const corner = z.tuple([distance, distance]);
const corners = z.array(corner).min(3).max(200);
const sectionFields = {
  id: z.string().regex(/^[A-Za-z0-9_.-]{1,20}$/),
  name: label,
  rows: z.int().min(1).max(200),
  seats: z.int().min(1).max(500),
  growth: z.number().min(0).max(20).exactOptional(),
  firstRow: ordinal.exactOptional(),
  grades: z
    .array(z.strictObject({ grade, from: ordinal }))
    .min(1)
    .max(20),
  aisles: z.array(ordinal).max(20).exactOptional(),
  special: z
    .array(z.strictObject({ row: ordinal, seats: z.array(ordinal).min(1).max(100), attribute: z.enum(seatAttributes) }))
    .max(100)
    .exactOptional(),
};
const description = z.strictObject({
  name: label,
  stage: z.strictObject({ outline: corners, focus: corner.exactOptional() }).exactOptional(),
  sections: z
    .array(
      z.discriminatedUnion("shape", [
        z.strictObject({ shape: z.literal("grid"), ...sectionFields, at: corner }),
        z.strictObject({
          shape: z.literal("curve"),
          ...sectionFields,
          centre: corner,
          radius: z.number().positive().max(10_000),
          from: z.number().min(-360).max(360),
          to: z.number().min(-360).max(360),
        }),
      ]),
    )
    .max(200)
    // Before anything is built: a few numbers can ask for a lot.
    .refine(
      (plans) => plans.reduce((sum, { rows, seats, growth = 0 }) => sum + rows * (seats + growth * rows), 0) <= 120_000,
      "asks for too many seats",
    ),
  zones: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
        name: label,
        grade,
        capacity: z.int().min(1).max(60_000),
        outline: corners.exactOptional(),
      }),
    )
    .max(50)
    .exactOptional(),
});

const generateRoute = createRoute({
  method: "post",
  path: "/api/organizer/charts/generate",
  tags: ["charts"],
  request: { body: body(description) },
  responses: ok(answer, "Rows × columns, curved sections and standing zones as a chart"),
});

export function registerCharts(app: App): void {
  let schema: string | null = null;
  app.openapi(schemaRoute, (c) => {
    schema ??= JSON.stringify(chartSchema());
    const headers = { "content-type": "application/schema+json", "cache-control": "public, max-age=3600" };
    return c.body(schema, 200, headers) as never;
  });

  app.openapi(lintRoute, (c) => {
    const { report } = reportOn(c.req.valid("json").chart);
    return c.json({ report: shown(report) }, 200);
  });

  app.openapi(csvRoute, (c) => {
    const { name, csv } = c.req.valid("json");
    const table = chartOfCsv(name, csv);
    if (!table.ok) {
      throw new Problem("invalid-request", { errors: [{ field: `csv.${table.line}`, message: table.reason }] });
    }
    const { chart, report } = reportOn(table.chart);
    return c.json({ chart: asBody(chart), report: shown(report) }, 200);
  });

  app.openapi(generateRoute, (c) => {
    const { chart, report } = reportOn(generateChart(c.req.valid("json")));
    return c.json({ chart: asBody(chart), report: shown(report) }, 200);
  });
}

function asBody(chart: Chart | null): Record<string, unknown> | null {
  return chart === null ? null : { ...chart };
}

/** The router's types want arrays they may change. */
export function shown(report: ReturnType<typeof reportOn>["report"]): z.infer<typeof reportSchema> {
  return {
    ...report,
    grades: [...report.grades],
    findings: report.findings.map((one) => ({ ...one, path: [...one.path], evidence: { ...one.evidence } })),
  };
}

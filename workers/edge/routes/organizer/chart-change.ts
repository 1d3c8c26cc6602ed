/**
 * Another chart for a date that is on sale. The object decides, for only it knows who has which seat this moment; what it has
 * taken over becomes the date's hall in the records. Asked again after a lost answer, both find that they have it.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { gradesOf, placesOf, type Chart } from "../../../../durable-objects/performance/seats/chart.ts";
import { chartFindings } from "../../charts/lint.ts";
import type { App, AppContext } from "../../context.ts";
import { body, idParameter, idSchema, ok } from "../../openapi.ts";
import { commandPerformance } from "../../performance-object.ts";
import { Problem } from "../../problem.ts";
import { writeAudit } from "../../../records/audit.ts";
import { keepChart } from "../../../records/chart-versions.ts";
import { withRecords } from "../../../records/database.ts";
import { listSchedules } from "../../../records/drafts.ts";
import { auditEntry, ownPerformance } from "./access.ts";
import { chartInput } from "./chart-input.ts";
import { reportSchema, shown } from "./charts.ts";

const changeRoute = createRoute({
  method: "put",
  path: "/api/organizer/performances/{id}/schedules/{scheduleId}/chart",
  tags: ["organiser seats"],
  request: {
    params: idParameter.extend({ scheduleId: idSchema.openapi({ param: { name: "scheduleId", in: "path" } }) }),
    body: body(z.strictObject({ chart: chartInput })),
  },
  responses: ok(
    z.object({ version: z.int(), places: z.int(), report: reportSchema }),
    "The date sells by this chart from now on; every place with a history is what it was",
  ),
});

export function registerChartChange(app: App): void {
  app.openapi(changeRoute, async (c) => {
    const { id, scheduleId } = c.req.valid("param");
    const { chart } = c.req.valid("json");
    const { publishedAt } = await ownPerformance(c, id);
    if (publishedAt === null) throw new Problem("not-published");
    const dates = await withRecords(c.env, (db) => listSchedules(db, id));
    // A date that is not on sale yet has no seats to lose: it can be removed, and planned in another hall.
    if (!dates.some((date) => date.id === scheduleId && date.publishedAt !== null))
      throw new Problem("unknown-schedule");
    const { version, places } = await handOver(c, id, scheduleId, chart);
    const audit = auditEntry(c, "change-chart.requested", id, { scheduleId, version, places, outcome: "done" });
    const hall = { id: crypto.randomUUID(), chart, seats: placesOf(chart), grades: gradesOf(chart) };
    await withRecords(c.env, (db) => keepChart(db, scheduleId, version, hall, audit));
    const report = shown({ ok: true, places, grades: gradesOf(chart), findings: chartFindings(chart) });
    return c.json({ version, places, report }, 200);
  });
}

async function handOver(c: AppContext, id: string, scheduleId: string, chart: Chart) {
  const action = { do: "change-chart", scheduleId, chart } as const;
  try {
    const reply = await commandPerformance(c, id, { kind: "operate", operator: c.var.member.id, action });
    if (reply.kind !== "chart") throw new Error(`a chart was expected, not ${reply.kind}`);
    return reply;
  } catch (error) {
    if (error instanceof Problem) {
      const entry = auditEntry(c, "change-chart.requested", id, { scheduleId, outcome: error.code });
      await withRecords(c.env, (db) => writeAudit(db, entry));
    }
    throw error;
  }
}

/** One performance with its dates, what it still lacks, and taking back what nobody has seen. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../../context.ts";
import { done, idParameter, idSchema, momentSchema, ok } from "../../openapi.ts";
import { beaconChain } from "../../gate/chain.ts";
import { Problem } from "../../problem.ts";
import { readRecords, withRecords } from "../../../records/database.ts";
import { listSchedules, readHall, readHalls, removeDraft, removeSchedule } from "../../../records/drafts.ts";
import type { ScheduleRow } from "../../../records/drafts.ts";
import { auditEntry, ownPerformance, scopeOf } from "./access.ts";
import { chartForm, chartInput } from "./chart-input.ts";
import { draftSchema, draftView } from "./draft-view.ts";
import { readiness } from "./readiness.ts";

export const scheduleSchema = z.object({
  id: z.uuid(),
  performanceId: z.uuid(),
  hallId: z.uuid(),
  startsAt: momentSchema,
  publishedAt: momentSchema.nullable(),
  cancelledAt: momentSchema.nullable(),
});

const readRoute = createRoute({
  method: "get",
  path: "/api/organizer/performances/{id}",
  request: { params: idParameter },
  responses: ok(
    z.object({ performance: draftSchema, schedules: z.array(scheduleSchema) }),
    "A performance as its organiser gave it, with its dates",
  ),
});

const readinessRoute = createRoute({
  method: "get",
  path: "/api/organizer/performances/{id}/readiness",
  request: { params: idParameter },
  responses: ok(
    z.object({ ready: z.boolean(), missing: z.array(z.object({ field: z.string(), message: z.string() })) }),
    "Everything that publishing would find missing, at once",
  ),
});

const discardRoute = createRoute({
  method: "delete",
  path: "/api/organizer/performances/{id}",
  request: { params: idParameter },
  responses: done("The draft is gone; a published performance stays"),
});

const removeRoute = createRoute({
  method: "delete",
  path: "/api/organizer/performances/{id}/schedules/{scheduleId}",
  request: {
    params: idParameter.extend({ scheduleId: idSchema.openapi({ param: { name: "scheduleId", in: "path" } }) }),
  },
  responses: done("The draft's date is gone"),
});

const hallRoute = createRoute({
  method: "get",
  path: "/api/organizer/halls/{id}/chart",
  request: { params: idParameter },
  responses: ok(z.object({ chart: chartInput }), "A hall's chart, as it was uploaded"),
});

export function registerDraftReading(app: App): void {
  app.openapi(readRoute, async (c) => {
    const { id } = c.req.valid("param");
    const performance = await ownPerformance(c, id);
    const schedules = await readRecords(c.env, (db) => listSchedules(db, id));
    return c.json({ performance: draftView(performance), schedules: schedules.map(scheduleView) }, 200);
  });

  app.openapi(readinessRoute, async (c) => {
    const { id } = c.req.valid("param");
    const draft = await ownPerformance(c, id);
    const found = await withRecords(c.env, async (db) => {
      const dates = await listSchedules(db, id);
      return readiness(
        draft,
        dates,
        await readHalls(db, [...new Set(dates.map((date) => date.hallId))]),
        beaconChain(c.env),
      );
    });
    const missing = found.ready ? [] : found.missing.map(({ field, message }) => ({ field, message }));
    return c.json({ ready: found.ready, missing }, 200);
  });

  app.openapi(discardRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { title } = await ownPerformance(c, id);
    const audit = auditEntry(c, "performance.discarded", id, { title });
    if (!(await withRecords(c.env, (db) => removeDraft(db, id, audit)))) throw new Problem("published-differently");
    return c.body(null, 204);
  });

  app.openapi(removeRoute, async (c) => {
    const { id, scheduleId } = c.req.valid("param");
    await ownPerformance(c, id);
    const audit = auditEntry(c, "schedule.removed", id, { scheduleId });
    const removed = await withRecords(c.env, async (db) => {
      const known = (await listSchedules(db, id)).some((row) => row.id === scheduleId);
      return known ? removeSchedule(db, id, scheduleId, audit) : null;
    });
    if (removed === null) throw new Problem("not-found");
    if (!removed) throw new Problem("published-differently");
    return c.body(null, 204);
  });

  app.openapi(hallRoute, async (c) => {
    const { id } = c.req.valid("param");
    const hall = await readRecords(c.env, (db) => readHall(db, scopeOf(c.var.member), id));
    if (hall === null) throw new Problem("not-found");
    // A chart of an id never changes.
    c.header("cache-control", "private, max-age=86400, immutable");
    return c.json({ chart: chartForm.parse(hall.chart) }, 200);
  });
}

function scheduleView({ id, performanceId, hallId, startsAt, publishedAt, cancelledAt }: ScheduleRow) {
  return {
    id,
    performanceId,
    hallId,
    startsAt: startsAt.toISOString(),
    publishedAt: publishedAt?.toISOString() ?? null,
    cancelledAt: cancelledAt?.toISOString() ?? null,
  };
}

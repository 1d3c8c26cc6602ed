/** Drafts: making a performance, changing it until it is published, giving it dates. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App, AppContext } from "../../context.ts";
import { body, created, idParameter, ok, pageQuery, pageSchema } from "../../openapi.ts";
import { Problem } from "../../problem.ts";
import { isUuid, readCursor } from "../../../records/cursor.ts";
import { readRecords, withRecords } from "../../../records/database.ts";
import { createPerformance, createSchedule, hallExists, listPerformances } from "../../../records/drafts.ts";
import { changeOwnDraft } from "./draft-change.ts";
import { auditEntry, organisationFor, ownPerformance, scopeOf } from "./access.ts";
import { draftColumns, performanceInput, performancePatch, scheduleInput } from "./draft-input.ts";
import { scheduleSchema } from "./draft-reading.ts";
import { draftSchema, draftView } from "./draft-view.ts";

const performanceAnswer = z.object({ performance: draftSchema });
const createRouteOf = createRoute({
  method: "post",
  path: "/api/organizer/performances",
  request: { body: body(performanceInput) },
  responses: created(performanceAnswer, "A new draft"),
});

const listRoute = createRoute({
  method: "get",
  path: "/api/organizer/performances",
  request: { query: pageQuery },
  responses: ok(pageSchema(draftSchema), "The organiser's performances, drafts included, the newest first"),
});

const patchRoute = createRoute({
  method: "patch",
  path: "/api/organizer/performances/{id}",
  request: { params: idParameter, body: body(performancePatch) },
  responses: ok(performanceAnswer, "The changed draft"),
});

const scheduleRoute = createRoute({
  method: "post",
  path: "/api/organizer/performances/{id}/schedules",
  request: { params: idParameter, body: body(scheduleInput) },
  responses: created(z.object({ schedule: scheduleSchema }), "A new date; the next publication puts it on sale"),
});

export function registerDrafts(app: App): void {
  app.openapi(createRouteOf, async (c) => {
    const { title, organisationId: named, ...input } = c.req.valid("json");
    const organisationId = await organisationFor(c, named);
    await requireHall(c, input.hallId);
    const id = crypto.randomUUID();
    const row = { id, owner: c.var.member.id, organisationId, title, ...draftColumns(input, {}) };
    const audit = auditEntry(c, "performance.created", id, { title });
    const performance = await withRecords(c.env, (db) => createPerformance(db, row, audit));
    if (performance === null) throw new Error("an insert returned no row");
    return c.json({ performance: draftView(performance) }, 201);
  });

  app.openapi(listRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const after = readCursor(cursor, isUuid);
    const page = await readRecords(c.env, (db) => listPerformances(db, scopeOf(c.var.member), after, limit));
    return c.json({ items: page.items.map(draftView), nextCursor: page.nextCursor }, 200);
  });

  app.openapi(patchRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { basedOn, ...input } = c.req.valid("json");
    await ownPerformance(c, id);
    await requireHall(c, input.hallId);
    const performance = await changeOwnDraft(c, {
      id,
      basedOn,
      fields: Object.keys(input),
      columns: (before) => draftColumns(input, before.settings),
    });
    return c.json({ performance: draftView(performance) }, 200);
  });

  app.openapi(scheduleRoute, async (c) => {
    const { id: performanceId } = c.req.valid("param");
    const { startsAt, hallId: named } = c.req.valid("json");
    const performance = await ownPerformance(c, performanceId);
    const hallId = named ?? performance.hallId;
    if (hallId === null) throw unknownHall("is missing: the performance has no hall yet");
    await requireHall(c, named);
    const row = { id: crypto.randomUUID(), performanceId, hallId, startsAt: new Date(startsAt) };
    const audit = auditEntry(c, "schedule.created", performanceId, {
      scheduleId: row.id,
      startsAt: row.startsAt.toISOString(),
    });
    await withRecords(c.env, (db) => createSchedule(db, row, audit));
    return c.json(
      { schedule: { ...row, startsAt: row.startsAt.toISOString(), publishedAt: null, cancelledAt: null } },
      201,
    );
  });
}

/** A hall must be the organiser's own: its chart is part of what is sold. */
async function requireHall(c: AppContext, hallId: string | undefined): Promise<void> {
  if (hallId === undefined) return;
  const known = await readRecords(c.env, (db) => hallExists(db, scopeOf(c.var.member), hallId));
  if (!known) throw unknownHall("there is no such hall");
}

function unknownHall(message: string): Problem {
  return new Problem("invalid-request", { errors: [{ field: "hallId", message }] });
}

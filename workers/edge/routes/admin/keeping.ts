/**
 * What becomes of a sale's object as a whole: emptied when all is over, built again when it was lost, taken back to an earlier
 * moment. For admins, and for `npm run recover`. What is asked for is in the audit log before it begins.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { SchedulePlan } from "../../../../durable-objects/performance/contract.ts";
import { withRecords } from "../../../records/database.ts";
import { listSchedules, readHalls, readPerformance } from "../../../records/drafts.ts";
import { writeAudit } from "../../../records/audit.ts";
import { emptySale } from "../../../records/emptying.ts";
import type { App, AppContext } from "../../context.ts";
import { beaconChain } from "../../gate/chain.ts";
import { body, idParameter, momentSchema, ok } from "../../openapi.ts";
import { askPerformance } from "../../performance-object.ts";
import { Problem } from "../../problem.ts";
import { catchUp, lacking, rebuildFromRecords, reportAgain, restart, type Rebuilt } from "../../rebuild.ts";
import { readiness } from "../organizer/readiness.ts";

const BASE = "/api/admin/performances/{id}";
const bookmark = z.string().regex(/^[0-9a-f-]{20,120}$/);
const rebuiltSchema = z.object({
  phase: z.string(),
  joined: z.int(),
  sold: z.int(),
  reported: z.int().openapi({ description: "Orders told to the records once more" }),
});

const emptyRoute = createRoute({
  method: "post",
  path: `${BASE}/empty`,
  request: { params: idParameter },
  responses: ok(z.object({ emptiedAt: momentSchema }), "The records have everything, the objects nothing"),
});

const rebuildRoute = createRoute({
  method: "post",
  path: `${BASE}/rebuild`,
  request: {
    params: idParameter,
    body: body(
      z.strictObject({
        replace: z
          .boolean()
          .default(false)
          .openapi({ description: "Replaces an object that has its storage: what only it knows is lost" }),
      }),
    ),
  },
  responses: ok(rebuiltSchema, "Built again; a sale that was open is paused until somebody resumes it"),
});

const reportRoute = createRoute({
  method: "post",
  path: `${BASE}/report-again`,
  request: { params: idParameter },
  responses: ok(
    z.object({ reported: z.int() }),
    "Every order is told to the records once more; nobody is mailed again",
  ),
});

const restoreRoute = createRoute({
  method: "post",
  path: `${BASE}/restore`,
  request: {
    params: idParameter,
    body: body(z.union([z.strictObject({ at: momentSchema }), z.strictObject({ bookmark })])),
  },
  responses: ok(
    rebuiltSchema.extend({ bookmark: z.string(), undo: z.string() }),
    "Storage as it was, with what the records know better; `undo`: the bookmark of the moment before",
  ),
});

const catchUpRoute = createRoute({
  method: "post",
  path: `${BASE}/catch-up`,
  request: { params: idParameter },
  responses: ok(
    rebuiltSchema.extend({
      lacked: z
        .string()
        .nullable()
        .openapi({ description: "What the object did not know; null: nothing, and nothing was done" }),
    }),
    "The object has what the records know better; a sale that was open and lacked something is paused",
  ),
});

export function registerKeeping(app: App): void {
  app.openapi(emptyRoute, async (c) => {
    const { id } = c.req.valid("param");
    await known(c, id);
    const emptied = await emptySale(c.env, id, c.var.member.id);
    if (!emptied.ok) throw new Problem("not-emptiable", { evidence: { obstacles: emptied.obstacles } });
    return c.json({ emptiedAt: emptied.at.toISOString() }, 200);
  });

  app.openapi(rebuildRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { replace } = c.req.valid("json");
    const dates = await known(c, id);
    await note(c, id, "performance.rebuild-requested", { replace });
    return c.json(view(await rebuildFromRecords(c, id, dates, replace)), 200);
  });

  app.openapi(reportRoute, async (c) => {
    const { id } = c.req.valid("param");
    const dates = await known(c, id);
    await note(c, id, "performance.report-again-requested", {});
    return c.json(
      {
        reported: await reportAgain(
          c,
          id,
          dates.map((date) => date.id),
        ),
      },
      200,
    );
  });

  app.openapi(catchUpRoute, async (c) => {
    const { id } = c.req.valid("param");
    const dates = await known(c, id);
    const found = await lacking(c, id, dates);
    const { behind: lacked } = found;
    await note(c, id, "performance.catch-up-requested", { lacked });
    return c.json({ ...view(lacked === null ? found : await catchUp(c, id, dates)), lacked }, 200);
  });

  app.openapi(restoreRoute, async (c) => {
    const { id } = c.req.valid("param");
    const input = c.req.valid("json");
    const dates = await known(c, id);
    const to = "at" in input ? { at: Date.parse(input.at) } : input;
    await note(c, id, "performance.restore-requested", input);
    const reply = await askPerformance(c.env, id, (object) => object.restore(to));
    if (!reply.ok) throw new Problem("restore-unavailable", { evidence: { why: reply.why } });
    const { bookmark: back, undo } = reply;
    await note(c, id, "performance.restored", { bookmark: back, undo });
    await restart(c, id);
    return c.json({ ...view(await catchUp(c, id, dates)), bookmark: back, undo }, 200);
  });
}

/** The published dates as the object was given them. @throws a problem: there is no such sale, or it is over for good. */
async function known(c: AppContext, id: string): Promise<readonly SchedulePlan[]> {
  return withRecords(c.env, async (db) => {
    const [row, all] = await Promise.all([readPerformance(db, null, id), listSchedules(db, id)]);
    if (row === null) throw new Problem("not-found");
    if (row.publishedAt === null) throw new Problem("not-published");
    if (row.emptiedAt !== null) throw new Problem("performance-closed");
    const dates = all.filter((date) => date.publishedAt !== null);
    const halls = await readHalls(db, [...new Set(dates.map((date) => date.hallId))]);
    const planned = readiness(row, dates, halls, beaconChain(c.env));
    if (!planned.ready) throw new Problem("rebuild-impossible", { errors: planned.missing });
    return planned.request.schedules;
  });
}

function view({ phase, joined, sold, reported }: Rebuilt) {
  return { phase, joined, sold, reported };
}

async function note(
  c: AppContext,
  performanceId: string,
  action: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const entry = { performanceId, actor: c.var.member.id, action, detail };
  await withRecords(c.env, (db) => writeAudit(db, entry));
}

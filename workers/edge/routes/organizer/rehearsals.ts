/** Playing a sale through before it happens, against a copy that nobody else ever sees. */
import { createRoute, z } from "@hono/zod-openapi";
import type { PublishRequest } from "../../../../durable-objects/performance/contract.ts";
import { placesOf } from "../../../../durable-objects/performance/seats/chart.ts";
import { MOST_FANS, type RehearsalView } from "../../../../durable-objects/rehearsal/contract.ts";
import { askObject } from "../../../calls/objects.ts";
import type { App, AppContext } from "../../context.ts";
import { beaconChain } from "../../gate/chain.ts";
import { body, idParameter, ok } from "../../openapi.ts";
import { Problem } from "../../problem.ts";
import { withRecords } from "../../../records/database.ts";
import { writeAudit } from "../../../records/audit.ts";
import { listSchedules, readHalls } from "../../../records/drafts.ts";
import { auditEntry, ownPerformance } from "./access.ts";
import { readiness } from "./readiness.ts";

const path = "/api/organizer/performances/{id}/rehearsal";
/** As many as one call can carry; dates beyond them are left out of the copy, and the answer says how many seats it has. */
const MOST_PLACES = 60_000;

const pointSchema = z.object({
  second: z.int(),
  waiting: z.int(),
  sessions: z.int(),
  admitted: z.int(),
  sold: z.int(),
});
const viewSchema = z
  .object({
    state: z.enum(["none", "running", "done", "interrupted", "cancelled"]),
    fans: z.int(),
    progress: z.number(),
    result: z
      .object({
        points: z.array(pointSchema),
        seats: z.int(),
        sold: z.int(),
        orders: z.int(),
        admitted: z.int(),
        soldOutAfter: z.int().nullable(),
        waits: z.object({ half: z.int(), most: z.int(), longest: z.int() }).nullable(),
        leftWaiting: z.int(),
        refusals: z.record(z.string(), z.int()),
        checks: z.object({ capacity: z.boolean(), rate: z.boolean(), soldOnce: z.boolean() }),
      })
      .nullable(),
  })
  .openapi("Rehearsal");

const startRoute = createRoute({
  method: "post",
  path,
  request: { params: idParameter, body: body(z.strictObject({ fans: z.int().min(1).max(MOST_FANS) })) },
  responses: ok(viewSchema, "A sale of a copy is being played, with so many people who do not exist"),
});

const viewRoute = createRoute({
  method: "get",
  path,
  request: { params: idParameter },
  responses: ok(viewSchema, "How far the rehearsal is, and what came of it"),
});

const cancelRoute = createRoute({
  method: "delete",
  path,
  request: { params: idParameter },
  responses: ok(viewSchema, "It is played no further; one that is over stays as it is"),
});

export function registerRehearsals(app: App): void {
  app.openapi(startRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { fans } = c.req.valid("json");
    const request = await copyFor(c, id);
    const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    const start = (): Promise<RehearsalView> => c.env.REHEARSAL.getByName(id).start(request, fans, seed);
    const view = await askObject(c.env, "rehearsal", id, start);
    await withRecords(c.env, (db) => writeAudit(db, auditEntry(c, "performance.rehearsed", id, { fans, seed })));
    return c.json(shown(view), 200);
  });

  app.openapi(viewRoute, async (c) => {
    const { id } = c.req.valid("param");
    await ownPerformance(c, id);
    const look = (): Promise<RehearsalView> => c.env.REHEARSAL.getByName(id).view();
    return c.json(shown(await askObject(c.env, "rehearsal", id, look, { repeatable: true })), 200);
  });

  app.openapi(cancelRoute, async (c) => {
    const { id } = c.req.valid("param");
    await ownPerformance(c, id);
    const cancel = () => c.env.REHEARSAL.getByName(id).cancel();
    const { ended, view } = await askObject(c.env, "rehearsal", id, cancel, { repeatable: true });
    if (ended) await withRecords(c.env, (db) => writeAudit(db, auditEntry(c, "performance.rehearsal-cancelled", id)));
    return c.json(shown(view), 200);
  });
}

/** What publishing would hand over, without freezing the draft. */
async function copyFor(c: AppContext, id: string): Promise<PublishRequest> {
  const draft = await ownPerformance(c, id);
  const found = await withRecords(c.env, async (db) => {
    const dates = await listSchedules(db, id);
    const halls = await readHalls(db, [...new Set(dates.map((date) => date.hallId))]);
    return readiness(draft, dates, halls, beaconChain(c.env));
  });
  if (!found.ready) throw new Problem("not-ready-to-publish", { errors: found.missing });
  let places = 0;
  const schedules = found.request.schedules.filter((plan, index) => {
    places += placesOf(plan.chart);
    return index === 0 || places <= MOST_PLACES;
  });
  return { ...found.request, schedules };
}

/** The router's types want arrays they may change. */
function shown({ state, fans, progress, result }: RehearsalView): z.infer<typeof viewSchema> {
  if (result === null) return { state, fans, progress, result };
  const { points, refusals, checks, waits, ...counts } = result;
  return {
    state,
    fans,
    progress,
    result: {
      ...counts,
      points: points.map((point) => ({ ...point })),
      refusals: { ...refusals },
      checks: { ...checks },
      waits: waits === null ? null : { ...waits },
    },
  };
}

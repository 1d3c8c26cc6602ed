/** Halls and their charts. A chart cannot be changed: another plan is another hall. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../../context.ts";
import { body, created, idSchema, momentSchema, ok, pageQuery, pageSchema } from "../../openapi.ts";
import { line, timeZone } from "../../text-input.ts";
import { isUuid, readCursor } from "../../../records/cursor.ts";
import { readRecords, withRecords } from "../../../records/database.ts";
import { createHall, listHalls } from "../../../records/drafts.ts";
import { auditEntry, organisationFor, scopeOf } from "./access.ts";
import { gradesOf, placesOf } from "../../../../durable-objects/performance/seats/chart.ts";
import { chartFindings } from "../../charts/lint.ts";
import { chartInput, label } from "./chart-input.ts";
import { reportSchema, shown } from "./charts.ts";

const hallSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    address: z.string(),
    timeZone: z.string(),
    seats: z.int(),
    grades: z.array(z.string()),
    createdAt: momentSchema,
  })
  .openapi("Hall");

const createHallRoute = createRoute({
  method: "post",
  path: "/api/organizer/halls",
  request: {
    body: body(
      z.strictObject({
        name: label,
        address: line(1, 200),
        timeZone,
        chart: chartInput,
        /** Needed by members of several organisations. */ organisationId: idSchema.optional(),
      }),
    ),
  },
  responses: created(
    z.object({ hall: hallSchema, report: reportSchema }),
    "A new hall, and what is odd about its chart",
  ),
});

const listHallsRoute = createRoute({
  method: "get",
  path: "/api/organizer/halls",
  request: { query: pageQuery },
  responses: ok(pageSchema(hallSchema), "The organiser's halls, the newest first, without charts"),
});

export function registerHalls(app: App): void {
  app.openapi(createHallRoute, async (c) => {
    const { name, address, timeZone: zone, chart, organisationId } = c.req.valid("json");
    const [seats, grades] = [placesOf(chart), gradesOf(chart)];
    const hall = {
      id: crypto.randomUUID(),
      owner: c.var.member.id,
      organisationId: await organisationFor(c, organisationId),
      name,
      address,
      timeZone: zone,
      seats,
      grades: [...grades],
    };
    const audit = auditEntry(c, "hall.created", null, { hallId: hall.id, name, seats });
    await withRecords(c.env, (db) => createHall(db, { ...hall, chart }, audit));
    const report = shown({ ok: true, places: seats, grades, findings: chartFindings(chart) });
    return c.json({ hall: hallView({ ...hall, createdAt: new Date() }), report }, 201);
  });

  app.openapi(listHallsRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const after = readCursor(cursor, isUuid);
    const page = await readRecords(c.env, (db) => listHalls(db, scopeOf(c.var.member), after, limit));
    return c.json({ items: page.items.map(hallView), nextCursor: page.nextCursor }, 200);
  });
}

interface HallFields {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly timeZone: string;
  readonly seats: number;
  readonly grades: readonly string[];
  readonly createdAt: Date;
}

function hallView({ id, name, address, timeZone: zone, seats, grades, createdAt }: HallFields) {
  return { id, name, address, timeZone: zone, seats, grades: [...grades], createdAt: createdAt.toISOString() };
}

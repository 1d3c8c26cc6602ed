/** For whoever runs the service, with the token of monitoring: events that were set aside. */
import { createRoute, z } from "@hono/zod-openapi";
import { withRecords } from "../../records/database.ts";
import { listDeadLetters, replayDeadLetters } from "../../records/dead-letters.ts";
import { requireMonitor } from "../auth/monitor.ts";
import type { App } from "../context.ts";
import { body, idSchema, momentSchema, ok } from "../openapi.ts";

const deadLetter = z.object({
  id: z.string(),
  performanceId: z.string().nullable(),
  seq: z.int().nullable(),
  reason: z.string(),
  at: momentSchema,
  state: z.enum(["waiting", "sent-again", "applied"]),
});

const listRoute = createRoute({
  method: "get",
  path: "/api/operations/dead-letters",
  responses: ok(z.object({ items: z.array(deadLetter) }), "Events that could not be applied, the newest first"),
});

const replayRoute = createRoute({
  method: "post",
  path: "/api/operations/dead-letters/replay",
  request: { body: body(z.strictObject({ ids: z.array(idSchema).min(1).max(100).optional() })) },
  responses: ok(z.object({ sent: z.int() }), "So many were put into the event queue again"),
});

export function registerOperationsOfService(app: App): void {
  app.openapi(listRoute, async (c) => {
    requireMonitor(c);
    const rows = await withRecords(c.env, listDeadLetters);
    return c.json({ items: rows.map((row) => ({ ...row, at: row.at.toISOString() })) }, 200);
  });

  app.openapi(replayRoute, async (c) => {
    requireMonitor(c);
    const sent = await replayDeadLetters(c.env, c.req.valid("json").ids ?? null);
    return c.json({ sent }, 200);
  });
}

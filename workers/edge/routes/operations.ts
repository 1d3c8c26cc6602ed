/**
 * For whoever runs the service, with the token of monitoring: events that were set aside, notices that were given up, and what
 * the books differ in.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { withRecords } from "../../records/database.ts";
import { listDeadLetters, replayDeadLetters } from "../../records/dead-letters.ts";
import { listGivenUp, tellGivenUp } from "../../records/notices/given-up.ts";
import { look } from "../../reconciler/look.ts";
import type { App } from "../context.ts";
import { body, idParameter, idSchema, momentSchema, ok } from "../openapi.ts";
import { askPerformance } from "../performance-object.ts";
import { Problem } from "../problem.ts";

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

const givenUp = z.object({
  id: z.string(),
  channel: z.enum(["mail", "webhook"]),
  kind: z.string(),
  orderId: z.string(),
  reason: z.string().nullable(),
  tries: z.int(),
  at: momentSchema,
});

const givenUpRoute = createRoute({
  method: "get",
  path: "/api/operations/notices",
  responses: ok(z.object({ items: z.array(givenUp) }), "Notices that were given up, the last one first"),
});

const tellRoute = createRoute({
  method: "post",
  path: "/api/operations/notices/tell",
  request: { body: body(z.strictObject({ ids: z.array(z.string().min(1).max(300)).min(1).max(100).optional() })) },
  responses: ok(z.object({ sent: z.int() }), "So many are told after all"),
});

const comparisonRoute = createRoute({
  method: "get",
  path: "/api/operations/performances/{id}/comparison",
  request: {
    params: idParameter,
    query: z.object({ side: z.enum(["records", "provider"]), after: z.string().max(64).default("") }),
  },
  responses: ok(
    z.object({
      orders: z.int(),
      /** Questions to providers. */
      reads: z.int(),
      /** Orders of which nothing is known, because a provider did not answer or they are just changing. */
      unknown: z.int(),
      drifts: z.array(z.object({ kind: z.string(), orderId: z.string(), detail: z.string(), repairable: z.boolean() })),
      /** Where to go on; null: this was the last page. */
      next: z.string().nullable(),
    }),
    "A page of a sale's orders, compared and left as they are",
  ),
});

export function registerOperationsOfService(app: App): void {
  app.openapi(listRoute, async (c) => {
    const rows = await withRecords(c.env, listDeadLetters);
    return c.json({ items: rows.map((row) => ({ ...row, at: row.at.toISOString() })) }, 200);
  });

  app.openapi(replayRoute, async (c) => {
    const sent = await replayDeadLetters(c.env, c.req.valid("json").ids ?? null);
    return c.json({ sent }, 200);
  });

  app.openapi(givenUpRoute, async (c) => {
    const rows = await withRecords(c.env, listGivenUp);
    return c.json({ items: rows.map((row) => ({ ...row, at: row.at.toISOString() })) }, 200);
  });

  app.openapi(tellRoute, async (c) => {
    const sent = await tellGivenUp(c.env, c.req.valid("json").ids ?? null);
    return c.json({ sent }, 200);
  });

  app.openapi(comparisonRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { side, after } = c.req.valid("query");
    const seen = await askPerformance(c.env, id, async (object) =>
      (await object.facts()).published ? look(c.env, id, side, after) : null,
    );
    if (seen === null) throw new Problem("not-found");
    const { orders, reads, unknown, range } = seen;
    const drifts = seen.drifts.map(({ kind, subject, detail, remedy }) => ({
      ...{ kind, orderId: subject, detail },
      repairable: remedy !== null,
    }));
    return c.json({ orders, reads, unknown: unknown.length, drifts, next: range.upTo }, 200);
  });
}

/** What the records hold about a performance: its orders as a file, and who did what. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../../context.ts";
import type { Environment } from "../../../environment.ts";
import { idParameter, momentSchema, ok, pageQuery, pageSchema } from "../../openapi.ts";
import { listAudit, writeAudit } from "../../../records/audit.ts";
import { readCursor } from "../../../records/cursor.ts";
import type { Position } from "../../../records/cursor.ts";
import { readRecords, withRecords } from "../../../records/database.ts";
import { exportOrders } from "../../../records/orders.ts";
import { auditEntry, ownPerformance } from "./access.ts";
import { BYTE_ORDER_MARK, csvHeader, csvOrder } from "./csv.ts";

const EXPORT_PAGE = 500;

const auditSchema = z.object({
  id: z.int(),
  actor: z.string(),
  actorName: z.string().nullable().openapi({ description: "The member's nickname; null for a part of the system" }),
  action: z.string(),
  detail: z.record(z.string(), z.unknown()),
  at: momentSchema,
});

const exportRoute = createRoute({
  method: "get",
  path: "/api/organizer/performances/{id}/export",
  request: { params: idParameter },
  responses: { 200: { description: "All orders", content: { "text/csv": { schema: z.string() } } } },
});

const auditRoute = createRoute({
  method: "get",
  path: "/api/organizer/performances/{id}/audit",
  request: { params: idParameter, query: pageQuery },
  responses: ok(pageSchema(auditSchema), "Who did what, the newest first"),
});

export function registerRecords(app: App): void {
  app.openapi(exportRoute, async (c) => {
    const { id } = c.req.valid("param");
    await ownPerformance(c, id);
    await withRecords(c.env, (db) => writeAudit(db, auditEntry(c, "orders.exported", id)));
    return new Response(ordersAsCsv(c.env, id), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="orders-${id}.csv"`,
      },
    });
  });

  app.openapi(auditRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { cursor, limit } = c.req.valid("query");
    const after = readCursor(cursor, (entry) => /^\d{1,18}$/.test(entry));
    await ownPerformance(c, id);
    const page = await readRecords(c.env, (db) => listAudit(db, id, after, limit));
    const items = page.items.map((row) => ({
      id: row.id,
      actor: row.actor,
      actorName: row.actorName,
      action: row.action,
      detail: { ...row.detail },
      at: row.at.toISOString(),
    }));
    return c.json({ items, nextCursor: page.nextCursor }, 200);
  });
}

/** Page by page as the reader takes it. A failure on the way breaks the download off, so that half a file never looks whole. */
function ordersAsCsv(env: Environment, performanceId: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after: Position | null = null;
  let begun = false;
  return new ReadableStream({
    async pull(controller) {
      const position = after;
      const page = await readRecords(env, (db) => exportOrders(db, performanceId, position, EXPORT_PAGE));
      const head = begun ? "" : BYTE_ORDER_MARK + csvHeader();
      begun = true;
      controller.enqueue(encoder.encode(head + page.items.map(csvOrder).join("")));
      after = page.next;
      if (page.next === null) controller.close();
    },
  });
}

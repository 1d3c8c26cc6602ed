/** What the records hold about a performance: its orders as a file, and who did what. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../../context.ts";
import { idParameter, momentSchema, ok, pageQuery, pageSchema } from "../../openapi.ts";
import { listAudit, writeAudit } from "../../../records/audit.ts";
import { readCursor } from "../../../records/cursor.ts";
import type { Position } from "../../../records/cursor.ts";
import { readRecords, withRecords } from "../../../records/database.ts";
import { exportOrders } from "../../../records/orders.ts";
import { auditEntry, ownPerformance } from "./access.ts";
import { auditColumns, BYTE_ORDER_MARK, csvAudit, csvHeader, csvOrder, orderColumns } from "./csv.ts";

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

const auditExportRoute = createRoute({
  method: "get",
  path: "/api/organizer/performances/{id}/audit/export",
  request: { params: idParameter },
  responses: {
    200: { description: "Who did what, the newest first", content: { "text/csv": { schema: z.string() } } },
  },
});

export function registerRecords(app: App): void {
  app.openapi(exportRoute, async (c) => {
    const { id } = c.req.valid("param");
    await ownPerformance(c, id);
    await withRecords(c.env, (db) => writeAudit(db, auditEntry(c, "orders.exported", id)));
    return download(`orders-${id}.csv`, orderColumns, async (after) => {
      const { items, next } = await readRecords(c.env, (db) => exportOrders(db, id, after, EXPORT_PAGE));
      return { text: items.map(csvOrder).join(""), next };
    });
  });

  app.openapi(auditExportRoute, async (c) => {
    const { id } = c.req.valid("param");
    await ownPerformance(c, id);
    await withRecords(c.env, (db) => writeAudit(db, auditEntry(c, "audit.exported", id)));
    return download(`log-${id}.csv`, auditColumns, async (after) => {
      const { items, nextCursor } = await readRecords(c.env, (db) => listAudit(db, id, after, EXPORT_PAGE));
      return {
        text: items.map(csvAudit).join(""),
        next: readCursor(nextCursor ?? undefined),
      };
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

type ReadPage = (after: Position | null) => Promise<{ readonly text: string; readonly next: Position | null }>;

/** Page by page as the reader takes it. A failure on the way breaks the download off, so that half a file never looks whole. */
function download(name: string, columns: readonly string[], read: ReadPage): Response {
  const encoder = new TextEncoder();
  let after: Position | null = null;
  let begun = false;
  const lines = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const page = await read(after);
      const head = begun ? "" : BYTE_ORDER_MARK + csvHeader(columns);
      begun = true;
      controller.enqueue(encoder.encode(head + page.text));
      after = page.next;
      if (page.next === null) controller.close();
    },
  });
  return new Response(lines, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}"`,
    },
  });
}

/** The whole audit log with its seals, as lines of JSON: what `npm run verify-audit -- --file` reads. */
import { z, type RouteConfig } from "@hono/zod-openapi";
import type { App } from "../../context.ts";
import type { Environment } from "../../../environment.ts";
import { exportAudit, writeAudit } from "../../../records/audit.ts";
import { withRecords } from "../../../records/database.ts";

const PAGE = 1_000;

const PATH = "/api/admin/audit/export";

const exportRoute: RouteConfig = {
  method: "get",
  path: PATH,
  tags: ["audit"],
  responses: {
    200: {
      description: "One entry a line: its position, its canonical line, and the seal",
      content: { "application/x-ndjson": { schema: z.string() } },
    },
  },
};

export function registerAuditExport(app: App): void {
  app.openAPIRegistry.registerPath(exportRoute);
  app.get(PATH, async (c) => {
    const entry = { performanceId: null, actor: c.var.member.id, action: "audit.exported", detail: {} };
    await withRecords(c.env, (db) => writeAudit(db, entry));
    return new Response(linesOf(c.env), {
      headers: {
        "content-type": "application/x-ndjson; charset=utf-8",
        "content-disposition": 'attachment; filename="audit.ndjson"',
      },
    });
  });
}

/** Page by page as the reader takes it; a failure on the way breaks the download off. */
function linesOf(env: Environment): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after = 0;
  return new ReadableStream({
    async pull(controller) {
      const seals = await withRecords(env, (db) => exportAudit(db, after, PAGE));
      if (seals.length > 0)
        controller.enqueue(encoder.encode(seals.map((seal) => `${JSON.stringify(seal)}\n`).join("")));
      after = seals.at(-1)?.position ?? after;
      if (seals.length < PAGE) controller.close();
    },
  });
}

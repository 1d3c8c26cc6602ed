/** Where an organiser's own programs are told of orders. */
import { createRoute, z } from "@hono/zod-openapi";
import { isUuid, readCursor } from "../../../records/cursor.ts";
import { readRecords, withRecords } from "../../../records/database.ts";
import { freshSecret } from "../../../records/notices/signature.ts";
import { isAllowedTarget } from "../../../records/notices/target.ts";
import {
  createWebhook,
  listDeliveries,
  listWebhooks,
  ownsWebhook,
  removeWebhook,
} from "../../../records/notices/webhooks.ts";
import type { App } from "../../context.ts";
import { body, created, done, idParameter, momentSchema, ok, pageQuery, pageSchema } from "../../openapi.ts";
import { Problem } from "../../problem.ts";

const PATH = "/api/organizer/webhooks";
const webhookSchema = z.object({ id: z.uuid(), url: z.string(), createdAt: momentSchema });

const listRoute = createRoute({
  method: "get",
  path: PATH,
  responses: ok(z.object({ items: z.array(webhookSchema) }), "One's webhooks"),
});

const createRouteOf = createRoute({
  method: "post",
  path: PATH,
  request: { body: body(z.strictObject({ url: z.string().max(500) })) },
  responses: created(
    z.object({
      webhook: webhookSchema,
      /** Shown this once. Requests are signed with it as Standard Webhooks has it. */
      secret: z.string(),
    }),
    "From here on orders of one's performances are told there",
  ),
});

const removeRoute = createRoute({
  method: "delete",
  path: `${PATH}/{id}`,
  request: { params: idParameter },
  responses: done("Nothing more is told there"),
});

const deliveriesRoute = createRoute({
  method: "get",
  path: `${PATH}/{id}/deliveries`,
  request: { params: idParameter, query: pageQuery },
  responses: ok(
    pageSchema(
      z.object({
        id: z.uuid(),
        /** What the request had as webhook-id: the same in every try. */
        noticeId: z.string(),
        kind: z.string(),
        number: z.int(),
        status: z.int().nullable(),
        error: z.string().nullable(),
        tookMs: z.int(),
        at: momentSchema,
        body: z.unknown(),
      }),
    ),
    "Every try, the newest first",
  ),
});

export function registerWebhooksOfOrganisers(app: App): void {
  app.openapi(listRoute, async (c) => {
    const rows = await readRecords(c.env, (db) => listWebhooks(db, c.var.member.id));
    return c.json({ items: rows.map(viewWebhook) }, 200);
  });

  app.openapi(createRouteOf, async (c) => {
    const { url } = c.req.valid("json");
    if (!isAllowedTarget(url, c.env.LOCAL_WEBHOOKS === "1")) throw new Problem("webhook-address-refused");
    const secret = freshSecret();
    const row = { id: crypto.randomUUID(), owner: c.var.member.id, url, secret };
    const webhook = await withRecords(c.env, (db) => createWebhook(db, row));
    if (webhook === null) throw new Problem("too-many-webhooks");
    return c.json({ webhook: viewWebhook(webhook), secret }, 201);
  });

  app.openapi(removeRoute, async (c) => {
    const { id } = c.req.valid("param");
    if (!(await withRecords(c.env, (db) => removeWebhook(db, c.var.member.id, id)))) throw new Problem("not-found");
    return c.body(null, 204);
  });

  app.openapi(deliveriesRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { cursor, limit } = c.req.valid("query");
    const after = readCursor(cursor, isUuid);
    const page = await withRecords(c.env, async (db) =>
      (await ownsWebhook(db, c.var.member.id, id)) ? listDeliveries(db, id, after, limit) : null,
    );
    if (page === null) throw new Problem("not-found");
    const items = page.items.map(({ at, createdAt: _made, updatedAt: _changed, webhookId: _webhook, ...row }) => ({
      ...row,
      at: at.toISOString(),
    }));
    return c.json({ items, nextCursor: page.nextCursor }, 200);
  });
}

function viewWebhook({ id, url, createdAt }: { readonly id: string; readonly url: string; readonly createdAt: Date }) {
  return { id, url, createdAt: createdAt.toISOString() };
}

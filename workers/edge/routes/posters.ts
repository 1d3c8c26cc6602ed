/**
 * Posters as everybody sees them. An address names its bytes for ever, so every cache on the way may keep them for ever,
 * the data centre's own included: Postgres is asked once for each of those, and may be down afterwards.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../context.ts";
import { ok } from "../openapi.ts";
import { Problem } from "../problem.ts";
import { readRecords } from "../../records/database.ts";
import { readPoster } from "../../records/posters.ts";

const FOR_EVER = "public, max-age=31536000, immutable";

const posterRoute = createRoute({
  method: "get",
  path: "/api/posters/{name}",
  request: {
    params: z.object({
      name: z
        .string()
        .regex(/^[0-9a-f]{64}$/, "must be 64 hex digits")
        .openapi({ param: { name: "name", in: "path" } }),
    }),
  },
  responses: {
    ...ok(z.unknown(), "The picture"),
    200: {
      description: "The picture",
      content: { "image/*": { schema: z.string().openapi({ format: "binary" }) } },
    },
  },
});

export function registerPosters(app: App): void {
  app.openapi(posterRoute, async (c) => {
    const { name } = c.req.valid("param");
    const cache = edgeCache();
    const address = new URL(c.req.path, c.req.url).href;
    const near = await cache?.match(address);
    if (near !== undefined) return near;
    const poster = await readRecords(c.env, (db) => readPoster(db, name));
    if (poster === null) throw new Problem("not-found");
    const answer = new Response(new Uint8Array(poster.bytes), {
      headers: { "content-type": poster.mediaType, "cache-control": FOR_EVER },
    });
    if (cache !== null) c.executionCtx.waitUntil(cache.put(address, answer.clone()));
    return answer;
  });
}

/** The data centre's cache; tests in plain Node have none. */
function edgeCache(): Cache | null {
  return typeof caches === "undefined" ? null : caches.default;
}

/** The API's description, for programs and for people. */
import { z } from "@hono/zod-openapi";
import { describe, type Description } from "../description.ts";
import { describePage } from "../description-page.ts";
import type { App } from "../context.ts";
import { languageOf } from "../problem.ts";

const CACHE_CONTROL = "public, max-age=300";

/** Register it last: it describes what is there. The description is the same for the life of an isolate. */
export function registerDescription(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/api/openapi.json",
    tags: ["about"],
    responses: {
      200: { description: "This document", content: { "application/json": { schema: z.looseObject({}) } } },
    },
  });
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/api/docs",
    tags: ["about"],
    responses: { 200: { description: "The same, to read", content: { "text/html": { schema: z.string() } } } },
  });

  let made: Description | null = null;
  const description = (): Description => (made ??= describe(app));

  app.get("/api/openapi.json", (c) => c.json({ ...description() }, 200, { "cache-control": CACHE_CONTROL }));

  app.get("/api/docs", (c) => {
    const asked = c.req.query("lang");
    const language = asked === "ko" || asked === "en" ? asked : languageOf(c.req.header("accept-language"));
    const { html, policy } = describePage(description(), language);
    return c.html(html, 200, {
      "cache-control": CACHE_CONTROL,
      vary: "accept-language",
      "content-security-policy": policy,
    });
  });
}

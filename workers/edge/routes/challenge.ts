/** The challenge that tells people from programs: what a page needs to show it, and the proof for joining. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../context.ts";
import { challengeFacts, challengeOn, giveProof, requirePerson } from "../gate/challenge.ts";
import { body, done, ok } from "../openapi.ts";

const factsRoute = createRoute({
  method: "get",
  path: "/api/challenge",
  tags: ["accounts"],
  responses: ok(
    z.object({ signup: z.boolean(), join: z.boolean(), siteKey: z.string().nullable(), scriptUrl: z.string() }),
    "Where a challenge is asked for, and how to show it",
  ),
});

const proofRoute = createRoute({
  method: "post",
  path: "/api/challenge",
  tags: ["accounts"],
  request: { body: body(z.strictObject({ token: z.string().max(4_096) })) },
  responses: done("A person was there: the cookie that says so is good for joining, for half an hour"),
});

export function registerChallenge(app: App): void {
  app.openapi(factsRoute, (c) => c.json(challengeFacts(c.env), 200, { "cache-control": "public, max-age=60" }));

  app.openapi(proofRoute, async (c) => {
    const { token } = c.req.valid("json");
    if (challengeOn(c.env, "join")) {
      await requirePerson(c, "join", token);
      await giveProof(c);
    }
    return c.body(null, 204);
  });
}

/** The public halves of all signing keys, so that anybody (a scanner at the door, an auditor) can verify what we sign. */
import { createRoute, z } from "@hono/zod-openapi";
import { keySet } from "../auth/keys.ts";
import type { App } from "../context.ts";
import { ok } from "../openapi.ts";

const keySchema = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  kid: z.string(),
  x: z.string(),
  use: z.literal("sig"),
  alg: z.literal("EdDSA"),
});

const jwksRoute = createRoute({
  method: "get",
  path: "/.well-known/jwks.json",
  responses: ok(z.object({ keys: z.array(keySchema) }), "A JWK set (RFC 7517)"),
});

export function registerJwks(app: App): void {
  app.openapi(jwksRoute, async (c) => {
    const sets = await Promise.all([c.env.SESSION_KEYS, c.env.PASS_KEYS, c.env.TICKET_KEYS].map(keySet));
    c.header("cache-control", "public, max-age=300");
    return c.json({ keys: sets.flatMap((set) => [...set.published]) }, 200);
  });
}

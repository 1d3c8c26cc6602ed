/**
 * Pre-sale codes and the external verifier, for who runs the sale. Codes and secret are shown in the one answer that makes
 * them, and are in no log, no storage and no later answer.
 */
import { createRoute, z } from "@hono/zod-openapi";
import {
  CODES_PER_BATCH_MAX,
  makeCode,
  verifierSecret,
} from "../../../../durable-objects/performance/admission/identity.ts";
import type { IdentityAction } from "../../../../durable-objects/performance/contract.ts";
import type { App, AppContext } from "../../context.ts";
import { body, done, idParameter, momentSchema, ok } from "../../openapi.ts";
import { askPerformance, commandPerformance } from "../../performance-object.ts";
import { Problem } from "../../problem.ts";
import { line } from "../../text-input.ts";
import { isAllowedTarget } from "../../../records/notices/target.ts";
import { mayOperate, requirePower } from "./access.ts";

const BASE = "/api/organizer/performances/{id}";
const tags = ["organiser verification"];

const viewRoute = createRoute({
  method: "get",
  path: `${BASE}/verification`,
  tags,
  request: { params: idParameter },
  responses: ok(
    z
      .object({
        by: z.enum(["codes", "verifier"]).nullable(),
        verified: z.int(),
        verifier: z.object({ url: z.string(), since: momentSchema }).nullable(),
        batches: z.array(
          z.object({
            number: z.int(),
            label: z.string(),
            count: z.int(),
            used: z.int(),
            madeAt: momentSchema,
            voidedAt: momentSchema.nullable(),
          }),
        ),
      })
      .openapi("VerificationOfSale"),
    "What joining takes, and how many have shown it",
  ),
});

const codesRoute = createRoute({
  method: "post",
  path: `${BASE}/codes`,
  tags,
  request: {
    params: idParameter,
    body: body(z.strictObject({ count: z.int().min(1).max(CODES_PER_BATCH_MAX), label: line(1, 100) })),
  },
  responses: ok(z.object({ batch: z.int(), codes: z.array(z.string()) }), "New codes, shown this once"),
});

const voidRoute = createRoute({
  method: "post",
  path: `${BASE}/codes/{batch}/void`,
  tags,
  request: {
    params: idParameter.extend({
      batch: z.coerce
        .number()
        .int()
        .min(1)
        .max(1_000)
        .openapi({ param: { name: "batch", in: "path" } }),
    }),
  },
  responses: done("Codes of this batch that nobody has used yet open nothing any more"),
});

const verifierRoute = createRoute({
  method: "put",
  path: `${BASE}/verifier`,
  tags,
  request: { params: idParameter, body: body(z.strictObject({ url: z.string().max(500) })) },
  responses: ok(
    z.object({ secret: z.string() }),
    "The secret to sign with, shown this once; the one before it ends ten minutes later",
  ),
});

export function registerIdentities(app: App): void {
  app.openapi(viewRoute, async (c) => {
    const { id } = c.req.valid("param");
    await requirePower(c, id, "read");
    const { by, verified, verifier, batches } = await askPerformance(c.env, id, (object) => object.identities());
    const shown = {
      by,
      verified,
      verifier: verifier === null ? null : { url: verifier.url, since: iso(verifier.since) },
      batches: batches.map(({ number, label, count, used, madeAt, voidedAt }) => {
        return { number, label, count, used, madeAt: iso(madeAt), voidedAt: voidedAt === null ? null : iso(voidedAt) };
      }),
    };
    return c.json(shown, 200);
  });

  app.openapi(codesRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { count, label } = c.req.valid("json");
    const { batch, entryKey } = await act(c, id, { do: "make-codes", count, label });
    if (batch === null) throw new Error("the object named no batch");
    const codes = Array.from({ length: count }, (_, index) => makeCode(entryKey, { batch, index }));
    return c.json({ batch, codes }, 200);
  });

  app.openapi(voidRoute, async (c) => {
    const { id, batch } = c.req.valid("param");
    await act(c, id, { do: "void-codes", batch });
    return c.body(null, 204);
  });

  app.openapi(verifierRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { url } = c.req.valid("json");
    if (!isAllowedTarget(url, c.env.LOCAL_WEBHOOKS === "1")) {
      throw new Problem("invalid-request", { errors: [{ field: "url", message: "must be a public https address" }] });
    }
    const { entryKey, version } = await act(c, id, { do: "set-verifier", url });
    return c.json({ secret: verifierSecret(entryKey, version) }, 200);
  });
}

async function act(c: AppContext, id: string, action: IdentityAction) {
  await mayOperate(c, id);
  const { published, entryKey } = await askPerformance(c.env, id, (object) => object.facts(), { repeatable: true });
  if (!published) throw new Problem("not-published");
  const reply = await commandPerformance(c, id, { kind: "operate", operator: c.var.member.id, action });
  if (reply.kind !== "identities") throw new Error(`identities were expected, not ${reply.kind}`);
  return { entryKey, batch: reply.batch, version: reply.version };
}

const iso = (ms: number): string => new Date(ms).toISOString();

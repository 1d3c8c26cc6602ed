/**
 * Providers' notifications. They are hints: Toss does not sign them, so nothing in one is believed. It is stored under a
 * key that is unique for ever, answered, and the payment is read from the provider by the object's recovery.
 */
import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { providerEvents } from "../../records/schema.ts";
import { isStorable } from "../../records/storable.ts";
import { withRecords } from "../../records/database.ts";
import { providers } from "../../payments/providers.ts";
import type { App } from "../context.ts";
import { performanceOfOrder } from "../gate/room.ts";
import { Problem } from "../problem.ts";

const tossEvent = z.looseObject({
  eventType: z.string().max(100),
  data: z.looseObject({
    orderId: z.string().max(64),
    paymentKey: z.string().max(200).optional(),
    status: z.string().max(40).optional(),
  }),
});

export function registerWebhooks(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "post",
    path: "/api/webhooks/{provider}",
    tags: ["payments"],
    request: {
      params: z.object({ provider: z.string() }),
      body: { required: true, content: { "application/json": { schema: tossEvent } } },
    },
    responses: {
      200: {
        description: "Received, and taken as a hint.",
        content: { "application/json": { schema: z.object({ received: z.literal(true) }) } },
      },
    },
  });
  app.post("/api/webhooks/:provider", async (c) => {
    const name = c.req.param("provider");
    if (!providers(c.env).has(name)) throw new Problem("provider-not-enabled");
    const text = await c.req.text();
    const parsed = tossEvent.safeParse(parse(text));
    if (!parsed.success || !isStorable(parsed.data))
      throw new Problem("invalid-request", { errors: [{ field: "body", message: "not a known event" }] });
    const eventKey = createHash("sha256").update(text).digest("hex");
    await withRecords(c.env, async (db) => {
      await db.insert(providerEvents).values({ provider: name, eventKey, body: parsed.data }).onConflictDoNothing();
    });
    const orderId = parsed.data.data.orderId.replace(/-\d{1,3}$/, "");
    const performanceId = performanceOrNull(orderId);
    if (performanceId !== null) {
      const commands = [{ kind: "recheck", orderId }] as const;
      await c.env.PERFORMANCE.getByName(performanceId).execute({ lobby: null, incarnation: 0, sequence: 0, commands });
    }
    return c.json({ received: true }, 200);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem("malformed-json");
  }
}

/** A genuine notification about an order that is not ours is answered like any other, and forgotten. */
function performanceOrNull(orderId: string): string | null {
  try {
    return performanceOfOrder(orderId);
  } catch {
    return null;
  }
}

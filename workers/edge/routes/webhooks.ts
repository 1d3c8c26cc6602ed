/**
 * Providers' notifications. They are hints: what is signed is verified, and nothing in one is believed about money. It is
 * stored under a key that is unique for ever, and the payment is read from the provider by the object's recovery.
 */
import type { DepositProof, VerifiedHint } from "../../../durable-objects/performance/contract.ts";
import { log } from "../../../durable-objects/log.ts";
import { z } from "@hono/zod-openapi";
import { listening } from "../../payments/listening.ts";
import { paymentsPort } from "../../payments/port.ts";
import { recheckArchived } from "../../records/archived-orders.ts";
import { withRecords } from "../../records/database.ts";
import { providerEvents } from "../../records/schema.ts";
import { isStorable } from "../../records/storable.ts";
import { providers } from "../../payments/providers.ts";
import type { Environment } from "../../environment.ts";
import type { App, AppContext } from "../context.ts";
import { performanceOfOrder } from "../gate/room.ts";
import { askPerformance } from "../performance-object.ts";
import { Problem } from "../problem.ts";

/** A provider that failed a moment ago is left alone for so long. */
const ASK_AGAIN_SECONDS = 30;

export function registerWebhooks(app: App): void {
  // Registered by hand: a signature is over the very bytes, which nobody may parse before it has been verified.
  app.openAPIRegistry.registerPath({
    method: "post",
    path: "/api/webhooks/{provider}",
    tags: ["payments"],
    request: {
      params: z.object({ provider: z.string() }),
      body: { required: true, content: { "application/json": { schema: z.looseObject({}) } } },
    },
    responses: {
      200: {
        description: "Received, and taken as a hint: the payment will be read from the provider.",
        content: { "application/json": { schema: z.object({ received: z.literal(true) }) } },
      },
    },
  });
  app.post("/api/webhooks/:provider", async (c) => {
    const name = c.req.param("provider");
    const provider = providers(c.env).get(name);
    if (provider === undefined) throw new Problem("provider-not-enabled");
    const body = await c.req.text();
    const reading = await provider.readNotification({
      body,
      header: (header) => c.req.header(header) ?? null,
      now: Date.now(),
    });
    if (reading.kind === "refused" || !isStorable(parsed(body))) {
      const why = reading.kind === "refused" ? reading.why : "malformed";
      note(name, reading.kind === "refused" ? reading.reason : "not storable");
      throw new Problem(why === "malformed" ? "notification-unreadable" : "notification-not-verified");
    }
    const { eventKey, event, signed, orderId, verified, proof } = reading;
    if (!signed) {
      // Anybody may have written it: it is kept only if there is such an order, and if what it claims to know is right. Nobody
      // can fill the records with notifications about nothing; whoever sent a genuine one sends it again.
      const heard = await hint(c, orderId, verified, proof);
      if (heard === "refused") {
        note(name, "proof");
        throw new Problem("notification-not-verified");
      }
      if (heard === "taken") await store(c.env, name, eventKey, event);
      return c.json({ received: true as const }, 200);
    }
    // A hint is worth more than its record: with Postgres away the payment is asked about all the same, and the provider,
    // which is told 503, repeats the notification until it is written down. One that is repeated is asked about again: the
    // first may have been cut off between being written down and being asked about.
    const stored = await store(c.env, name, eventKey, event).catch((error: unknown) => ({ error }));
    await hint(c, orderId, verified, proof);
    if (stored !== undefined) throw stored.error;
    return c.json({ received: true as const }, 200);
  });
}

/** Once, however often it comes. */
async function store(env: Environment, provider: string, eventKey: string, body: unknown): Promise<undefined> {
  await withRecords(env, (db) => db.insert(providerEvents).values({ provider, eventKey, body }).onConflictDoNothing());
}

/** `refused`: the order knows better. `unknown`: there is no such order of ours. */
type Heard = "taken" | "refused" | "unknown";

/**
 * Has the order's payment asked about.
 * @throws no-answer-in-time where nobody else will ask again: the provider is to repeat its notification.
 */
async function hint(
  c: AppContext,
  orderId: string | null,
  verified: VerifiedHint | null,
  proof: DepositProof | null,
): Promise<Heard> {
  const performanceId = orderId === null ? null : performanceOrNull(orderId);
  if (orderId === null || performanceId === null) return "unknown";
  c.var.trail.performanceId = performanceId;
  const shown = proof === null ? {} : { proof };
  const commands = [{ kind: "recheck", orderId, verified, ...shown, cause: c.var.trail.next() }] as const;
  const batch = { lobby: null, incarnation: 0, sequence: 0, commands };
  const { replies } = await askPerformance(c.env, performanceId, (object) => object.execute(batch));
  const [reply] = replies;
  if (reply?.ok !== false) return "taken";
  const { code } = reply.refusal;
  // The object has forgotten it, or never knew it: what the records have is looked at, and a stranger's is not there.
  const news = { orderId, hint: verified, proof };
  if (code !== "order-not-found") return heardAs(code);
  const asking = listening(paymentsPort(c.env));
  const refused = await recheckArchived(c.env, asking.port, news, Date.now());
  // An object would ask again by itself; the records ask again only about money whose way back has begun.
  if (asking.unanswered()) throw new Problem("no-answer-in-time", { retryAfterSeconds: ASK_AGAIN_SECONDS });
  return refused === null ? "taken" : heardAs(refused);
}

function heardAs(refused: string): Heard {
  if (refused === "notification-not-verified") return "refused";
  return refused === "order-not-found" || refused === "not-published" ? "unknown" : "taken";
}

/** A genuine notification about an order that is not ours is answered like any other, and forgotten. */
function performanceOrNull(orderId: string): string | null {
  try {
    return performanceOfOrder(orderId);
  } catch {
    return null;
  }
}

/** What a reading keeps is part of it. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}

function note(provider: string, reason: string): void {
  log("warn", "webhook", "refused", { provider, reason });
}

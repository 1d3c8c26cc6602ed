/** For monitoring: whether we and what we need answer, and figures as OpenMetrics text. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../context.ts";
import type { Environment } from "../../environment.ts";
import { collect, readMeter } from "../../watch/metrics/collect.ts";
import { families } from "../../watch/metrics/families.ts";
import { contentTypes, formatFor, metricsText } from "../../watch/metrics/text.ts";
import { ok } from "../openapi.ts";
import { StaleCache } from "../stale-cache.ts";
import { pingRecords } from "../../records/catalogue.ts";
import { isRecordsUnavailable, withRecords } from "../../records/database.ts";
import { mailIsOn } from "../../mail/mail.ts";
import { payments } from "../../payments/providers.ts";

const PING_DEADLINE_MS = 2_000;

type Health = "ok" | "unavailable";
const health = z.enum(["ok", "unavailable"]);

/** The route is public: however often it is asked, each part is asked once in five seconds per isolate. */
const pings = new StaleCache<Health>({ freshMs: 5_000, staleMs: 10_000, entries: 2 });

const healthRoute = createRoute({
  method: "get",
  path: "/healthz",
  responses: ok(
    z.object({
      status: z.enum(["ok", "degraded"]),
      records: health,
      objects: health,
      /** `off`: no mail settings, so no address can be confirmed and no password reset. */
      mail: z.enum(["on", "off"]),
      payments: z.object({
        mode: z.enum(["live", "sandbox"]),
        on: z.array(z.string()),
        /** Settings that are missing or of the wrong kind, by name. */
        problems: z.array(z.string()),
      }),
    }),
    "We answer. `degraded`: without records sales go on, but sign-in and history do not; without objects nothing is sold; or some payments cannot be begun",
  ),
});

const metricsRoute = createRoute({
  method: "get",
  path: "/metrics",
  responses: {
    200: {
      description: "OpenMetrics text; the older Prometheus text for who accepts plain text only",
      content: { "application/openmetrics-text": { schema: z.string() }, "text/plain": { schema: z.string() } },
    },
  },
});

export function registerHealth(app: App): void {
  app.openapi(healthRoute, async (c) => {
    const [records, objects] = await Promise.all([
      pings.get("records", () => pingPostgres(c.env)),
      pings.get("objects", () => pingObject(c.env)),
    ]);
    const { on, mode, problems } = payments(c.env);
    const well = records === "ok" && objects === "ok" && problems.length === 0;
    const status = well ? ("ok" as const) : ("degraded" as const);
    const mail = mailIsOn(c.env) ? ("on" as const) : ("off" as const);
    const paying = { mode, on: [...on.keys()], problems: [...problems] };
    return c.json({ status, records, objects, mail, payments: paying }, 200);
  });

  app.openapi(metricsRoute, async (c) => {
    const format = formatFor(c.req.header("accept"));
    const text = metricsText(families, await collect(c.env), format);
    return new Response(text, { headers: { "content-type": contentTypes[format] } });
  });
}

async function pingPostgres(env: Environment): Promise<Health> {
  try {
    await withRecords(env, pingRecords, { deadlineMs: PING_DEADLINE_MS, regardless: true });
    return "ok";
  } catch (error) {
    if (isRecordsUnavailable(error)) return "unavailable";
    throw error;
  }
}

async function pingObject(env: Environment): Promise<Health> {
  try {
    await readMeter(env, PING_DEADLINE_MS);
    return "ok";
  } catch {
    return "unavailable";
  }
}

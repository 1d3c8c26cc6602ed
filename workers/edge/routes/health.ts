/** For monitoring: whether we answer, and figures in the OpenMetrics format. */
import { createRoute, z } from "@hono/zod-openapi";
import { requireMonitor } from "../auth/monitor.ts";
import type { App } from "../context.ts";
import type { Environment } from "../../environment.ts";
import { ok } from "../openapi.ts";
import { askPerformance } from "../performance-object.ts";
import { StaleCache } from "../stale-cache.ts";
import { countRecords, listOpenPerformances, pingRecords } from "../../records/catalogue.ts";
import { listEdgeCounts } from "../../records/edge-counts.ts";
import { isRecordsUnavailable, withRecords } from "../../records/database.ts";
import { mailIsOn } from "../../mail/mail.ts";
import { payments } from "../../payments/providers.ts";
import { openMetrics } from "./metrics-text.ts";
import type { SaleFigures } from "./metrics-text.ts";

/** So many sales are asked at most: each costs a request to its object, and each label value costs the scraper. */
const MOST_SALES = 50;
const PING_DEADLINE_MS = 2_000;

/** The route is public: however often it is asked, Postgres is asked once in five seconds per isolate. */
const pings = new StaleCache<"ok" | "unavailable">({ freshMs: 5_000, staleMs: 10_000, entries: 1 });

const healthRoute = createRoute({
  method: "get",
  path: "/healthz",
  responses: ok(
    z.object({
      status: z.enum(["ok", "degraded"]),
      records: z.enum(["ok", "unavailable"]),
      /** `off`: no mail settings, so no address can be confirmed and no password reset. */
      mail: z.enum(["on", "off"]),
      payments: z.object({
        mode: z.enum(["live", "sandbox"]),
        on: z.array(z.string()),
        /** Settings that are missing or of the wrong kind, by name. */
        problems: z.array(z.string()),
      }),
    }),
    "We answer. `degraded`: sales go on, but sign-in and history do not, or some payments cannot be begun",
  ),
});

const metricsRoute = createRoute({
  method: "get",
  path: "/metrics",
  responses: {
    200: { description: "OpenMetrics text", content: { "application/openmetrics-text": { schema: z.string() } } },
  },
});

export function registerHealth(app: App): void {
  app.openapi(healthRoute, async (c) => {
    const records = await pings.get("records", () => pingOnce(c.env));
    const { on, mode, problems } = payments(c.env);
    const status = records === "ok" && problems.length === 0 ? ("ok" as const) : ("degraded" as const);
    const mail = mailIsOn(c.env) ? ("on" as const) : ("off" as const);
    return c.json({ status, records, mail, payments: { mode, on: [...on.keys()], problems: [...problems] } }, 200);
  });

  app.openapi(metricsRoute, async (c) => {
    requireMonitor(c);
    const text = await collect(c.env);
    return new Response(text, {
      headers: { "content-type": "application/openmetrics-text; version=1.0.0; charset=utf-8" },
    });
  });
}

async function pingOnce(env: Environment): Promise<"ok" | "unavailable"> {
  try {
    await withRecords(env, pingRecords, PING_DEADLINE_MS);
    return "ok";
  } catch (error) {
    if (isRecordsUnavailable(error)) return "unavailable";
    throw error;
  }
}

/** What can be had: a source that does not answer is a figure of its own, not a failed scrape. */
async function collect(env: Environment): Promise<string> {
  const read = await withRecords(env, async (db) => ({
    counts: { ...(await countRecords(db)), refusals: await listEdgeCounts(db) },
    open: await listOpenPerformances(db, MOST_SALES),
  })).catch((error: unknown) => {
    if (isRecordsUnavailable(error)) return null;
    throw error;
  });
  const open = read?.open ?? [];
  const answers = await Promise.allSettled(open.map((id) => askPerformance(env, id, (object) => object.figures())));
  const sales: SaleFigures[] = [];
  answers.forEach((answer, index) => {
    const id = open[index];
    if (answer.status === "fulfilled" && id !== undefined) sales.push({ id, figures: answer.value });
  });
  return openMetrics({ records: read?.counts ?? null, sales, silent: open.length - sales.length, now: Date.now() });
}

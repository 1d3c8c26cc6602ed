/** For monitoring: whether we and what we need answer, and figures as OpenMetrics text. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../context.ts";
import { collect } from "../../watch/metrics/collect.ts";
import { families } from "../../watch/metrics/families.ts";
import { contentTypes, formatFor, metricsText } from "../../watch/metrics/text.ts";
import { lookAtParts, overall, parts, states } from "../health.ts";
import { json } from "../openapi.ts";
import { mailIsOn } from "../../mail/mail.ts";
import { payments } from "../../payments/providers.ts";

const state = z.enum(states);
const healthSchema = z.object({
  /** `down`: nothing can be sold. */
  status: state,
  /** What is not used is not there. */
  parts: z.partialRecord(z.enum(parts), state),
  /** `off`: no mail settings, so no address can be confirmed and no password reset. */
  mail: z.enum(["on", "off"]),
  /** `degraded`: settings are missing or of the wrong kind; the log names them. */
  payments: z.object({
    mode: z.enum(["live", "sandbox"]),
    /** What is offered. */
    on: z.array(z.string()),
    settings: z.enum(["ok", "degraded"]),
  }),
});

const healthRoute = createRoute({
  method: "get",
  path: "/healthz",
  responses: {
    200: json(
      healthSchema,
      "Selling is well. `degraded`: not everything that belongs to it, such as the records, a payment provider, mail or the beacon",
    ),
    503: json(healthSchema, "`down`: objects do not answer, and nothing can be sold"),
  },
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
    const found = await lookAtParts(c.env);
    const { offered, mode, problems } = payments(c.env);
    const status = overall(found, problems.length === 0);
    const settings = problems.length === 0 ? ("ok" as const) : ("degraded" as const);
    const mail = mailIsOn(c.env) ? ("on" as const) : ("off" as const);
    const body = { status, parts: found, mail, payments: { mode, on: [...offered.keys()], settings } };
    return status === "down" ? c.json(body, 503) : c.json(body, 200);
  });

  app.openapi(metricsRoute, async (c) => {
    const format = formatFor(c.req.header("accept"));
    const text = metricsText(families, await collect(c.env), format);
    return new Response(text, { headers: { "content-type": contentTypes[format] } });
  });
}

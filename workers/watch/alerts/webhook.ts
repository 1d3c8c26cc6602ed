/**
 * Telling somebody outside: a Discord webhook gets embeds (https://discord.com/developers/docs/resources/webhook), any other
 * address one JSON document. One request for everything there is to tell; a request that fails is made again next minute.
 */
import type { Signal } from "../../../durable-objects/in-time.ts";
import { log } from "../../../durable-objects/log.ts";
import { guarded } from "../../calls/guard.ts";
import type { Notice } from "./notices.ts";

/** Discord's limits of one message. */
const EMBEDS_MAX = 10;
const TITLE_MAX = 256;
const DESCRIPTION_MAX = 4_096;
const colours = { critical: 0xd32f2f, warning: 0xf9a825, info: 0x1976d2, resolved: 0x388e3c } as const;

/** How many notices one message can carry; the others wait for the next minute. */
export const NOTICES_MAX = EMBEDS_MAX;

export function bodyFor(url: string, notices: readonly Notice[], origin: string): Readonly<Record<string, unknown>> {
  return isDiscord(url) ? discordBody(notices, origin) : plainBody(notices, origin);
}

function isDiscord(url: string): boolean {
  return URL.canParse(url) && /(^|\.)discord(app)?\.com$/.test(new URL(url).hostname);
}

function discordBody(notices: readonly Notice[], origin: string): Readonly<Record<string, unknown>> {
  return {
    username: "TicketPing",
    // A title is data: it must not be able to call everybody.
    allowed_mentions: { parse: [] },
    embeds: notices.slice(0, EMBEDS_MAX).map(({ state, row }) => ({
      title: `${state === "resolved" ? "✅" : "🔔"} ${row.title}`.slice(0, TITLE_MAX),
      description: row.detail.slice(0, DESCRIPTION_MAX),
      color: state === "resolved" ? colours.resolved : colours[row.severity],
      timestamp: (row.clearedAt ?? row.raisedAt).toISOString(),
      fields: [
        { name: "State", value: state, inline: true },
        { name: "Severity", value: row.severity, inline: true },
        ...(row.performanceId === null ? [] : [{ name: "Performance", value: row.performanceId, inline: false }]),
      ],
      footer: { text: `${row.key.split("/")[0] ?? ""} · ${origin}` },
    })),
  };
}

function plainBody(notices: readonly Notice[], origin: string): Readonly<Record<string, unknown>> {
  return {
    source: "ticketping",
    origin,
    alerts: notices.slice(0, NOTICES_MAX).map(({ state, row }) => ({
      alert: row.key.split("/")[0],
      key: row.key,
      state,
      severity: row.severity,
      title: row.title,
      detail: row.detail,
      performanceId: row.performanceId,
      since: row.raisedAt.toISOString(),
      resolvedAt: row.clearedAt?.toISOString() ?? null,
    })),
  };
}

/** Whether it was taken. The address is a secret: it stands in no log. */
export async function post(env: object, url: string, body: unknown): Promise<boolean> {
  const ask = async (signal: Signal): Promise<Response> => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: signal(),
    });
    await response.body?.cancel();
    return response;
  };
  try {
    // Once a minute, and what it says cannot wait: asked whatever happened before.
    const answer = await guarded(env, "alert-webhook", ask, { regardless: true, isTrouble: ({ ok }) => !ok });
    if (!answer.ok) log("warn", "alerts", "the webhook did not take it", { status: answer.status });
    return answer.ok;
  } catch (error) {
    log("warn", "alerts", "the webhook did not answer", { error: error instanceof Error ? error.name : "unknown" });
    return false;
  }
}

/**
 * npm run dead-letters: events that were set aside and notices that were given up, and sending them again when their cause
 * is gone.
 */
import { z } from "zod";
import { command, Misuse } from "./command.ts";
import { operations } from "./operations.ts";

const letter = z.object({
  id: z.string(),
  performanceId: z.string().nullable(),
  seq: z.number().nullable(),
  reason: z.string(),
  at: z.string(),
  state: z.enum(["waiting", "sent-again", "applied"]),
});

const notice = z.object({
  id: z.string(),
  kind: z.string(),
  reason: z.string().nullable(),
  tries: z.number(),
  at: z.string(),
});

const usage = `npm run dead-letters -- list            events that were set aside
npm run dead-letters -- replay [ID…]    sends them again: all that wait, or these
npm run dead-letters -- notices         notices that were given up
npm run dead-letters -- tell [ID…]      tells them after all: all, or these
  TICKETPING_URL, METRICS_TOKEN         in the environment: another service than the one on this machine`;

async function run([what, ...ids]: readonly string[]): Promise<void> {
  const { api, token } = operations();
  if (what === "list") {
    const { items } = await api.call("GET /api/operations/dead-letters", z.object({ items: z.array(letter) }), {
      token,
    });
    for (const { id, performanceId, seq, reason, at, state } of items) {
      console.log([id, at, state, `${performanceId ?? "?"}/${seq ?? "?"}`, reason].join("  "));
    }
    console.log(`${items.filter(({ state }) => state === "waiting").length} waiting, ${items.length} shown.`);
    return;
  }
  if (what === "replay") {
    const body = ids.length === 0 ? {} : { ids };
    const { sent } = await api.call("POST /api/operations/dead-letters/replay", z.object({ sent: z.number() }), {
      token,
      body,
    });
    console.log(`${sent} sent again. What fails again is waiting again: npm run dead-letters -- list`);
    return;
  }
  if (what === "notices") {
    const { items } = await api.call("GET /api/operations/notices", z.object({ items: z.array(notice) }), { token });
    for (const { id, at, kind, reason, tries } of items) {
      console.log([id, at, kind, `${tries} tries`, reason ?? ""].join("  "));
    }
    console.log(`${items.length} given up.`);
    return;
  }
  if (what === "tell") {
    const body = ids.length === 0 ? {} : { ids };
    const { sent } = await api.call("POST /api/operations/notices/tell", z.object({ sent: z.number() }), {
      token,
      body,
    });
    console.log(`${sent} told after all. What cannot be told is given up again: npm run dead-letters -- notices`);
    return;
  }
  throw new Misuse("Say what to do.");
}

await command(usage, run);

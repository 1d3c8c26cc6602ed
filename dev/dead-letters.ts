/**
 * npm run dead-letters -- list | replay [ID…] | notices | tell [ID…]: events that were set aside and notices that were given up,
 * and sending them again when their cause is gone.
 * TICKETPING_URL and METRICS_TOKEN name a service elsewhere than on this machine.
 */
import { z } from "zod";
import { Failure, sentenceOf } from "./failure.ts";
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

async function run([command, ...ids]: readonly string[]): Promise<void> {
  const { api, token } = operations();
  if (command === "list") {
    const { items } = await api.call("GET /api/operations/dead-letters", z.object({ items: z.array(letter) }), {
      token,
    });
    for (const { id, performanceId, seq, reason, at, state } of items) {
      console.log([id, at, state, `${performanceId ?? "?"}/${seq ?? "?"}`, reason].join("  "));
    }
    console.log(`${items.filter(({ state }) => state === "waiting").length} waiting, ${items.length} shown.`);
    return;
  }
  if (command === "replay") {
    const body = ids.length === 0 ? {} : { ids };
    const { sent } = await api.call("POST /api/operations/dead-letters/replay", z.object({ sent: z.number() }), {
      token,
      body,
    });
    console.log(`${sent} sent again. What fails again is waiting again: npm run dead-letters -- list`);
    return;
  }
  if (command === "notices") {
    const { items } = await api.call("GET /api/operations/notices", z.object({ items: z.array(notice) }), { token });
    for (const { id, at, kind, reason, tries } of items) {
      console.log([id, at, kind, `${tries} tries`, reason ?? ""].join("  "));
    }
    console.log(`${items.length} given up.`);
    return;
  }
  if (command === "tell") {
    const body = ids.length === 0 ? {} : { ids };
    const { sent } = await api.call("POST /api/operations/notices/tell", z.object({ sent: z.number() }), {
      token,
      body,
    });
    console.log(`${sent} told after all. What cannot be told is given up again: npm run dead-letters -- notices`);
    return;
  }
  throw new Failure("Usage: npm run dead-letters -- list | replay [ID…] | notices | tell [ID…]");
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(`✗ ${sentenceOf(error)}`);
  process.exitCode = 1;
}

/** Events that were set aside: looking at them, and sending them again. */
import { and, desc, inArray, isNull, sql } from "drizzle-orm";
import { guarded } from "../calls/guard.ts";
import type { Environment } from "../environment.ts";
import { log } from "../../durable-objects/log.ts";
import { withRecords, type Records } from "./database.ts";
import { quarantinedEvents } from "./schema.ts";
import { z } from "zod";

const MOST_SHOWN = 500;
/** One batch of the event queue. */
const MOST_SENT = 100;

/** `waiting` for somebody; `sent-again`, and not applied so far; `applied` since. The newest first. */
export async function listDeadLetters(db: Records) {
  const applied = sql<boolean>`exists (select 1 from applied_events a
    where a.performance_id::text = quarantined_events.performance_id and a.seq = quarantined_events.seq)`;
  const rows = await db
    .select({
      id: quarantinedEvents.id,
      performanceId: quarantinedEvents.performanceId,
      seq: quarantinedEvents.seq,
      reason: quarantinedEvents.reason,
      at: quarantinedEvents.at,
      replayedAt: quarantinedEvents.replayedAt,
      applied,
    })
    .from(quarantinedEvents)
    .orderBy(desc(quarantinedEvents.at))
    .limit(MOST_SHOWN);
  return rows.map(({ applied: isApplied, replayedAt, ...row }) => {
    const state = isApplied
      ? ("applied" as const)
      : replayedAt === null
        ? ("waiting" as const)
        : ("sent-again" as const);
    return { ...row, state };
  });
}

/**
 * Puts waiting ones (all, or those named) into the event queue again, at most a hundred a call. The consumer applies them as
 * it would have: a repetition changes nothing, and one that fails again waits again.
 */
export async function replayDeadLetters(
  env: Pick<Environment, "EVENTS" | "DATABASE_URL" | "NEON_HTTP_ENDPOINT">,
  ids: readonly string[] | null,
): Promise<number> {
  const named = ids === null ? undefined : inArray(quarantinedEvents.id, [...ids]);
  const rows = await withRecords(env, (db) =>
    db
      .select({ id: quarantinedEvents.id, body: quarantinedEvents.body })
      .from(quarantinedEvents)
      .where(and(isNull(quarantinedEvents.replayedAt), named))
      .orderBy(quarantinedEvents.at)
      .limit(MOST_SENT),
  );
  if (rows.length === 0) return 0;
  // Marked first: one that fails again before the mark would otherwise be marked as sent and wait for nobody.
  await withRecords(env, (db) =>
    db
      .update(quarantinedEvents)
      .set({ replayedAt: new Date() })
      .where(
        inArray(
          quarantinedEvents.id,
          rows.map(({ id }) => id),
        ),
      ),
  );
  try {
    for (const { body } of rows) {
      const message = original(body) as never;
      await guarded(env, "event-queue", () => env.EVENTS.send(message));
    }
  } catch (error) {
    await withRecords(env, (db) =>
      db
        .update(quarantinedEvents)
        .set({ replayedAt: null })
        .where(
          inArray(
            quarantinedEvents.id,
            rows.map(({ id }) => id),
          ),
        ),
    );
    throw error;
  }
  log("info", "records", "dead letters sent again", { count: rows.length });
  return rows.length;
}

const unstorable = z.strictObject({ unstorable: z.string() });

/** The body as it came. The consumer parses it like any other. */
function original(body: unknown): unknown {
  const wrapped = unstorable.safeParse(body);
  return wrapped.success ? JSON.parse(wrapped.data.unstorable) : body;
}

/** Notices that were given up: looking at them, and telling them after all when their cause is gone. */
import { and, desc, eq, inArray } from "drizzle-orm";
import { log } from "../../../durable-objects/log.ts";
import type { Environment } from "../../environment.ts";
import { withRecords, type Records } from "../database.ts";
import { notices } from "../schema.ts";
import { sendNotices } from "./consume.ts";

const MOST_SHOWN = 500;
/** One batch of the event queue. */
const MOST_SENT = 100;

/** The one given up last first. Ids, kinds and reasons: nothing about anybody. */
export function listGivenUp(db: Records) {
  const { id, channel, kind, orderId, reason, tries, updatedAt } = notices;
  return db
    .select({ id, channel, kind, orderId, reason, tries, at: updatedAt })
    .from(notices)
    .where(eq(notices.state, "given-up"))
    .orderBy(desc(notices.updatedAt))
    .limit(MOST_SHOWN);
}

/**
 * Has those named (null: all, the oldest first) told as if for the first time, under their own ids, by which mail services and
 * receivers know a repetition; at most a hundred a call. Whatever cannot be told again is given up again.
 * @returns how many. A message that does not reach the event queue is sent by the minute's cron.
 */
export async function tellGivenUp(env: Environment, ids: readonly string[] | null): Promise<number> {
  const given = eq(notices.state, "given-up");
  const again = await withRecords(env, async (db) => {
    const oldest = db
      .select({ id: notices.id })
      .from(notices)
      .where(ids === null ? given : and(given, inArray(notices.id, [...ids])))
      .orderBy(notices.updatedAt)
      .limit(MOST_SENT);
    return db
      .update(notices)
      .set({ state: "waiting", tries: 0, reason: null, claimedUntil: null, updatedAt: new Date() })
      .where(and(given, inArray(notices.id, oldest)))
      .returning({ id: notices.id });
  });
  await sendNotices(
    env,
    again.map(({ id }) => id),
  ).catch(() => log("warn", "notices", "left for the minute's cron", { count: again.length }));
  log("info", "notices", "told again", { count: again.length });
  return again.length;
}

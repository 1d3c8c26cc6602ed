/** Events that could not be applied. One event has one row, however often it comes back. */
import { createHash } from "node:crypto";
import { log } from "../../durable-objects/log.ts";
import type { Environment } from "../environment.ts";
import { withRecords } from "./database.ts";
import { quarantinedEvents } from "./schema.ts";
import { storable } from "./storable.ts";

export interface Quarantined {
  readonly body: unknown;
  readonly performanceId: string | null;
  readonly seq: number | null;
  readonly reason: string;
}

/** Keeps an event that could not be applied, whole, once however often it comes. @throws RecordsUnavailable */
export async function quarantine(env: Environment, event: Quarantined): Promise<void> {
  const identity = event.performanceId === null ? JSON.stringify(event.body) : `${event.performanceId}/${event.seq}`;
  const hex = createHash("sha256").update(identity).digest("hex");
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
  const { performanceId, seq, reason } = event;
  // What Postgres could not keep may be the very reason why the event is here.
  const body = storable(event.body ?? {});
  log("error", "records", "event set aside", { performanceId, seq, reason });
  await withRecords(env, async (db) => {
    await db
      .insert(quarantinedEvents)
      .values({ id, performanceId, seq, body, reason })
      // One that was sent again and failed again waits again.
      .onConflictDoUpdate({ target: quarantinedEvents.id, set: { reason, replayedAt: null, updatedAt: new Date() } });
  });
}

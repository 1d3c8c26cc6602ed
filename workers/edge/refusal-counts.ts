/**
 * Counts what the edge refuses, for /metrics and, where it is about security, for the audit log. An isolate adds up in
 * memory and writes a few seconds later, once for all: a flood of refusals must not become a flood of writes. What an
 * isolate that dies in between has counted is lost.
 */
import { errorFields, log } from "../../durable-objects/log.ts";
import type { AppContext } from "./context.ts";
import { withRecords } from "../records/database.ts";
import { addEdgeCounts } from "../records/edge-counts.ts";

export type Refused =
  | "rate-limited by address"
  | "rate-limited by member"
  | "rate-limited sign-in"
  | "sign-in failed"
  | "challenge failed"
  | "presale code refused"
  | "verification refused"
  | "challenge unavailable";

/** Within the 30 s that the platform lets work go on after an answer. */
const GATHER_MS = 5_000;

const pending = new Map<Refused, number>();
let gathering = false;

export function countRefusal(c: AppContext, what: Refused): void {
  pending.set(what, (pending.get(what) ?? 0) + 1);
  if (gathering) return;
  gathering = true;
  c.executionCtx.waitUntil(writeSoon(c));
}

async function writeSoon(c: AppContext): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
  gathering = false;
  const counts = [...pending].map(([name, count]) => ({ name, count }));
  pending.clear();
  try {
    await withRecords(c.env, (db) => addEdgeCounts(db, counts));
  } catch (error) {
    // Without the records the log is all there is.
    const lost = Object.fromEntries(counts.map(({ name, count }) => [name, count]));
    log("warn", "edge", "refusals not recorded", { counts: lost, ...errorFields(error) });
  }
}

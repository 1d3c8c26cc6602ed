/**
 * Counting in an isolate, on the way to the Meter: a note is an addition in memory, and the sums leave together every few
 * seconds, with whatever request is there. An isolate that ends at once takes the last few seconds' counts with it.
 */
import { inTime, TooLate } from "../durable-objects/in-time.ts";
import { errorFields, log } from "../durable-objects/log.ts";
import { METER } from "../durable-objects/meter/contract.ts";
import type { Environment } from "./environment.ts";

const SEND_EVERY_MS = 2_000;
/** No breaker: it is asked once in so many seconds, and nobody waits. */
const DEADLINE_MS = 5_000;
/** While the Meter cannot be reached, counts wait; these many series are far more than there are. */
const SERIES_MAX = 1_000;

const pending = new Map<string, number>();
let sending = false;

/** Counts `by` into a series, e.g. `note("edge_problems|rate-limited")`. */
export function note(series: string, by = 1): void {
  if (pending.size < SERIES_MAX || pending.has(series)) pending.set(series, (pending.get(series) ?? 0) + by);
}

/** Call at the end of every request, batch and cron: what is pending leaves within seconds, without anybody waiting. */
export function sendCounts(env: Pick<Environment, "METER">, context: Pick<ExecutionContext, "waitUntil">): void {
  if (sending || pending.size === 0) return;
  sending = true;
  context.waitUntil(sendLater(env));
}

async function sendLater(env: Pick<Environment, "METER">): Promise<void> {
  try {
    await new Promise((resolve) => setTimeout(resolve, SEND_EVERY_MS));
  } finally {
    sending = false;
  }
  const counts = Object.fromEntries(pending);
  pending.clear();
  try {
    await inTime(METER, DEADLINE_MS, () => env.METER.getByName(METER).add(counts));
    note("dependency_calls|meter|ok");
  } catch (error) {
    note(`dependency_calls|meter|${error instanceof TooLate ? "late" : "failed"}`);
    for (const [series, count] of Object.entries(counts)) note(series, count);
    log("warn", "metering", "counts wait", errorFields(error));
  }
}

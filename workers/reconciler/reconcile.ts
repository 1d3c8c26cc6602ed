/**
 * The minute's comparison of object, records and providers: a few pages of the sales that have waited longest, until the time
 * of the run is over. What differs is kept as long as it does, counted at /metrics, and repaired where the rule is certain.
 */
import type { BatchReply } from "../../durable-objects/performance/contract.ts";
import { errorFields, log } from "../../durable-objects/log.ts";
import { askObject } from "../calls/objects.ts";
import type { Environment } from "../environment.ts";
import { note } from "../metering.ts";
import { withRecords } from "../records/database.ts";
import {
  forgetOldDrifts,
  noteRepair,
  takePasses,
  writePage,
  type FoundDrift,
  type Pass,
  type Side,
} from "../records/reconciling.ts";
import type { Drift, Remedy } from "./drift.ts";
import { look, type Look } from "./look.ts";

interface Pace {
  /** Sales of one run. */
  readonly most: number;
  /** Pages of one sale in one run. */
  readonly pages: number;
  /** Pause before a sale's next pages, and before it begins a new round. */
  readonly restMs: number;
  readonly roundMs: number;
}

const paces: Readonly<Record<Side, Pace>> = {
  records: { most: 50, pages: 10, restMs: 30_000, roundMs: 5 * 60_000 },
  provider: { most: 50, pages: 3, restMs: 30_000, roundMs: 60 * 60_000 },
};
/** A run ends well before the next one begins. */
const RUN_MS = 20_000;
/** Questions to providers in one run: a second of quiet for each, so that buyers are never in our own way. */
const READS_MAX = 60;
/** What is still so after so many repairs is for somebody to look at. */
const REPAIRS_MAX = 3;

export async function reconcile(env: Environment, now: () => number = Date.now): Promise<void> {
  const until = now() + RUN_MS;
  await Promise.all([
    advance(env, "records", until, now),
    advance(env, "provider", until, now),
    withRecords(env, (db) => forgetOldDrifts(db, new Date(now()))),
  ]);
}

async function advance(env: Environment, side: Side, until: number, now: () => number): Promise<void> {
  const pace = paces[side];
  const passes = await withRecords(env, (db) => takePasses(db, side, new Date(now()), pace));
  let reads = 0;
  for (const pass of passes) {
    try {
      reads += await advanceOne(env, side, pass, () => now() < until && reads < READS_MAX, now);
    } catch (error) {
      // One sale whose object does not answer keeps none of the others from being looked at; it comes again.
      const { performanceId } = pass;
      log("warn", "reconciler", "not looked at", { performanceId, kind: side, ...errorFields(error) });
    }
  }
}

/** Answers the questions that were put to providers. */
async function advanceOne(
  env: Environment,
  side: Side,
  { performanceId, cursor }: Pass,
  mayGoOn: () => boolean,
  now: () => number,
): Promise<number> {
  let reads = 0;
  let after = cursor;
  for (let page = 0; page < paces[side].pages && mayGoOn(); page += 1) {
    const seen = await look(env, performanceId, side, after);
    reads += seen.reads;
    await settle(env, side, performanceId, seen, now());
    if (seen.range.upTo === null) break;
    after = seen.range.upTo;
  }
  return reads;
}

async function settle(env: Environment, side: Side, performanceId: string, seen: Look, at: number): Promise<void> {
  const { drifts, range, unknown } = seen;
  const now = new Date(at);
  const found = drifts.map((drift) => foundDrift(performanceId, side, drift));
  const page = { performanceId, side, range, unknown, now };
  const repairs = await withRecords(env, (db) => writePage(db, page, found));
  for (const [index, { kind, subject }] of drifts.entries()) {
    const { key, detail } = found[index] ?? { key: "", detail: "" };
    const times = repairs.get(key) ?? 0;
    log("warn", "reconciler", "drift", { performanceId, orderId: subject, kind, reason: detail, tries: times });
  }
  const due = drifts.flatMap((drift, index) => {
    const row = found[index];
    const open = row !== undefined && (repairs.get(row.key) ?? 0) < REPAIRS_MAX;
    return drift.remedy !== null && open ? [{ remedy: drift.remedy, row }] : [];
  });
  // Everything the records lack of an order comes with one report of it.
  for (const [, list] of Map.groupBy(due, ({ remedy }) => JSON.stringify(remedy))) {
    const [first] = list;
    if (first === undefined) continue;
    await repair(
      env,
      performanceId,
      first.remedy,
      list.map(({ row }) => row),
      now,
    );
  }
}

async function repair(
  env: Environment,
  performanceId: string,
  remedy: Remedy,
  drifts: readonly FoundDrift[],
  now: Date,
): Promise<void> {
  // Written down first: what is tried and fails is not tried for ever.
  const { orderId, kind } = remedy;
  await withRecords(env, (db) => noteRepair(db, performanceId, { orderId, remedy: kind, drifts }, now));
  const batch = { lobby: null, incarnation: 0, sequence: 0, commands: [remedy] };
  const execute = (): Promise<BatchReply> => env.PERFORMANCE.getByName(performanceId).execute(batch);
  const { replies } = await askObject(env, "performance", performanceId, execute);
  const refused = replies[0]?.ok === false ? replies[0].refusal.code : null;
  for (const drift of drifts) note(`reconciler_repairs|${drift.kind}`);
  log("info", "reconciler", "repaired", { performanceId, orderId, kind, outcome: refused ?? "done" });
}

function foundDrift(performanceId: string, side: Side, { kind, subject, item, detail }: Drift): FoundDrift {
  return { key: [performanceId, side, kind, subject, item].join("/"), kind, subject, detail };
}

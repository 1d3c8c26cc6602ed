/** Records: how late they are while a sale goes on, and how fast they catch up when Postgres was away. */
import { setTimeout as sleep } from "node:timers/promises";
import type { EventEnvelope } from "../../durable-objects/performance/events.ts";
import { applyEvents } from "../../workers/records/apply.ts";
import { withRecords, type RecordsSettings } from "../../workers/records/database.ts";
import { BATCH, CONSUMERS, eventsOf, withPostgres } from "../load/events.ts";
import { median } from "../report.ts";
import { performanceId, RUNS, type Study } from "../study.ts";

/** The normal rate: what a busy sale offers, a hundred orders a second, each reported three times. */
const OFFERED = 300;
const STEP_MS = 100;
/** As max_batch_timeout in wrangler.toml: so long the queue waits for a batch to fill. */
const FILL_MS = 1_000;
/** How fast events are taken does not depend on how many there are; few enough for a slow machine to catch up at all. */
const OUTAGE_SECONDS = 20;

interface Offer {
  readonly event: EventEnvelope;
  readonly at: number;
}

export const outage: Study = {
  figures: [
    { name: "records_lag_p99_ms", unit: "ms", target: null, better: "lower" },
    { name: "catch_up_ratio", unit: "", target: 3, better: "higher" },
  ],
  async measure(lab) {
    return withPostgres(async (records) => {
      lab.say("lag at the normal rate");
      await lagsOf(records, performanceId(9_001), 3);
      const lags = await lagsOf(records, performanceId(9_002), Math.max(10, lab.seconds));
      const ratios: number[] = [];
      for (let run = 1; run <= RUNS; run++) {
        lab.say(`catching up, run ${run} of ${RUNS}`);
        ratios.push((await catchUpRate(records, 9_010 + run * 10)) / OFFERED);
      }
      const p99 = lags.toSorted((a, b) => a - b)[Math.floor(lags.length * 0.99)] ?? 0;
      const how = `${OFFERED} events/s offered (the normal rate: 100 orders a second, three events each), batches of ${BATCH} or ${FILL_MS} ms, ${CONSUMERS} consumers`;
      return {
        records_lag_p99_ms: {
          value: p99,
          note: `from the event to its rows; ${how}; median ${Math.round(median(lags))} ms`,
        },
        catch_up_ratio: {
          value: median(ratios),
          note: `events applied per second after ${OUTAGE_SECONDS} s without Postgres ÷ the normal rate, which goes on meanwhile; ${how}; from ${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)}`,
        },
      };
    });
  },
};

/** Milliseconds from each event's happening to its being applied. */
async function lagsOf(records: RecordsSettings, id: string, seconds: number): Promise<readonly number[]> {
  const list = eventsOf(id).slice(0, seconds * OFFERED);
  const waiting: Offer[] = [];
  const lags: number[] = [];
  let offered = 0;
  const producing = (async () => {
    const startedAt = performance.now();
    while (offered < list.length) {
      const due = Math.min(list.length, Math.ceil(((performance.now() - startedAt) * OFFERED) / 1_000));
      for (; offered < due; offered += 1) {
        const event = list[offered];
        if (event !== undefined) waiting.push({ event, at: performance.now() });
      }
      await sleep(STEP_MS / 10);
    }
  })();
  const consumer = async (): Promise<void> => {
    while (lags.length < list.length) {
      const first = waiting[0];
      const full = waiting.length >= BATCH || (first !== undefined && performance.now() - first.at >= FILL_MS);
      if (!full) {
        await sleep(5);
        continue;
      }
      const batch = waiting.splice(0, BATCH);
      await withRecords(
        records,
        (db) =>
          applyEvents(
            db,
            batch.map(({ event }) => event),
          ),
        { deadlineMs: 60_000 },
      );
      const now = performance.now();
      lags.push(...batch.map(({ at }) => now - at));
    }
  };
  await Promise.all([producing, ...Array.from({ length: CONSUMERS }, consumer)]);
  return lags;
}

/** Events applied per second until nothing is behind, while new ones go on coming at the normal rate. */
async function catchUpRate(records: RecordsSettings, from: number): Promise<number> {
  const supply = [0, 1, 2].flatMap((step) => eventsOf(performanceId(from + step)));
  const startedAt = performance.now();
  const there = (): number => {
    const since = ((performance.now() - startedAt) * OFFERED) / 1_000;
    return Math.min(supply.length, OUTAGE_SECONDS * OFFERED + Math.floor(since));
  };
  let taken = 0;
  let applied = 0;
  await Promise.all(
    Array.from({ length: CONSUMERS }, async () => {
      // A batch that would not be full is the steady state again.
      while (there() - taken >= BATCH) {
        const batch = supply.slice(taken, (taken += BATCH));
        await withRecords(records, (db) => applyEvents(db, batch), { deadlineMs: 60_000 });
        applied += batch.length;
      }
    }),
  );
  if (applied === supply.length) throw new Error("the backlog was never worked off within the events there were");
  return (applied * 1_000) / (performance.now() - startedAt);
}

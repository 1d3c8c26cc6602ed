/** Seats: how fast they are set aside, that nobody gets one twice, and what a stadium weighs. */
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { bestAvailableTimes } from "../load/best.ts";
import { bookers } from "./bookers.ts";
import { againstPostgres, againstRedis, contention } from "./rivals.ts";
import { median, shown, spread, type Measured } from "../report.ts";
import { costOf, performanceId, resume, RUNS, withBench, type Lab, type Study } from "../study.ts";
import type { Bench } from "../worker.ts";

const STADIUM = { sections: 40, rows: 25, seats: 50 } as const;
const SEATS = STADIUM.sections * STADIUM.rows * STADIUM.seats;
const IN_FLIGHT = 4;

const Published = z.object({ milliseconds: z.number(), seats: z.number() });
const Held = z.object({ holds: z.number(), milliseconds: z.number() });
const Entered = z.object({ members: z.number() });
const SeatsByStatus = z.record(z.string(), z.number());

/** A published stadium with so many members in it who may hold. */
async function stadium(bench: Bench, id: string, members: number): Promise<number> {
  const { milliseconds } = await bench.ask("publish", { id, ...STADIUM }, Published);
  await bench.ask("populate", { id, members }, Entered);
  return milliseconds;
}

async function heldSeats(bench: Bench, id: string): Promise<number> {
  return (await bench.ask("seats", { id }, SeatsByStatus))["held"] ?? 0;
}

const holds: Study = {
  figures: [{ name: "holds_per_second_batch200", unit: "/s", target: 40_000, better: "higher" }],
  measure: (lab) => withBench((bench) => measureHolds(bench, lab)),
};

async function measureHolds(bench: Bench, lab: Lab): Promise<Readonly<Record<string, Measured>>> {
  const rates: number[] = [];
  const busy: number[] = [];
  const orderly: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    lab.say(`holds, run ${run} of ${RUNS}`);
    for (const order of ["scattered", "by-section"] as const) {
      const id = performanceId(run * 2 + Number(order === "scattered"));
      await stadium(bench, id, SEATS / 2);
      const cost = await costOf(bench, () =>
        bench.ask("holds", { id, ...STADIUM, inFlight: IN_FLIGHT, order, share: 1 }, Held),
      );
      const held = await heldSeats(bench, id);
      if (held !== SEATS) throw new Error(`${cost.result.holds} holds of two, and ${held} seats are held`);
      await bench.evict(id);
      if (run === 0) continue; // the code was still being compiled
      const rate = (cost.result.holds * 1_000) / cost.result.milliseconds;
      (order === "scattered" ? rates : orderly).push(rate);
      if (order === "scattered") busy.push(cost.cpuMs / cost.milliseconds);
    }
  }
  const about =
    `two neighbours each, ${SEATS.toLocaleString("en-US")} seats in ${STADIUM.sections} sections, in no order, until none ` +
    `is left; ${IN_FLIGHT} batches in flight, ${shown(median(busy))} of one core busy; ` +
    `${shown(median(orderly))} /s section by section`;
  return { holds_per_second_batch200: spread(rates, about) };
}

const weight: Study = {
  figures: [
    { name: "stadium_ready_ms", unit: "ms", target: 1_500, better: "lower" },
    { name: "stadium_snapshot_kb", unit: "KB", target: 20, better: "lower" },
  ],
  measure: (lab) => withBench((bench) => measureStadium(bench, lab)),
};

async function measureStadium(bench: Bench, lab: Lab): Promise<Readonly<Record<string, Measured>>> {
  const Snapshot = z.object({ snapshot: z.string() });
  const kilobytes = async (id: string): Promise<number> =>
    gzipSync((await bench.ask("snapshot", { id }, Snapshot)).snapshot).length / 1_000;
  const ready: number[] = [];
  const again: number[] = [];
  let empty = 0;
  for (let run = 0; run <= RUNS; run++) {
    lab.say(`stadium, run ${run} of ${RUNS}`);
    const id = performanceId(run + 1);
    const { milliseconds } = await bench.ask("publish", { id, ...STADIUM }, Published);
    const resumed = await resume(bench, id, 0);
    if (run === 0) continue;
    ready.push(milliseconds);
    again.push(resumed);
    empty = await kilobytes(id);
  }
  // Half of it taken, pair by pair and in no order: the worst a snapshot can be compressed.
  const id = performanceId(1);
  await bench.ask("populate", { id, members: SEATS / 4 }, Entered);
  await bench.ask("holds", { id, ...STADIUM, inFlight: IN_FLIGHT, order: "scattered", share: 0.5 }, Held);
  const taken = await heldSeats(bench, id);
  return {
    stadium_ready_ms: spread(
      ready,
      `from the call that publishes ${SEATS.toLocaleString("en-US")} seats to the first answer with all of them; ` +
        `${shown(median(again))} ms to start again after an eviction`,
    ),
    stadium_snapshot_kb: {
      value: await kilobytes(id),
      note: `gzip, ${taken.toLocaleString("en-US")} seats taken in pairs in no order; ${shown(empty)} KB with all free`,
    },
  };
}

const best: Study = {
  figures: [{ name: "best_available_stadium_ms", unit: "ms", target: 5, better: "lower" }],
  measure(lab) {
    lab.say("best available");
    bestAvailableTimes(20); // the code was still being compiled
    const medians = bestAvailableTimes(21).map(median);
    const note =
      `the slowest of ${medians.length} questions (one to eight places, of each grade and of any), each the median of 21; ` +
      `50,000 places half sold in no order, no single seat left; the middle question ${shown(median(medians))} ms; ` +
      `the rule alone, in this process`;
    return Promise.resolve({ best_available_stadium_ms: { value: Math.max(...medians), note } });
  },
};

export const seats: readonly Study[] = [holds, contention, bookers, againstPostgres, againstRedis, weight, best];

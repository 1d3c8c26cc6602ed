/** Admission: how fast people are let into the line, what one of them costs, and how large a line may get. */
import { z } from "zod";
import { costOfWaiting } from "../cost.ts";
import { Heap } from "../heap.ts";
import { memoryOf } from "../machine.ts";
import { median, shown, spread, type Figure, type Measured } from "../report.ts";
import { costOf, performanceId, resume, RUNS, withBench, type Cost, type Lab, type Study } from "../study.ts";
import type { Bench } from "../worker.ts";
import { countingCost } from "../load/counting.ts";
import { fairness } from "./fairness.ts";
import { layers } from "./layers.ts";
import { waitOnSockets } from "./sockets.ts";

const BATCH = 200;
const IN_FLIGHT = 4;
const MILLION = 1_000_000;
/** The runtime has one thread: it is asked for its memory between batches, this often. */
const LOOKS = 250;
/** The target of the design for a million waiting; the platform's limit is 128. */
const MILLION_MB = 60;

const Joined = z.object({ batches: z.number(), joins: z.number(), milliseconds: z.number() });
type Joined = z.infer<typeof Joined>;

interface Load {
  readonly object: "performance" | "stand-in";
  readonly size: number;
  readonly batches?: number;
  readonly seconds?: number;
}

function join(bench: Bench, number: number, load: Load): Promise<Cost<Joined>> {
  const { batches = Number.MAX_SAFE_INTEGER, seconds = 3_600 } = load;
  const input = { id: performanceId(number), ...load, inFlight: IN_FLIGHT, batches, seconds };
  return costOf(bench, () => bench.ask("joins", input, Joined));
}

const arrivals: Study = {
  figures: [
    figure("arrivals_per_second_batch200", "/s", 200_000, "higher"),
    figure("cpu_us_per_arrival_object", "µs", null, "lower"),
    figure("cpu_us_per_command_noop", "µs", null, "lower"),
    figure("metrics_cpu_share", "", 0.02, "lower"),
  ],
  measure: (lab) => withBench((bench) => measureArrivals(bench, lab)),
};

async function measureArrivals(bench: Bench, lab: Lab): Promise<Readonly<Record<string, Measured>>> {
  const rates: number[] = [];
  const perArrival: number[] = [];
  const perNoop: number[] = [];
  const perEmpty: number[] = [];
  const counting: number[] = [];
  const shares: number[] = [];
  // Run 0 warms the code up and is not counted.
  for (let run = 0; run <= RUNS; run++) {
    lab.say(`joins, run ${run} of ${RUNS}`);
    const real = await join(bench, run, { object: "performance", size: BATCH, seconds: lab.seconds });
    const nothing = await join(bench, run, { object: "stand-in", size: BATCH, seconds: lab.seconds });
    const empty = await join(bench, run, { object: "performance", size: 0, seconds: 1 });
    await bench.evict(performanceId(run));
    if (run === 0) continue;
    rates.push((real.result.joins * 1_000) / real.result.milliseconds);
    const noop = (nothing.cpuMs * 1_000) / nothing.result.joins;
    perNoop.push(noop);
    perArrival.push((real.cpuMs * 1_000) / real.result.joins - noop);
    perEmpty.push((empty.cpuMs * 1_000) / empty.result.batches);
    shares.push(real.cpuMs / real.milliseconds);
    counting.push(countingCost(BATCH).object / ((real.cpuMs * 1_000) / real.result.batches));
  }
  const busy = `${shown(median(shares))} of one core busy, the rest is waiting for the disk`;
  const calls = `an empty batch to the real object takes ${shown(median(perEmpty))} µs`;
  return {
    arrivals_per_second_batch200: spread(rates, `${IN_FLIGHT} batches in flight, every number given once; ${busy}`),
    cpu_us_per_arrival_object: spread(
      perArrival,
      "what the object adds to the same call of a stand-in that does nothing",
    ),
    metrics_cpu_share: spread(
      counting,
      `counting a batch of ${BATCH} over the CPU time of its whole call; lobbies count each arrival for ${shown(countingCost(BATCH).lobbies / BATCH)} µs`,
    ),
    cpu_us_per_command_noop: spread(perNoop, `the same batches to the stand-in: driver, call, answer; ${calls}`),
  };
}

const million: Study = {
  figures: [figure("million_peak_mb", "MB", MILLION_MB, "lower"), figure("million_resume_ms", "ms", null, "lower")],
  measure: (lab) => withBench((bench) => measureMillion(bench, lab)),
};

async function measureMillion(bench: Bench, lab: Lab): Promise<Readonly<Record<string, Measured>>> {
  // Something small first: the code is loaded and compiled before the memory it takes is subtracted from anything.
  await join(bench, 0, { object: "performance", size: BATCH, batches: 100 });
  const heap = await Heap.open(bench.inspector);
  try {
    await heap.collect();
    const before = await heap.usedMb();
    const residentBefore = memoryOf(bench.pid).now;
    lab.say("a million join");
    let joining = 0;
    for (let look = 0; look < LOOKS; look++) {
      await join(bench, 1, { object: "performance", size: BATCH, batches: MILLION / BATCH / LOOKS });
      joining = Math.max(joining, await heap.usedMb());
    }
    const resident = memoryOf(bench.pid).highest - residentBefore;
    await heap.collect();
    const settled = await heap.usedMb();
    const times: number[] = [];
    let loading = 0;
    for (let run = 1; run <= RUNS; run++) {
      lab.say(`the million's object starts again, ${run} of ${RUNS}`);
      times.push(await resume(bench, performanceId(1), MILLION));
      // The first time nothing but the million is there: later the dead objects of the runs before are counted too.
      if (run === 1) loading = (await heap.usedMb()) - settled;
    }
    const note =
      `heap and typed arrays of the whole isolate, highest of ${LOOKS} looks while they joined, garbage included` +
      `; ${shown(settled)} once collected, ${shown(before)} before; starting again adds ${shown(loading)}; ` +
      `the process grew by ${shown(resident)}, SQLite's cache and the driver included`;
    return {
      million_peak_mb: { value: joining, note },
      million_resume_ms: spread(times, "evicted, then the first answer, loaded from storage on disk"),
    };
  } finally {
    heap.close();
  }
}

const Counted = z.object({ rows: z.number(), joins: z.number() });
const CountedEntering = z.object({ rows: z.number(), people: z.number() });

/** 10,000 joins a second over 64 lobbies come in 200 calls a second, and more or fewer joins a second in as many calls. */
const JOINS_PER_CALL = 50;

/** Rows written for a million, or fewer, that come in batches of this size. */
async function rowsPerJoin(size: number, joins: number): Promise<number> {
  const input = { id: performanceId(1), batches: joins / size, size };
  const counted = await withBench((bench) => bench.ask("rows", input, Counted));
  return counted.rows / counted.joins;
}

const bill: Study = {
  figures: [
    figure("rows_written_per_join", "rows", 0.1, "lower"),
    figure("join_p99_ms_8000_sockets", "ms", 2_000, "lower"),
    figure("object_calls_per_second_waiting", "/s", 8, "lower"),
    figure("freed_slot_to_socket_p99_ms", "ms", 250, "lower"),
    figure("cost_usd_per_million_20min", "USD", 1.25, "lower"),
  ],
  async measure(lab) {
    lab.say("rows written by a million");
    const rows = await rowsPerJoin(JOINS_PER_CALL, MILLION);
    const [few, many] = [await rowsPerJoin(5, 20_000), await rowsPerJoin(500, 200_000)];
    const entering = await withBench((bench) =>
      bench.ask("rows-of-entering", { id: performanceId(1) }, CountedEntering),
    );
    const { figures, waiting } = await withBench((bench) => waitOnSockets(bench, lab));
    const rowsPerEntering = entering.rows / entering.people;
    return {
      ...figures,
      rows_written_per_join: {
        value: rows,
        note:
          `a million at 10,000 joins/s over 64 lobbies (${JOINS_PER_CALL} a call), as the statements' cursors count them; ` +
          `${shown(few)} at 1,000 joins/s, ${shown(many)} at 100,000`,
      },
      cost_usd_per_million_20min: costOfWaiting({
        waiting,
        rowsPerJoin: rows,
        rowsPerEntering,
        joinsPerCall: JOINS_PER_CALL,
      }),
    };
  },
};

function figure(name: string, unit: string, target: number | null, better: "higher" | "lower"): Figure {
  return { name, unit, target, better };
}

export const admission: readonly Study[] = [arrivals, layers, million, bill, fairness];

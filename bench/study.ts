/** A study measures figures that belong together. If it fails, its figures are missing and the others are not. */
import { z } from "zod";
import type { Figure, Measured } from "./report.ts";
import { cpuMsOf } from "./machine.ts";
import { startBench, type Bench } from "./worker.ts";

export interface Lab {
  /** How long one run of a measurement that can be of any length should take. */
  readonly seconds: number;
  /** How long people stay in the predecessor's test, which itself had fifteen minutes. */
  readonly staySeconds: number;
  /** Progress, for whoever watches. */
  say(line: string): void;
}

export interface Study {
  readonly figures: readonly Figure[];
  /** A value for each figure, by name. */
  measure(lab: Lab): Promise<Readonly<Record<string, Measured>>>;
}

/** Runs of a measurement whose median is reported. */
export const RUNS = 5;

/** A runtime of its own, so that no study finds what another left behind. */
export async function withBench<Result>(work: (bench: Bench) => Promise<Result>): Promise<Result> {
  const bench = await startBench();
  try {
    return await work(bench);
  } finally {
    await bench.stop();
  }
}

export interface Cost<Result> {
  readonly result: Result;
  readonly milliseconds: number;
  /** Processor time of the runtime, all its threads. */
  readonly cpuMs: number;
}

export async function costOf<Result>(bench: Bench, work: () => Promise<Result>): Promise<Cost<Result>> {
  const cpuBefore = cpuMsOf(bench.pid);
  const startedAt = performance.now();
  const result = await work();
  return { result, milliseconds: performance.now() - startedAt, cpuMs: cpuMsOf(bench.pid) - cpuBefore };
}

const Resumed = z.object({ milliseconds: z.number(), joined: z.number(), awake: z.boolean() });
const EVICTIONS = 10;

/** Milliseconds from an eviction to the first answer; again if an alarm of its own started the object first. */
export async function resume(bench: Bench, id: string, joined: number): Promise<number> {
  for (let eviction = 0; eviction < EVICTIONS; eviction++) {
    await bench.evict(id);
    const resumed = await bench.ask("resume", { id }, Resumed);
    if (resumed.joined !== joined) throw new Error(`${joined} had joined, and ${resumed.joined} came back`);
    if (!resumed.awake) return resumed.milliseconds;
  }
  throw new Error(`the object was awake after each of ${EVICTIONS} evictions`);
}

/** A performance's id: a different one for each number. */
export function performanceId(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

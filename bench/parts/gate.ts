/** The gate: what the check of a booking pass costs, and what a request costs that is answered with nothing. */
import { z } from "zod";
import { requestNothing } from "../nothing.ts";
import { spread, type Measured } from "../report.ts";
import { costOf, RUNS, withBench, type Lab, type Study } from "../study.ts";
import type { Bench } from "../worker.ts";

const CHECKS = 20_000;
const CONNECTIONS = 16;

const passes: Study = {
  figures: [
    { name: "cpu_us_per_pass", unit: "µs", target: 150, better: "lower" },
    { name: "cpu_us_per_request_noop", unit: "µs", target: null, better: "lower" },
  ],
  measure: (lab) => withBench((bench) => measurePasses(bench, lab)),
};

async function measurePasses(bench: Bench, lab: Lab): Promise<Readonly<Record<string, Measured>>> {
  const Checked = z.object({ count: z.literal(CHECKS) });
  const perPass: number[] = [];
  const perRequest: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    lab.say(`passes, run ${run} of ${RUNS}`);
    const checked = await costOf(bench, () => bench.ask("passes", { count: CHECKS }, Checked));
    const unchecked = await costOf(bench, () => bench.ask("no-passes", { count: CHECKS }, Checked));
    const requests = await costOf(bench, () =>
      requestNothing(new URL("/noop", bench.driver).href, CONNECTIONS, lab.seconds),
    );
    if (run === 0) continue;
    perPass.push(((checked.cpuMs - unchecked.cpuMs) * 1_000) / CHECKS);
    perRequest.push((requests.cpuMs * 1_000) / requests.result);
  }
  return {
    cpu_us_per_pass: spread(
      perPass,
      `${CHECKS} checks of passes that are not remembered, inside the runtime, less the same loop without the check`,
    ),
    cpu_us_per_request_noop: spread(
      perRequest,
      `204 from an empty Worker over the direct socket, ${CONNECTIONS} connections`,
    ),
  };
}

export const gate: readonly Study[] = [passes];

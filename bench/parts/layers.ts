/** What an arrival costs at the edge and in the lobby: the same requests, with the layers behind replaced by ones that do nothing. */
import { z } from "zod";
import { Fans, type Fan } from "../fans.ts";
import { requestNothing } from "../nothing.ts";
import { spread, type Measured } from "../report.ts";
import { costOf, performanceId, RUNS, withBench, type Lab, type Study } from "../study.ts";
import type { Bench } from "../worker.ts";

const CONNECTIONS = 64;
const FANS = 4_000;

export const layers: Study = {
  figures: [
    { name: "cpu_us_per_arrival_edge", unit: "µs", target: null, better: "lower" },
    { name: "cpu_us_per_arrival_lobby", unit: "µs", target: null, better: "lower" },
  ],
  measure: (lab) => withBench((bench) => measureLayers(bench, lab)),
};

async function measureLayers(bench: Bench, lab: Lab): Promise<Readonly<Record<string, Measured>>> {
  await bench.ask("line", { id: performanceId(1), lobbies: 4 }, z.object({ ok: z.literal(true) }));
  const edge: number[] = [];
  const lobby: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    lab.say(`arrivals layer by layer, run ${run} of ${RUNS}`);
    const nothing = await costOf(bench, () =>
      requestNothing(new URL("/noop", bench.driver).href, CONNECTIONS, lab.seconds),
    );
    const noop = (nothing.cpuMs * 1_000) / nothing.result;
    const toEdge = await perArrival(bench, bench.edgeOnly, run);
    const toLobby = await perArrival(bench, bench.edgeAndLobby, run);
    if (run === 0) continue;
    edge.push(toEdge - noop);
    lobby.push(toLobby - toEdge);
  }
  const how = `${FANS} joins over HTTP on ${CONNECTIONS} connections`;
  return {
    cpu_us_per_arrival_edge: spread(
      edge,
      `${how}: token, entry, queue ticket and receipt signed, and the call of a lobby that does nothing, less an empty request`,
    ),
    cpu_us_per_arrival_lobby: spread(
      lobby,
      `${how}: what the lobby adds in front of an object that does nothing, batches and signs of life included`,
    ),
  };
}

/** Microseconds of the runtime's processor time a join. */
async function perArrival(bench: Bench, product: string, run: number): Promise<number> {
  const fans = await Fans.of({ ...bench, product }, performanceId(1));
  try {
    const everybody = await fans.signedIn(run * FANS, FANS);
    const cost = await costOf(bench, () => joinAll(fans, everybody));
    return (cost.cpuMs * 1_000) / FANS;
  } finally {
    fans.end();
  }
}

async function joinAll(fans: Fans, everybody: readonly Fan[]): Promise<void> {
  const left = [...everybody];
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let fan = left.pop(); fan !== undefined; fan = left.pop()) await fans.join(fan);
    }),
  );
}

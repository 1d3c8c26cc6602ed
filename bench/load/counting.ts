/** What counting costs: the tally and the gauge do for one batch of joins what they do in the objects, and nothing else. */
import { performance } from "node:perf_hooks";
import { Gauge } from "../../durable-objects/lobby/gauge.ts";
import type { QueueState } from "../../durable-objects/lobby/contract.ts";
import { ENTRY_BYTES } from "../../durable-objects/performance/admission/entry.ts";
import type { Change } from "../../durable-objects/performance/changes.ts";
import type { Command, Reply } from "../../durable-objects/performance/contract.ts";
import { emptyState } from "../../durable-objects/performance/state.ts";
import { Tally } from "../../durable-objects/performance/tally.ts";
import { publishRequest } from "../../tests/simulation/charts.ts";
import { JOIN_SETTINGS } from "./joins.ts";

const ROUNDS = 20_000;
const told = { wait: { fromSeconds: 60, toSeconds: 90 } } as QueueState;

export interface Counting {
  /** Microseconds of the object, for one batch of joins. */
  readonly object: number;
  /** Microseconds of the lobbies, for all the arrivals in it. */
  readonly lobbies: number;
}

export function countingCost(joins: number): Counting {
  const tally = new Tally(0);
  const gauge = new Gauge();
  const state = emptyState("counting");
  state.settings = publishRequest(JOIN_SETTINGS).settings;
  state.phase = "open";
  const entries = new Uint8Array(joins * ENTRY_BYTES);
  const commands: readonly Command[] = [{ kind: "join", entries }];
  const replies: readonly Reply[] = [
    { ok: true, kind: "joined", numbers: new Uint32Array(joins), lanes: null, refused: [] },
  ];
  const changes: readonly Change[] = [{ kind: "joined", entries, lanes: new Uint8Array(joins), at: 0 }];
  const names = Array.from({ length: joins }, (_, index) => `${index}`.padStart(32, "0"));
  const inObject = (now: number): void => {
    state.clock = now;
    tally.batch(state, commands, replies, changes);
  };
  const inLobby = (now: number): void => {
    for (const name of names) {
      gauge.answered(4);
      gauge.told(name, told, now);
    }
    const report = gauge.take(() => 0, now);
    if (report !== null) tally.report("queue/0", report, now);
  };
  return { object: microseconds(inObject), lobbies: microseconds(inLobby) };
}

function microseconds(round: (now: number) => void): number {
  for (let warm = 0; warm < ROUNDS / 10; warm++) round(warm);
  const startedAt = performance.now();
  for (let now = 0; now < ROUNDS; now++) round(now);
  return ((performance.now() - startedAt) * 1_000) / ROUNDS;
}

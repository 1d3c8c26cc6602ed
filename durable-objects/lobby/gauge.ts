/**
 * What a lobby measures about itself between two reports to the object: how long commands took, and whether the wait
 * people were told came true. Memory only; a lobby that dies takes a second's figures with it.
 */
import { CallCounts } from "../performance/call-counts.ts";
import { Buckets } from "../performance/histogram.ts";
import {
  LATENCY_BOUNDS_SECONDS,
  WAIT_BOUNDS_SECONDS,
  type LobbyReport,
  type PromiseOutcome,
} from "../performance/figures-contract.ts";
import type { Standing } from "../performance/contract.ts";
import type { QueueState } from "./contract.ts";

const REPORT_EVERY_MS = 1_000;
/** People whose first promise is remembered: a sample of the crowd says what the crowd meets. */
const PROMISES_MAX = 2_000;

interface Told {
  readonly at: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

export class Gauge {
  /** How this lobby's calls of its performance ended. */
  readonly calls = new CallCounts();
  readonly #latency = new Buckets(LATENCY_BOUNDS_SECONDS);
  readonly #waits = new Buckets(WAIT_BOUNDS_SECONDS);
  readonly #told = new Map<string, Told>();
  #promises: Record<PromiseOutcome, number> = { kept: 0, sooner: 0, later: 0 };
  #shed = 0;
  #repeated = 0;
  #reportedAt = 0;

  /** A command was answered (or given up) so long after it came. */
  answered(ms: number): void {
    this.#latency.observe(ms / 1_000);
  }

  shed(): void {
    this.#shed += 1;
  }

  repeated(): void {
    this.#repeated += 1;
  }

  /** The first range somebody is told is a promise. */
  told(entry: string, { wait }: QueueState, now: number): void {
    if (wait === null || this.#told.size >= PROMISES_MAX || this.#told.has(entry)) return;
    this.#told.set(entry, { at: now, ...wait });
  }

  /** Where somebody stands now: admitted, the promise can be judged; gone, nobody will know. */
  stands(entry: string, state: Standing["state"], now: number): void {
    if (state === "waiting" || state === "passed-over") return;
    const told = this.#told.get(entry);
    if (told === undefined) return;
    this.#told.delete(entry);
    if (state !== "admitted" && state !== "entered") return;
    const seconds = (now - told.at) / 1_000;
    this.#waits.observe(seconds);
    this.#promises[seconds < told.fromSeconds ? "sooner" : seconds > told.toSeconds ? "later" : "kept"] += 1;
  }

  /** `sockets` is only asked when there is something to say: counting them is a walk. */
  take(sockets: () => number, now: number): LobbyReport | null {
    if (now - this.#reportedAt < REPORT_EVERY_MS) return null;
    this.#reportedAt = now;
    const calls = this.calls.take();
    const report: LobbyReport = {
      sockets: sockets(),
      latency: this.#latency.take(),
      waits: this.#waits.take(),
      promises: this.#promises,
      shed: this.#shed,
      repeated: this.#repeated,
      ...(calls === null ? {} : { calls }),
    };
    this.#promises = { kept: 0, sooner: 0, later: 0 };
    this.#shed = 0;
    this.#repeated = 0;
    return report;
  }
}

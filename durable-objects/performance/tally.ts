/**
 * What has happened in a performance since its object started, for the metrics. Memory only: it decides nothing and costs
 * no row, and an object that starts again counts from zero, which a monitoring system understands.
 */
import { ENTRY_BYTES } from "./admission/entry.ts";
import { CallCounts } from "./call-counts.ts";
import type { Change } from "./changes.ts";
import type { Command, Reply } from "./contract.ts";
import {
  BATCH_BOUNDS,
  LAG_BOUNDS_SECONDS,
  LATENCY_BOUNDS_SECONDS,
  WAIT_BOUNDS_SECONDS,
  type LobbyReport,
  type TallyFigures,
} from "./figures-contract.ts";
import { Buckets } from "./histogram.ts";
import type { PerformanceState } from "./state.ts";

/** A lobby that has not reported for this long has nobody left, or is gone. */
const REPORT_GOOD_MS = 60_000;
/** Free slots are looked at this often at most: the rate's allowance is a walk over the last minute. */
const IDLE_EVERY_MS = 250;

type Counts = Record<string, number>;

export class Tally {
  /** How the object's calls of others ended, those of its lobbies and control room among them. */
  readonly calls = new CallCounts();
  readonly #startedAt: number;
  readonly #batches = new Buckets(BATCH_BOUNDS);
  readonly #latency = new Buckets(LATENCY_BOUNDS_SECONDS);
  readonly #waits = new Buckets(WAIT_BOUNDS_SECONDS);
  readonly #lag = new Buckets(LAG_BOUNDS_SECONDS);
  readonly #promises: Counts = { kept: 0, sooner: 0, later: 0 };
  readonly #refusals: Counts = {};
  readonly #sessionsEnded: Counts = {};
  readonly #holdsEnded: Counts = {};
  readonly #paymentAnswers: Counts = {};
  readonly #refundAnswers: Counts = {};
  readonly #idle: Counts = { absent: 0, restart: 0 };
  readonly #sockets = new Map<string, { readonly sockets: number; readonly at: number }>();
  #holdsMade = 0;
  #overshoot = 0;
  #shed = 0;
  #repeated = 0;
  #lookedAt: number;
  #freeSlots = 0;
  #why: "absent" | "restart" = "absent";

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
    this.#lookedAt = startedAt;
  }

  /** One batch that has been committed, and the state after it. */
  batch(state: PerformanceState, commands: readonly Command[], replies: readonly Reply[], changes: readonly Change[]) {
    if (commands.length > 0) this.#count(commands, replies);
    if (changes.length > 0) this.#changes(state, changes);
    this.#lookAtSlots(state);
  }

  report(lobby: string, report: LobbyReport, now: number): void {
    this.#sockets.set(lobby, { sockets: report.sockets, at: now });
    this.#latency.add(report.latency);
    this.#waits.add(report.waits);
    for (const [outcome, count] of Object.entries(report.promises)) raise(this.#promises, outcome, count);
    this.#shed += report.shed;
    this.#repeated += report.repeated;
    if (report.calls !== undefined) this.calls.add(report.calls);
  }

  /** An event that happened at `at` is now in the records. */
  applied(at: number, now: number): void {
    this.#lag.observe(Math.max(0, now - at) / 1_000);
  }

  sockets(now: number): number {
    let total = 0;
    for (const { sockets, at } of this.#sockets.values()) if (now - at < REPORT_GOOD_MS) total += sockets;
    return total;
  }

  figures(): TallyFigures {
    return {
      startedAt: this.#startedAt,
      batches: this.#batches.read(),
      latency: this.#latency.read(),
      waits: this.#waits.read(),
      promises: { ...this.#promises },
      refusals: { ...this.#refusals },
      sessionsEnded: { ...this.#sessionsEnded },
      holdsMade: this.#holdsMade,
      holdsEnded: { ...this.#holdsEnded },
      paymentAnswers: { ...this.#paymentAnswers },
      refundAnswers: { ...this.#refundAnswers },
      overshoot: this.#overshoot,
      idleSlotSeconds: { ...this.#idle },
      lag: this.#lag.read(),
      shed: this.#shed,
      repeated: this.#repeated,
      calls: this.calls.read(),
    };
  }

  #count(commands: readonly Command[], replies: readonly Reply[]): void {
    let size = commands.length;
    for (const [index, command] of commands.entries()) {
      if (command.kind === "join") size += command.entries.length / ENTRY_BYTES - 1;
      else if (command.kind === "settle") raise(this.#paymentAnswers, command.outcome.result);
      else if (command.kind === "settle-refund") raise(this.#refundAnswers, command.outcome.result);
      const reply = replies[index];
      if (reply === undefined) continue;
      if (!reply.ok) raise(this.#refusals, reply.refusal.code);
      else if (reply.kind === "joined") for (const [, code] of reply.refused) raise(this.#refusals, code);
    }
    this.#batches.observe(size);
  }

  #changes(state: PerformanceState, changes: readonly Change[]): void {
    let admitted = 0;
    let limitsMoved = false;
    for (const change of changes) {
      if (change.kind === "admitted") admitted += 1;
      else if (change.kind === "limits") limitsMoved = true;
      else if (change.kind === "session-ended") raise(this.#sessionsEnded, change.reason);
      else if (change.kind === "held") this.#holdsMade += 1;
      else if (change.kind === "hold-ended") raise(this.#holdsEnded, change.reason);
    }
    // A limit lowered in this very commit evicts nobody: what is above it then is no overshoot.
    if (admitted === 0 || limitsMoved || state.settings === null) return;
    const overCapacity = state.sessions.size - state.settings.capacity;
    const overRate = state.history.recent(state.clock) - state.settings.ratePerMinute;
    this.#overshoot += Math.min(admitted, Math.max(0, overCapacity, overRate));
  }

  #lookAtSlots(state: PerformanceState): void {
    const now = state.clock;
    const passed = now - this.#lookedAt;
    if (passed < IDLE_EVERY_MS) return;
    raise(this.#idle, this.#why, (this.#freeSlots * passed) / 1_000);
    this.#lookedAt = now;
    this.#why = state.presenceUnknownUntil > now ? "restart" : "absent";
    this.#freeSlots = freeSlots(state, now);
  }
}

/** Slots somebody who waits could have, if anybody of them were known to be there. */
function freeSlots(state: PerformanceState, now: number): number {
  const { settings, line } = state;
  if (settings === null || state.phase !== "open" || line.waiting + line.returned === 0) return 0;
  const free = settings.capacity - state.sessions.size;
  return free <= 0 ? 0 : Math.min(free, state.history.allowance(settings.ratePerMinute, now));
}

function raise(counts: Counts, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

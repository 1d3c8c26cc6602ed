import { describe, expect, it } from "vitest";
import type { Change } from "./changes.ts";
import type { Command, Reply } from "./contract.ts";
import { BATCH_BOUNDS, emptyHistogram, LATENCY_BOUNDS_SECONDS, WAIT_BOUNDS_SECONDS } from "./figures-contract.ts";
import { emptyState, type PerformanceState } from "./state.ts";
import { Tally } from "./tally.ts";
import { publishRequest } from "../../tests/simulation/charts.ts";

function open(capacity: number, ratePerMinute: number): PerformanceState {
  const state = emptyState("p");
  state.settings = { ...publishRequest().settings, capacity, ratePerMinute };
  state.phase = "open";
  return state;
}

function admit(state: PerformanceState, number: number): Change {
  state.sessions.set(number, { number, admittedAt: state.clock, until: state.clock + 1, member: null });
  state.history.record(state.clock, 1);
  return { kind: "admitted", number, at: state.clock, until: state.clock + 1 };
}

describe("the tally", () => {
  it("counts every join of a packed batch, refusals by code, and answers of providers", () => {
    const tally = new Tally(0);
    const commands: Command[] = [
      { kind: "join", entries: new Uint8Array(16 * 30) },
      { kind: "look", entry: "e" },
      { kind: "settle", orderId: "o", attempt: 1, outcome: { result: "unknown", reason: "late" } },
    ];
    const replies: Reply[] = [
      { ok: true, kind: "joined", numbers: new Uint32Array(30), lanes: null, refused: [[3, "queue-limit-reached"]] },
      { ok: false, refusal: { code: "not-in-queue" } },
      { ok: false, refusal: { code: "order-not-found" } },
    ];
    tally.batch(open(1, 1), commands, replies, []);
    const figures = tally.figures();
    expect(figures.batches.sum).toBe(32);
    expect(figures.batches.counts[BATCH_BOUNDS.indexOf(50)]).toBe(1);
    expect(figures.refusals).toEqual({ "queue-limit-reached": 1, "not-in-queue": 1, "order-not-found": 1 });
    expect(figures.paymentAnswers).toEqual({ unknown: 1 });
  });

  it("sees an admission above either limit, and none where a limit was lowered in the same commit", () => {
    const state = open(1, 60);
    const tally = new Tally(0);
    tally.batch(state, [], [], [admit(state, 0)]);
    expect(tally.figures().overshoot).toBe(0);
    tally.batch(state, [], [], [admit(state, 1)]);
    expect(tally.figures().overshoot).toBe(1);
    tally.batch(state, [], [], [admit(state, 2), { kind: "limits", capacity: 1, ratePerMinute: 1 }]);
    expect(tally.figures().overshoot).toBe(1);
    const fast = open(100, 1);
    const second = new Tally(0);
    second.batch(fast, [], [], [admit(fast, 0), admit(fast, 1)]);
    expect(second.figures().overshoot).toBe(1);
  });

  it("counts slots that stay free while people wait, and says why", () => {
    const state = open(3, 60);
    state.line.add(new Uint8Array(16), 0);
    const tally = new Tally(0);
    state.clock = 1_000;
    state.presenceUnknownUntil = 2_000;
    tally.batch(state, [], [], []);
    state.clock = 3_000;
    tally.batch(state, [], [], []);
    state.clock = 4_000;
    tally.batch(state, [], [], []);
    expect(tally.figures().idleSlotSeconds).toEqual({ restart: 6, absent: 3 });
  });

  it("adds up what lobbies report, and forgets the sockets of one that has gone silent", () => {
    const tally = new Tally(0);
    const report = {
      sockets: 7,
      latency: { ...emptyHistogram(LATENCY_BOUNDS_SECONDS), sum: 2 },
      waits: emptyHistogram(WAIT_BOUNDS_SECONDS),
      promises: { kept: 2, sooner: 0, later: 1 },
      shed: 1,
      repeated: 0,
    };
    tally.report("queue/0", report, 0);
    tally.report("queue/1", { ...report, latency: { counts: [1], sum: 99 } }, 30_000);
    expect(tally.sockets(40_000)).toBe(14);
    expect(tally.sockets(70_000)).toBe(7);
    expect(tally.figures()).toMatchObject({ promises: { kept: 4, later: 2 }, shed: 2, latency: { sum: 2 } });
  });
});

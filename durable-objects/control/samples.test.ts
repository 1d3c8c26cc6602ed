import { describe, expect, it } from "vitest";
import { statusOf } from "../performance/admission/status.ts";
import type { Figures } from "../performance/contract.ts";
import { emptyState } from "../performance/state.ts";
import { Tally } from "../performance/tally.ts";
import { parseSample, sampleOf, thinned } from "./samples.ts";

const figures: Figures = {
  status: {
    ...statusOf(emptyState("00000000-0000-4000-8000-000000000001"), 10_000),
    phase: "open",
    joined: 12,
    front: 5,
    waiting: 6,
    present: 4,
    sessions: 3,
    capacity: 3,
    ratePerMinute: 60,
    flowPerMinute: 5,
    waits: [
      [0, 1, 9],
      [6, 60, 120],
    ],
    seatsLeft: { R: 8 },
    seatsVersion: 3,
  },
  admittedTotal: 6,
  absent: 1,
  returned: 0,
  grades: [{ grade: "R", total: 10, free: 8, sold: 2, value: 200 }],
  calls: 150,
  seatsByStatus: { free: 8, sold: 2 },
  ordersByStatus: { paid: 1 },
  outboxDepth: 2,
  oldestOutboxAt: 7_500,
  unknownPayments: 0,
  oldestUnknownPaymentAt: null,
  sockets: 0,
  holds: 0,
  openRefunds: 0,
  refundsWithoutAccount: 0,
  oldestOpenRefundAt: null,
  tally: new Tally(0).figures(),
};

describe("a sample", () => {
  it("says how long the last one in line is told to wait, how old the outbox is, and how busy the object was", () => {
    expect(sampleOf(figures, { at: 5_000, calls: 100 }, 7)).toMatchObject({
      at: 10_000,
      shownWait: [60, 120],
      outboxSeconds: 2.5,
      callsPerSecond: 10,
      answerMs: 7,
      grades: [["R", 10, 8, 2, 200]],
    });
  });

  it("counts nothing twice when the object has started again", () => {
    expect(sampleOf(figures, { at: 5_000, calls: 9_999 }, 7).callsPerSecond).toBe(0);
    expect(sampleOf(figures, null, 7).callsPerSecond).toBe(0);
  });

  it("is read back as it was written, and nothing else is taken for one", () => {
    const sample = sampleOf(figures, null, 7);
    expect(parseSample(JSON.stringify(sample))).toEqual(sample);
    for (const body of ["", "null", "{}", '{"at":"1"}', '{"at":1}']) expect(parseSample(body)).toBeNull();
  });
});

describe("a history", () => {
  it("keeps its course and its newest sample, and never more than asked for", () => {
    const samples = Array.from({ length: 10_000 }, (_, at) => ({ at: at * 1_000 }));
    const kept = thinned(samples, 500);
    expect(kept.length).toBeLessThanOrEqual(500);
    expect(kept.length).toBeGreaterThan(450);
    expect(kept.at(-1)).toBe(samples.at(-1));
    const gaps = kept.slice(1).map((sample, index) => sample.at - (kept[index]?.at ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(21_000);
    expect(thinned(samples.slice(0, 10), 500)).toHaveLength(10);
    expect(thinned([], 5)).toEqual([]);
  });
});

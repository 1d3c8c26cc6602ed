import { describe, expect, it } from "vitest";
import { type Seen, worries } from "./worries.ts";

const sample = {
  at: 0,
  phase: "open",
  waiting: 100,
  capacity: 50,
  ratePerMinute: 600,
  outboxSeconds: 1,
  answerMs: 20,
  unknownPayments: 0,
};
type One = typeof sample;
const seen = (change: Partial<One>, more: Partial<Seen> = {}): Seen => ({
  link: "live",
  silent: false,
  samples: [{ ...sample, ...change }],
  attempts: null,
  ...more,
});

describe("whether all is well", () => {
  it("has nothing to say of a sale that runs, is paused, or has not been seen yet", () => {
    expect(worries(seen({}))).toEqual([]);
    expect(worries(seen({ phase: "paused", capacity: 0 }))).toEqual([]);
    expect(worries(seen({}, { samples: [], link: "connecting" }))).toEqual([]);
    expect(worries(seen({ waiting: 0, capacity: 0 }))).toEqual([]);
    expect(worries(seen({ outboxSeconds: 30, answerMs: 1_000 }))).toEqual([]);
  });

  it.each([
    ["shut", { capacity: 0 }],
    ["shut", { ratePerMinute: 0 }],
    ["slow", { answerMs: 1_001 }],
    ["records-late", { outboxSeconds: 31 }],
  ] as const)("says %s of %j", (worry, change) => {
    expect(worries(seen(change))).toEqual([worry]);
  });

  it("says when nobody answers, before everything else", () => {
    expect(worries(seen({ outboxSeconds: 99 }, { link: "offline", silent: true }))).toEqual([
      "offline",
      "silent",
      "records-late",
    ]);
  });

  it("waits a minute before it worries about a payment whose outcome is unknown", () => {
    const course = (...unknown: readonly number[]): Seen["samples"] =>
      unknown.map((unknownPayments, index) => ({ ...sample, at: index * 30_000, unknownPayments }));
    expect(worries(seen({}, { samples: course(0, 1, 2) }))).toEqual([]);
    expect(worries(seen({}, { samples: course(0, 1, 2, 1) }))).toEqual(["payments-unknown"]);
    expect(worries(seen({}, { samples: course(1, 1, 0, 1) }))).toEqual([]);
    expect(worries(seen({}, { samples: course(1, 1, 1, 0) }))).toEqual([]);
  });

  it("takes some declined cards for granted", () => {
    const of = (declined: number, approved: number) => worries(seen({}, { attempts: { declined, approved } }));
    expect(of(10, 5)).toEqual([]);
    expect(of(5, 95)).toEqual([]);
    expect(of(6, 14)).toEqual(["payments-declined"]);
  });
});

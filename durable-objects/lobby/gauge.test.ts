import { describe, expect, it } from "vitest";
import type { QueueState } from "./contract.ts";
import { Tally } from "../performance/tally.ts";
import { Gauge } from "./gauge.ts";

const told = (fromSeconds: number, toSeconds: number) => ({ wait: { fromSeconds, toSeconds } }) as QueueState;

describe("a lobby's gauge", () => {
  it("judges the first range somebody was told by when they came in", () => {
    const gauge = new Gauge();
    for (const entry of ["in time", "early", "late", "left"]) gauge.told(entry, told(10, 20), 0);
    gauge.told("late", told(0, 1_000), 5_000);
    gauge.stands("in time", "waiting", 1_000);
    gauge.stands("in time", "admitted", 15_000);
    gauge.stands("early", "admitted", 9_000);
    gauge.stands("late", "admitted", 21_000);
    gauge.stands("left", "ended", 15_000);
    gauge.stands("left", "admitted", 15_000);
    const report = gauge.take(() => 3, 30_000);
    expect(report).toMatchObject({ sockets: 3, promises: { kept: 1, sooner: 1, later: 1 }, waits: { sum: 45 } });
  });

  it("reports once a second, and each thing once", () => {
    const gauge = new Gauge();
    gauge.answered(7);
    gauge.shed();
    expect(gauge.take(() => 0, 5_000)).toMatchObject({ shed: 1, latency: { sum: 0.007 } });
    gauge.answered(9);
    gauge.calls.ended("performance", "ok", 0.25);
    gauge.calls.opened("performance");
    expect(gauge.take(() => 0, 5_900)).toBeNull();
    const second = gauge.take(() => 0, 6_000);
    expect(second).toMatchObject({ shed: 0, latency: { sum: 0.009 } });
    const calls = { ended: { performance: { ok: 1 } }, seconds: { performance: 0.25 }, openings: { performance: 1 } };
    expect(second?.calls).toEqual(calls);
    // The object adds them to its own, and what was reported is not reported again.
    const tally = new Tally(0);
    tally.calls.ended("performance", "failed", null);
    if (second !== null) tally.report("queue/0", second, 6_000);
    expect(tally.figures().calls?.ended).toEqual({ performance: { failed: 1, ok: 1 } });
    expect(gauge.take(() => 0, 7_000)?.calls).toBeUndefined();
  });
});

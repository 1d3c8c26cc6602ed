/** Settings of a simulated sale, drawn so that every limit is met. */
import { GENERAL } from "../../durable-objects/performance/admission/turns.ts";
import type { Verification } from "../../durable-objects/performance/contract.ts";
import { LANES } from "./charts.ts";
import type { Random } from "./random.ts";

interface Known {
  readonly seed: number;
  readonly start: number;
  readonly laned: boolean;
  readonly verification: Verification;
}

export function someSettings(random: Random, { seed, start, laned, verification }: Known) {
  const gathers = random.chance(0.4);
  return {
    gatherAt: gathers ? start : null,
    openAt: gathers ? start + 300_000 : start,
    closeAt: start + 86_400_000,
    capacity: 1 + random.below(8),
    ratePerMinute: 1 + random.below(30),
    holdSeconds: 60 + random.below(240),
    paymentSeconds: 60 + random.below(420),
    depositMinutes: 10 + (seed % 10),
    bookingSeconds: 60 + random.below(240),
    cancellation: {
      rules: [{ daysBefore: 1, daysSince: null, percent: 10, perSeat: random.chance(0.5) ? 4_000 : null }],
    },
    releaseEverySeconds: random.chance(0.4) ? 60 + random.below(600) : 0,
    releaseJitterSeconds: random.below(120),
    absenceGraceSeconds: random.below(600),
    lanes: laned ? LANES : GENERAL,
    verification,
  };
}

/** What a crowd that wanders off and comes back meets: limits, idle slots, order, and whether the promised waits come true. */
import { runCrowd, type CrowdPlan, type CrowdResult } from "../crowd/crowd.ts";
import { median, shown, type Measured } from "../report.ts";
import type { Lab, Study } from "../study.ts";

const common = { people: 20_000, away: 0.3, back: 0.1, seconds: 40_000 } as const;

/** Limited by the slots, by the rate, and by few slots; with people who are quick, who vary, and who take their time. */
export const sales: readonly (CrowdPlan & { readonly name: string })[] = [
  {
    ...common,
    name: "500 slots, one to seven minutes each",
    seed: 1,
    settings: { capacity: 500, ratePerMinute: 1_200 },
    booking: (random) => 60 + random.next() * 360,
  },
  {
    ...common,
    name: "500 slots, mostly quick and some to the end",
    seed: 2,
    settings: { capacity: 500, ratePerMinute: 1_200 },
    booking: (random) => Math.min(570, -150 * Math.log(1 - random.next())),
  },
  {
    ...common,
    name: "2,000 slots and 300 admissions a minute, five to ten minutes each",
    seed: 3,
    settings: { capacity: 2_000, ratePerMinute: 300 },
    booking: (random) => 300 + random.next() * 280,
  },
  {
    ...common,
    name: "100 slots, one to seven minutes each",
    people: 5_000,
    seed: 4,
    settings: { capacity: 100, ratePerMinute: 600 },
    booking: (random) => 60 + random.next() * 360,
  },
];

export const fairness: Study = {
  figures: [
    { name: "overshoot", unit: "people", target: 0, better: "lower" },
    { name: "idle_slot_share", unit: "share", target: 0.01, better: "lower" },
    { name: "overtaken", unit: "people", target: 0, better: "lower" },
    { name: "wait_range_coverage", unit: "share", target: 0.9, better: "higher" },
  ],
  measure: (lab) => Promise.resolve(measure(lab)),
};

function measure(lab: Lab): Readonly<Record<string, Measured>> {
  const met = sales.map((plan) => {
    lab.say(`a crowd of ${plan.people.toLocaleString("en-US")}: ${plan.name}`);
    return runCrowd(plan);
  });
  const worst = (figure: (result: CrowdResult) => number, pick: (...values: number[]) => number): number =>
    pick(...met.map(figure));
  const admissions = met.reduce((sum, result) => sum + result.admissions, 0);
  const hours = met.reduce((sum, result) => sum + result.seconds, 0) / 3_600;
  const crowd =
    `${admissions.toLocaleString("en-US")} admissions in ${shown(hours)} hours of virtual time, ${sales.length} sales, ` +
    "30 % of the people away at any time and 10 % of the passed-over back within the grace";
  const widths = met.map((result) => median(result.widths));
  const promises = met.reduce((sum, result) => sum + result.promises, 0);
  return {
    overshoot: {
      value: worst((result) => result.overshoot, Math.max),
      note: `most above capacity or rate at any commit; ${crowd}`,
    },
    idle_slot_share: {
      value: worst((result) => result.idleShare, Math.max),
      note:
        "free though both limits permitted and somebody present waited, the alarm up to 50 ms late; worst sale. " +
        `Slots given to people who never showed up, reported separately: ${shown(worst((result) => result.noShowShare, Math.max))}`,
    },
    overtaken: {
      value: worst((result) => result.overtaken, Math.max),
      note: "present and admitted after somebody behind them",
    },
    wait_range_coverage: {
      value: worst((result) => result.kept / result.promises, Math.min),
      note:
        `worst sale; ${promises.toLocaleString("en-US")} looks at the range by people who stayed until their turn; ` +
        `median width of a range ${shown(Math.min(...widths))} to ${shown(Math.max(...widths))} of the wait`,
    },
  };
}

/**
 * What all scripts share: the plan they are given, who a fan of k6 is, how long everything lasts, and what has to be true.
 * The load goes to this machine only, unless K6_DEPLOYMENT=1 says that a deployment is meant.
 */
import { SharedArray } from "k6/data";
import execution from "k6/execution";
import type { Plan } from "./plan.ts";

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/?$/;
/** For leaving in good order when the time is up. */
const LAST_ORDERS_SECONDS = 10;

const file = __ENV["K6_PLAN"];
if (file === undefined) throw new Error("K6_PLAN names no plan: k6/README.md says how to make one.");

const onDeployment = __ENV["K6_DEPLOYMENT"] === "1";

const tokens = new SharedArray<string>("tokens", () => (JSON.parse(open(file)) as Plan).tokens);
const facts = new SharedArray<Omit<Plan, "tokens">>("plan", () => {
  const { tokens: _, ...rest } = JSON.parse(open(file)) as Plan;
  return [rest];
})[0];
if (facts === undefined || tokens.length === 0) throw new Error(`The plan in ${file} has no fans.`);
export const plan = facts;

for (const url of [plan.origin, plan.tossUrl]) {
  if (url !== null && !onDeployment && !LOOPBACK.test(url))
    throw new Error(`${url} is not on this machine: K6_DEPLOYMENT=1 says that it is meant.`);
}

/** Which of the fans this one is, from 0. */
export function fanIndex(): number {
  return (execution.vu.idInTest - 1) % tokens.length;
}

export function fanToken(): string {
  return tokens[fanIndex()] ?? "";
}

/** At most these milliseconds at the 99th percentile, by the name of a request. Judged on a deployment only. */
export type Latencies = Readonly<Record<string, number>>;

/** Every fan of the plan comes once, and all of them have gone when the time is up. */
export function everyFanOnce(latencies: Latencies, more: Readonly<Record<string, readonly string[]>> = {}): object {
  const perRequest = Object.entries(latencies).map(
    ([name, milliseconds]) => [`http_req_duration{name:${name}}`, [`p(99)<${milliseconds}`]] as const,
  );
  return {
    scenarios: {
      fans: {
        executor: "per-vu-iterations",
        vus: tokens.length,
        iterations: 1,
        maxDuration: `${plan.seconds + LAST_ORDERS_SECONDS}s`,
        gracefulStop: "0s",
      },
    },
    thresholds: {
      checks: ["rate==1"],
      // An answer that a script does not expect counts as failed; see Fan.ask.
      http_req_failed: ["rate==0"],
      rules_broken: ["count==0"],
      fans_finished: [`count==${tokens.length}`],
      ...more,
      ...(onDeployment ? Object.fromEntries(perRequest) : {}),
    },
    summaryTrendStats: ["med", "p(95)", "p(99)", "max"],
  };
}

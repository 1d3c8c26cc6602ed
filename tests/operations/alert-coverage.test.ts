/**
 * Nothing that tells somebody is untested: every rule of alerts.yml is made to fire and to end in alerts.test.yml, by series
 * that go on, and whatever the Worker tells by itself begins, ends and does not flood. What to do is in the runbook.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { operationsFolder } from "../../dev/operations-docs.ts";
import type { AlertRow } from "../../workers/records/alerts.ts";
import { conditionNames, conditionsOf, type ConditionName } from "../../workers/watch/alerts/conditions.ts";
import { plan } from "../../workers/watch/alerts/notices.ts";
import type { Sources } from "../../workers/watch/metrics/family.ts";
import { figures, SALE, sources } from "./figures.ts";

const MINUTE = 60_000;
const read = (file: string): string => readFileSync(path.join(operationsFolder, file), "utf8");
/** A scalar as these files write it: plain, or in JSON's quotes. */
const scalar = (text: string): string => (text.startsWith('"') ? (JSON.parse(text) as string) : text);

interface Case {
  readonly alert: string;
  readonly minute: number;
  readonly fires: boolean;
}
interface Tested {
  readonly name: string;
  /** Samples of each of its series. */
  readonly lengths: readonly number[];
  readonly cases: readonly Case[];
}

/** Names of rules, with the address in the runbook that each leads to. */
function rulesIn(text: string): ReadonlyMap<string, string> {
  const entries = text.split(/^ {6}- alert: /m).slice(1);
  return new Map(
    entries.map((entry): [string, string] => {
      const [name = ""] = entry.split("\n");
      return [name.trim(), scalar(/^ {10}runbook: (.*)$/m.exec(entry)?.[1] ?? "")];
    }),
  );
}

function testsIn(text: string): readonly Tested[] {
  const entries = text.split(/^ {2}- name: /m).slice(1);
  return entries.map((entry) => ({
    name: scalar(entry.split("\n")[0] ?? ""),
    lengths: Array.from(entry.matchAll(/^ {8}values: (.*)$/gm), (match) => samplesIn(scalar(match[1] ?? ""))),
    cases: entry
      .split(/^ {6}- alertname: /m)
      .slice(1)
      .map((one) => ({
        alert: one.split("\n")[0]?.trim() ?? "",
        minute: Number(/eval_time: (\d+)m/.exec(one)?.[1] ?? Number.NaN),
        fires: !/exp_alerts: \[\]/.test(one) && /- exp_labels:/.test(one),
      })),
  }));
}

/** In promtool's notation `1x4` is one sample and four more, `_` none. */
function samplesIn(values: string): number {
  return values.split(/\s+/).reduce((sum, part) => sum + 1 + Number(/x(\d+)$/.exec(part)?.[1] ?? 0), 0);
}

/** What is wrong with the tests of a rule. */
function gaps(alert: string, tests: readonly Tested[]): readonly string[] {
  const own = tests.filter(({ cases }) => cases.some((one) => one.alert === alert));
  const fires = own.flatMap(({ cases }) => cases.filter((one) => one.alert === alert && one.fires));
  if (fires.length === 0) return ["never fires"];
  const ends = own.flatMap(({ cases, lengths }) => {
    const first = Math.min(...cases.filter((one) => one.alert === alert && one.fires).map(({ minute }) => minute));
    const last = Math.min(...lengths) - 1;
    // A series that has ended ends every alert: that shows nothing of the rule.
    return cases.filter(({ minute, ...one }) => one.alert === alert && !one.fires && minute > first && minute <= last);
  });
  return ends.length === 0 ? ["never ends"] : [];
}

describe("every rule of alerts.yml", () => {
  const rules = rulesIn(read("alerts.yml"));
  const tests = testsIn(read("alerts.test.yml"));

  it("is read as it is written", () => {
    expect(rules.size).toBe(read("alerts.yml").match(/\balert:/g)?.length);
    expect(rules.size).toBeGreaterThan(20);
    expect(tests.flatMap(({ cases }) => cases).length).toBe(read("alerts.test.yml").match(/alertname:/g)?.length);
    expect(tests.flatMap(({ cases }) => cases).every(({ minute }) => Number.isInteger(minute))).toBe(true);
  });

  it.each(Array.from(rules.keys()))("%s is made to fire and to end, and the runbook says what to do", (alert) => {
    expect(gaps(alert, tests)).toEqual([]);
    const address = rules.get(alert) ?? "";
    expect(address).toBe(`docs/operations/runbook.md#${alert.toLowerCase()}`);
    const entry = new RegExp(`^### ${alert}\\n\\n([^#]+)`, "m").exec(read("runbook.md"))?.[1] ?? "";
    expect(entry.trim().length).toBeGreaterThan(80);
  });

  it("would be missed without its cases", () => {
    const [alert = ""] = rules.keys();
    const without = (drop: (one: Case) => boolean): readonly Tested[] =>
      tests.map((one) => ({ ...one, cases: one.cases.filter((each) => !drop(each)) }));
    expect(gaps("NoSuchAlert", tests)).toEqual(["never fires"]);
    expect(
      gaps(
        alert,
        without(({ fires }) => fires),
      ),
    ).toEqual(["never fires"]);
    expect(
      gaps(
        alert,
        without(({ fires, minute }) => !fires && minute > 0),
      ),
    ).toEqual(["never ends"]);
    const ended = tests.map((one) => ({ ...one, lengths: [3] }));
    expect(gaps(alert, ended)).toEqual(["never ends"]);
  });
});

const calm = figures({ unknownPayments: 0, oldestUnknownPaymentAt: null, outboxDepth: 0, oldestOutboxAt: null });
const ofSale = (change: Parameters<typeof figures>[0] = {}): Partial<Sources> => ({
  now: 20 * MINUTE,
  sales: [{ id: SALE, figures: figures({ ...calm, ...change }) }],
});
const ofRecords = (change: Partial<NonNullable<Sources["records"]>>): Partial<Sources> => {
  const { records } = sources();
  if (records === null) throw new Error("no records");
  return { sales: [], records: { ...records, ...change } };
};

/** For each thing that is told: figures in which it is so. A condition without an entry here does not compile. */
const so: Readonly<Record<ConditionName, Partial<Sources>>> = {
  "unknown-payments": ofSale({ unknownPayments: 1, oldestUnknownPaymentAt: 14 * MINUTE }),
  "open-refunds": ofSale({ openRefunds: 1, oldestOpenRefundAt: 4 * MINUTE }),
  "records-behind": ofSale({ outboxDepth: 9, oldestOutboxAt: 14 * MINUTE }),
  overshoot: ofSale({ tally: { ...calm.tally, overshoot: 1 } }),
  "sold-out": ofSale({ status: { ...calm.status, phase: "soldout" } }),
  "queue-stalled": ofSale({ status: { ...calm.status, sessions: 1, flowPerMinute: 0 } }),
  "opens-without-chart": ofSale({
    seatsByStatus: {},
    status: { ...calm.status, phase: "scheduled", openAt: 29 * MINUTE },
  }),
  "dead-letters": ofRecords({ quarantined: [{ kind: "dead-letter", count: 2 }] }),
  drift: ofRecords({ imbalance: [{ currency: "KRW", amount: 1 }] }),
  "provider-off": { sales: [], offered: { toss: false, stripe: true } },
  "books-differ": ofRecords({ drifts: [{ kind: "capture-missing", count: 1 }] }),
};

/** What is told from minute to minute, as it is kept. */
function told(at: (minute: number) => Partial<Sources>, minutes: number): readonly string[] {
  let rows: readonly AlertRow[] = [];
  const said: string[] = [];
  for (let minute = 0; minute <= minutes; minute++) {
    const now = new Date(minute * MINUTE);
    const planned = plan(rows, conditionsOf(sources(at(minute))), new Set(), now);
    const keys = new Set(planned.notices.map(({ row }) => row.key));
    said.push(...planned.notices.map(({ state, row }) => `${minute} ${row.key.split("/")[0]} ${state}`));
    rows = planned.rows.map((row) => (keys.has(row.key) ? { ...row, toldAt: now } : row));
  }
  return said;
}

describe("what the Worker tells by itself", () => {
  const fine = ofSale();

  it.each(conditionNames)("%s is told once, again after an hour, and once when it is over", (name) => {
    const lasting = (minute: number): Partial<Sources> => (minute >= 2 && minute < 70 ? so[name] : fine);
    expect(told(lasting, 120)).toEqual([`2 ${name} firing`, `62 ${name} firing`, `70 ${name} resolved`]);
  });

  it.each(conditionNames)("%s that comes and goes every minute is told once in ten minutes at most", (name) => {
    const said = told((minute) => (minute % 2 === 0 ? so[name] : fine), 60);
    const firings = said.filter((line) => line.endsWith("firing"));
    expect(firings.length).toBeGreaterThan(0);
    expect(firings.length).toBeLessThanOrEqual(7);
    expect(said.length).toBeLessThanOrEqual(2 * firings.length);
  });

  it("is in the runbook, each beside the alert that is like it", () => {
    const section = /^## Told by the Worker\n([^]*?)^## /m.exec(read("runbook.md"))?.[1] ?? "";
    const rows = Array.from(section.matchAll(/^\| (`.*`) \| (.*) \|$/gm));
    const names = rows.flatMap((row) => Array.from((row[1] ?? "").matchAll(/`([a-z-]+)`/g), (match) => match[1] ?? ""));
    expect(names.toSorted()).toEqual([...conditionNames].toSorted());
    const like = rows.flatMap((row) => (row[2] ?? "").split(", "));
    const rules = rulesIn(read("alerts.yml"));
    expect(like.filter((alert) => !rules.has(alert))).toEqual([]);
  });
});

/** Alert rules and dashboards, checked by Prometheus's own tool, by the list of metrics and by the runbook. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { operationsFiles, operationsFolder } from "../../dev/operations-docs.ts";
import { alertRules } from "../../dev/operations/alert-rules.ts";
import { dashboards } from "../../dev/operations/dashboards.ts";
import { families } from "../../workers/watch/metrics/families.ts";
import { sampleName } from "../../workers/watch/metrics/text.ts";
import { promtool, runPromtool } from "./promtool.ts";

const expressions = [
  ...alertRules.map(({ expr }) => expr),
  ...dashboards.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(([expr]) => expr))),
];

const amtool = spawnSync("amtool", ["--version"]).status === 0;

it.skipIf(!amtool)("what Alertmanager does with the alerts is a configuration it takes", () => {
  const { status, stdout } = spawnSync("amtool", ["check-config", path.join(operationsFolder, "alertmanager.yml")]);
  expect([status, stdout.toString()]).toEqual([0, expect.stringContaining("SUCCESS")]);
});

describe("alerts and dashboards", () => {
  it("are in docs/operations as they are in the code (npm run docs:operations)", () => {
    for (const [file, text] of operationsFiles()) {
      expect(readFileSync(path.join(operationsFolder, file), "utf8"), file).toBe(text);
    }
  });

  it("ask for metrics there are", () => {
    const known = new Set(
      families.flatMap((family) =>
        family.type === "histogram"
          ? ["_bucket", "_sum", "_count"].map((suffix) => `${sampleName(family)}${suffix}`)
          : [sampleName(family)],
      ),
    );
    const asked = expressions.flatMap((expr) => expr.match(/ticketping_[a-z_]+/g) ?? []);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it("of every alert the runbook says what to do", () => {
    const runbook = readFileSync(path.join(operationsFolder, "runbook.md"), "utf8");
    const headings = Array.from(runbook.matchAll(/^### (\w+)$/gm), (match) => match[1] ?? "");
    expect(headings.toSorted()).toEqual(alertRules.map(({ name }) => name).toSorted());
  });

  it.skipIf(!promtool)("pass promtool's check, and each alert fires and ends", () => {
    const rules = runPromtool(["check", "rules", path.join(operationsFolder, "alerts.yml")]);
    expect(rules).toMatchObject({ ok: true });
    expect(rules.said).toContain(`${alertRules.length} rules found`);
    expect(runPromtool(["test", "rules", path.join(operationsFolder, "alerts.test.yml")])).toMatchObject({ ok: true });
  });

  it.skipIf(!promtool)("every query of a dashboard is one Prometheus can parse", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "ticketping-queries-"));
    try {
      const file = path.join(folder, "queries.yml");
      const rules = expressions.map((expr, index) => ({
        record: `query${index}`,
        expr: expr.replaceAll("$performance", ".*"),
      }));
      writeFileSync(file, JSON.stringify({ groups: [{ name: "queries", rules }] }));
      expect(runPromtool(["check", "rules", file])).toMatchObject({ ok: true });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

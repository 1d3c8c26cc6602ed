/** alerts.yml and its tests as promtool reads them. JSON strings are YAML strings. */
import type { AlertRule } from "./alert-rules.ts";

const NOTE = "# Written by npm run docs:operations from dev/operations/alert-rules.ts.\n";
const text = (value: string): string => JSON.stringify(value);

/** The heading of an alert's entry in the runbook. */
function anchorOf(name: string): string {
  return name.toLowerCase();
}

const runbookOf = ({ name }: AlertRule): string => `docs/operations/runbook.md#${anchorOf(name)}`;

export function rulesFile(rules: readonly AlertRule[]): string {
  const entries = rules.map(
    (rule) => `      - alert: ${rule.name}
        expr: ${text(rule.expr)}
        for: ${rule.for}
        labels:
          severity: ${rule.severity}
        annotations:
          summary: ${text(rule.summary)}
          runbook: ${text(runbookOf(rule))}
`,
  );
  return `${NOTE}groups:\n  - name: ticketping\n    rules:\n${entries.join("")}`;
}

export function rulesTestFile(rules: readonly AlertRule[]): string {
  const tests = rules.flatMap((rule) => [rule, ...(rule.also ?? []).map((other) => ({ ...rule, ...other }))]);
  const entries = tests.map((rule) => {
    const series = Object.entries(rule.series).map(
      ([name, values]) => `      - series: ${text(name)}\n        values: ${text(values)}\n`,
    );
    const labels = { severity: rule.severity, ...rule.labels };
    return `  - name: ${text(rule.name)}
    interval: 1m
    input_series:
${series.join("")}    alert_rule_test:
      - alertname: ${rule.name}
        eval_time: 0m
        exp_alerts: []
      - alertname: ${rule.name}
        eval_time: ${rule.firesAt}m
        exp_alerts:
          - exp_labels: ${JSON.stringify(labels)}
            exp_annotations: ${JSON.stringify({ summary: rule.summary, runbook: runbookOf(rule) })}
      - alertname: ${rule.name}
        eval_time: ${rule.overAt}m
        exp_alerts: []
`;
  });
  return `${NOTE}rule_files:\n  - alerts.yml\nevaluation_interval: 1m\ntests:\n${entries.join("")}`;
}

/**
 * npm run docs:metrics: writes docs/metrics.md from the list of metrics (workers/watch/metrics/families.ts). A test says
 * when it has not been run.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { analyticsColumns } from "../workers/watch/metrics/analytics.ts";
import { families } from "../workers/watch/metrics/families.ts";
import type { Family } from "../workers/watch/metrics/family.ts";
import { sampleName } from "../workers/watch/metrics/text.ts";
import { projectRoot } from "./children.ts";

export const metricsPage = path.join(projectRoot, "docs/metrics.md");

const sources: Readonly<Record<Family["from"], string>> = {
  object: "the sale's object",
  Postgres: "Postgres",
  edge: "the Meter, which adds up what isolates count",
  scrape: "the scrape itself",
};

export function metricsDocument(): string {
  const rows = families.map((family) => {
    const labels = family.labels.map((label) => `\`${label}\``).join(", ") || "–";
    return `| \`${sampleName(family)}\` | ${family.type} | ${labels} | ${family.help}. | ${sources[family.from]} |`;
  });
  return `# Metrics

Generated from [families.ts](../workers/watch/metrics/families.ts) by \`npm run docs:metrics\`; a test says when it is out of date.

\`GET /metrics\` answers OpenMetrics text, or the older Prometheus text to who accepts plain text only. It needs
\`Authorization: Bearer\` with the secret \`METRICS_TOKEN\`; without that secret there are no metrics (404).

- No figure comes from the memory of the isolate that answers: sales are asked live, the books are counted in Postgres, and what
  isolates count is added up by the [Meter](../durable-objects/meter/meter.ts), a few seconds late.
- \`performance\` is a performance's id; at most 50 sales are shown (those whose opening is nearest), a closed one for a day more.
  Every other label takes a few values of our own making. Nothing in a label or a value is about a person.
- Counters of a sale are since its object started (\`ticketping_object_started_time_seconds\`); \`joined\` and \`admitted\` are for ever.
- Histograms end in \`_bucket\`, \`_sum\` and \`_count\`; their bounds are in [figures-contract.ts](../durable-objects/performance/figures-contract.ts).
- While Postgres is away its figures are missing, not zero, and sales are still asked (by the list of the last hour).
- Once a minute the main ones are also written to Analytics Engine (binding \`ANALYTICS\`), where there is one.

| metric | type | labels | meaning | from |
| --- | --- | --- | --- | --- |
${rows.join("\n")}

## Analytics Engine

One data point per sale and minute in the dataset \`ticketping\`: \`index1\` is the performance, \`blob1\` the phase, and

${analyticsColumns.map(([name], index) => `- \`double${index + 1}\`: ${name}`).join("\n")}
`;
}

if (import.meta.main) {
  writeFileSync(metricsPage, metricsDocument());
  console.log(`✓ ${families.length} metrics are described in docs/metrics.md.`);
}

/**
 * Metrics as text: OpenMetrics 1.0, which Prometheus asks for, or the older Prometheus text format, which is what
 * `promtool check metrics` reads. They differ in the names of counters' descriptions and in the last line.
 */
import type { Histogram } from "../../../durable-objects/performance/figures-contract.ts";
import type { Family, Labels, Sources } from "./family.ts";

export type Format = "openmetrics" | "prometheus";

export const contentTypes: Readonly<Record<Format, string>> = {
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
};

/** OpenMetrics unless somebody asks for plain text and not for it. */
export function formatFor(accept: string | undefined): Format {
  if (accept === undefined || accept.includes("openmetrics") || !accept.includes("text/plain")) return "openmetrics";
  return "prometheus";
}

export function metricsText(families: readonly Family[], sources: Sources, format: Format): string {
  const text = families.map((family) => familyText(family, sources, format)).join("");
  return format === "openmetrics" ? `${text}# EOF\n` : text;
}

function familyText(family: Family, sources: Sources, format: Format): string {
  const name = `ticketping_${family.name}`;
  const lines =
    family.type === "histogram"
      ? family.samples(sources).flatMap(([labels, histogram]) => bucketLines(name, labels, family.bounds, histogram))
      : family.samples(sources).map(([labels, value]) => `${sampleName(family)}${labelText(labels)} ${value}\n`);
  if (lines.length === 0) return "";
  const described = format === "openmetrics" ? name : sampleName(family);
  return `# TYPE ${described} ${family.type}\n# HELP ${described} ${family.help}.\n${lines.join("")}`;
}

/** The name of a family's samples, as queries use it. */
export function sampleName(family: Pick<Family, "name" | "type">): string {
  return `ticketping_${family.name}${family.type === "counter" ? "_total" : ""}`;
}

/** Buckets are cumulative in both formats. */
function bucketLines(name: string, labels: Labels, bounds: readonly number[], histogram: Histogram): string[] {
  let below = 0;
  const lines = [...bounds, Number.POSITIVE_INFINITY].map((bound, index) => {
    below += histogram.counts[index] ?? 0;
    const le = bound === Number.POSITIVE_INFINITY ? "+Inf" : Number.isInteger(bound) ? `${bound}.0` : String(bound);
    return `${name}_bucket${labelText({ ...labels, le })} ${below}\n`;
  });
  return [
    ...lines,
    `${name}_sum${labelText(labels)} ${histogram.sum}\n`,
    `${name}_count${labelText(labels)} ${below}\n`,
  ];
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

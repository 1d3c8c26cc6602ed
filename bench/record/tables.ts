/** The records as Markdown: what stands between the markers of docs/benchmarks.md and docs/scaling.md. */
import type { Machine, Versions } from "../machine.ts";
import { shown, type Part } from "../report.ts";
import type { GrowthRecord, PartRecord, Recorded } from "./record.ts";

/** One part: where it was measured, a table of its figures, and what is to be said of each. */
export function partTable(part: Part, record: PartRecord | undefined): string {
  if (record === undefined) return `Not recorded yet: \`npm run bench -- ${part} --record\` measures it.`;
  const rows = record.results.map((figure) => `| ${cells(figure).join(" | ")} |`);
  const notes = record.results.map(({ name, note }) => `- \`${name}\`: ${note}`);
  return [
    `\`${record.command}\`, ${placeOf(record)}.`,
    "",
    "| figure | value | lowest to highest | target | |",
    "| --- | ---: | --- | --- | --- |",
    ...rows,
    "",
    ...notes,
  ].join("\n");
}

function cells({ name, value, unit, target, better, ok, range }: Recorded): readonly string[] {
  const bound = better === "higher" ? "≥" : "≤";
  return [
    `\`${name}\``,
    `${shown(value)} ${unit}`.trim(),
    range === undefined ? "" : range.map(shown).join(" – "),
    target === null ? "" : `${bound} ${shown(target)}`,
    target === null ? "" : ok ? "met" : "missed",
  ];
}

function placeOf({
  on,
  machine,
  versions,
}: {
  readonly on: string;
  readonly machine: Machine;
  readonly versions: Versions;
}): string {
  const { cores, cpu, memoryGb, system, load } = machine;
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${on}: ${cores} cores of ${cpu}, ${shown(memoryGb)} GB, ${system}; load before it ${load}; ${named.join(", ")}`;
}

/** Every size of a sale, a line each. */
export function growthTable(record: GrowthRecord): string {
  const head = [
    ...["people", "lobbies", "joining: calls", "rows", "CPU µs a person"],
    ...["a minute: calls", "rows", "object CPU ms", "lobbies' CPU ms", "leases", "frames", "frame bytes", "news"],
    ...["MB", "start CPU ms"],
  ];
  const rows = record.sizes.map(({ people, lobbies, joins, minute, memoryMb, resumeMs }) => [
    ...[people, lobbies, joins.calls, joins.rows, (joins.cpuMs * 1_000) / people],
    ...[minute.calls, minute.rows, minute.cpuMs, minute.lobbyCpuMs],
    ...[minute.leases, minute.frames, minute.frameBytes, minute.news, memoryMb, resumeMs],
  ]);
  const short = (value: number): string => shown(Number(value.toPrecision(value >= 1_000 ? 12 : 3)));
  return [
    `| ${head.join(" | ")} |`,
    `|${" ---: |".repeat(head.length)}`,
    ...rows.map((row) => `| ${row.map(short).join(" | ")} |`),
    "",
    `Counted on ${placeOf(record)}.`,
  ].join("\n");
}

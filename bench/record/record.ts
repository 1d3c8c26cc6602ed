/**
 * What was measured, kept in the repository: docs/benchmarks.json, a part at a time, so that one may be measured again without
 * the others, and docs/scaling.json. Tables and pictures are made of these two files and of nothing else.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { projectRoot } from "../../dev/children.ts";
import { parts, type Part, type Report } from "../report.ts";

const benchmarksFile = path.join(projectRoot, "docs/benchmarks.json");
const scalingFile = path.join(projectRoot, "docs/scaling.json");

const About = z.object({
  /** The day, in UTC. */
  on: z.iso.date(),
  machine: z.object({ cpu: z.string(), cores: z.number(), memoryGb: z.number(), system: z.string(), load: z.number() }),
  versions: z.record(z.string(), z.string()),
});

const Recorded = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  target: z.number().nullable(),
  better: z.enum(["higher", "lower"]),
  ok: z.boolean(),
  note: z.string(),
  range: z.tuple([z.number(), z.number()]).optional(),
  detail: z.record(z.string(), z.number()).optional(),
});

const PartRecord = About.extend({ command: z.string(), results: z.array(Recorded) });
const BenchmarksRecord = z.partialRecord(z.enum(parts), PartRecord);

export type Recorded = z.infer<typeof Recorded>;
export type PartRecord = z.infer<typeof PartRecord>;
export type BenchmarksRecord = z.infer<typeof BenchmarksRecord>;

const GrowthRecord = About.extend({
  sizes: z.array(
    z.object({
      people: z.number(),
      lobbies: z.number(),
      joins: z.object({ calls: z.number(), rows: z.number(), cpuMs: z.number() }),
      minute: z.object({
        calls: z.number(),
        rows: z.number(),
        cpuMs: z.number(),
        leases: z.number(),
        lobbyCpuMs: z.number(),
        frames: z.number(),
        frameBytes: z.number(),
        news: z.number(),
      }),
      memoryMb: z.number(),
      resumeMs: z.number(),
    }),
  ),
});

export type GrowthRecord = z.infer<typeof GrowthRecord>;

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** What the repository has; a part that was never measured is not in it. */
export function readBenchmarks(): BenchmarksRecord {
  return existsSync(benchmarksFile) ? BenchmarksRecord.parse(JSON.parse(readFileSync(benchmarksFile, "utf8"))) : {};
}

export function readGrowth(): GrowthRecord {
  return GrowthRecord.parse(JSON.parse(readFileSync(scalingFile, "utf8")));
}

/**
 * The records with one part measured again, and the others as they were. Null where a figure of it could not be measured: what
 * was known before is worth more than half a part.
 */
export function withPart(
  known: BenchmarksRecord,
  part: Part,
  report: Report,
  { on, command }: { readonly on: string; readonly command: string },
): BenchmarksRecord | null {
  const results: Recorded[] = [];
  for (const { part: of, value, ...rest } of report.results) {
    if (of !== part) continue;
    if (value === null) return null;
    results.push(Recorded.parse({ value, ...rest }));
  }
  const next = { ...known, [part]: { on, command, machine: report.machine, versions: report.versions, results } };
  return BenchmarksRecord.parse(
    Object.fromEntries(parts.flatMap((name) => (next[name] === undefined ? [] : [[name, next[name]]]))),
  );
}

export function writeBenchmarks(record: BenchmarksRecord): string {
  return write(benchmarksFile, record);
}

export function writeGrowth(record: GrowthRecord): string {
  return write(scalingFile, record);
}

function write(file: string, record: unknown): string {
  // Processor time has no more than four digits to say.
  const rounded = (_: string, value: unknown): unknown =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  writeFileSync(file, `${JSON.stringify(record, rounded, 2)}\n`);
  return path.relative(process.cwd(), file);
}

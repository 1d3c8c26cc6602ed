/** What a benchmark run found: one document, or the same as a table. */
import type { Machine, Versions } from "./machine.ts";

export const parts = ["admission", "predecessor", "seats", "gate", "pages", "records"] as const;
export type Part = (typeof parts)[number];

export interface Result {
  readonly part: Part;
  readonly name: string;
  /** Null when it could not be measured: an error, never a guess. */
  readonly value: number | null;
  readonly unit: string;
  /** Null where no target is set. */
  readonly target: number | null;
  readonly better: "higher" | "lower";
  /** Measured, and the target met where there is one. */
  readonly ok: boolean;
  readonly note: string;
  /** Lowest and highest, where the value is the median of several runs. */
  readonly range?: readonly [low: number, high: number];
  /** What the value is made of, or what was found beside it: numbers that pictures are drawn from. */
  readonly detail?: Readonly<Record<string, number>>;
}

export interface Report {
  readonly machine: Machine;
  readonly versions: Versions;
  readonly results: readonly Result[];
}

/** Everything known about a figure before it is measured. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly target: number | null;
  readonly better: "higher" | "lower";
}

export interface Measured extends Pick<Result, "note" | "range" | "detail"> {
  readonly value: number;
}

export function resultOf(part: Part, figure: Figure, measured: Measured): Result {
  const value = rounded(measured.value);
  const { target, better } = figure;
  const ok = target === null || (better === "higher" ? value >= target : value <= target);
  const { note, range, detail } = measured;
  return {
    part,
    ...figure,
    value,
    ok,
    note,
    ...(range === undefined ? {} : { range: [rounded(range[0]), rounded(range[1])] as const }),
    ...(detail === undefined ? {} : { detail: roundedAll(detail) }),
  };
}

export function missing(part: Part, figure: Figure, reason: string): Result {
  return { part, ...figure, value: null, ok: false, note: `not measured: ${reason}` };
}

/** Four significant digits: more would claim a precision no run has. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

function roundedAll(detail: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, rounded(value)]));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 1 ? middle : middle - 1];
  if (upper === undefined || lower === undefined) throw new Error("a median of nothing");
  return (upper + lower) / 2;
}

/** The median, with lowest and highest beside it. */
export function spread(values: readonly number[], about = ""): Measured {
  const range = [Math.min(...values), Math.max(...values)] as const;
  const note = `median of ${values.length} runs, ${shown(range[0])} to ${shown(range[1])}${about === "" ? "" : `; ${about}`}`;
  return { value: median(values), note, range };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error("a percentile of nothing");
  return value;
}

/** How the values are spread, for a picture: the value below which each of these shares of them lies. */
export function quantiles(values: readonly number[]): Readonly<Record<string, number>> {
  return Object.fromEntries(QUANTILES.map((share) => [`p${share}`, percentile(values, share / 100)]));
}

const QUANTILES = [1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 100] as const;

export function shown(value: number): string {
  return rounded(value).toLocaleString("en-US", { maximumFractionDigits: 10 });
}

export function table(report: Report): string {
  const { machine, versions } = report;
  const lines = [
    `${machine.cores} cores (${machine.cpu}), ${shown(machine.memoryGb)} GB, ${machine.system}; load ${machine.load}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(" · "),
  ];
  let part: Part | null = null;
  for (const result of report.results) {
    if (result.part !== part) lines.push("", result.part);
    part = result.part;
    const value = result.value === null ? "–" : shown(result.value);
    const bound = result.better === "higher" ? "at least" : "at most";
    const target = result.target === null ? "" : `${bound} ${shown(result.target)}`;
    const figure = `${value.padStart(12)} ${result.unit.padEnd(10)}`;
    lines.push(`  ${result.ok ? "✓" : "✗"} ${result.name.padEnd(30)}${figure} ${target.padEnd(18)} ${result.note}`);
  }
  return lines.join("\n");
}

import { expect, test } from "vitest";
import type { BenchmarksRecord, GrowthRecord } from "../record/record.ts";
import { parts } from "../report.ts";
import { pictures } from "./pictures.ts";
import { powersAround, ticksTo } from "./svg.ts";

const about = {
  on: "2026-11-28",
  command: "npm run bench",
  machine: { cpu: "a processor", cores: 2, memoryGb: 24, system: "Linux", load: 0 },
  versions: {},
};
const figure = (name: string, value: number, detail: Record<string, number>) =>
  ({ name, value, unit: "", target: null, better: "lower", ok: true, note: "", detail }) as const;
const spread = { p1: 10, p50: 500, p99: 4_498, p100: 60_000 };

const benchmarks: BenchmarksRecord = {
  admission: {
    ...about,
    results: [
      figure("join_p99_ms_8000_sockets", 4_498, spread),
      figure("cost_usd_per_million_20min", 1.0936, { "rows <of> joining": 0.0211, "requests & more": 0.6 }),
    ],
  },
  predecessor: {
    ...about,
    results: [
      figure("enter_p50_ms", 500, spread),
      figure("stay_requests_per_second", 122, { ours: 122.4, predecessor: 3_333.33 }),
    ],
  },
  seats: { ...about, results: [figure("holds_ratio_to_redis", 0.94, { Redis: 0.94, "Redis, undisputed": 0.47 })] },
};

const size = (people: number, lobbies: number): GrowthRecord["sizes"][number] => ({
  people,
  lobbies,
  joins: { calls: 12_001, rows: 13_484, cpuMs: 1 },
  minute: {
    calls: 120,
    rows: 1_497,
    cpuMs: 1,
    leases: 3 * people,
    lobbyCpuMs: 1,
    frames: 12 * people,
    frameBytes: 1,
    news: 1,
  },
  memoryMb: 1,
  resumeMs: 1,
});
const growth: GrowthRecord = { ...about, sizes: [size(1_000, 1), size(100_000, 1), size(100_000, 64)] };

const drawn = Object.fromEntries(pictures(benchmarks, growth).map(({ file, svg }) => [file, svg]));

test("every picture has a title, its figures in words, and colours for light and dark", () => {
  expect(Object.keys(drawn).length).toBeGreaterThanOrEqual(6);
  for (const svg of Object.values(drawn)) {
    expect(svg).toMatch(
      /role="img" aria-labelledby="title description">\n<title id="title">.+<\/title>\n<desc id="description">.+<\/desc>/,
    );
    expect(svg).toContain("@media(prefers-color-scheme:dark)");
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  }
});

test("the figures in words are the recorded ones", () => {
  const said = (file: string): string => /<desc id="description">(.+)<\/desc>/.exec(drawn[file] ?? "")?.[1] ?? "";
  expect(said("bench-rivals.svg")).toContain("Redis: 0.94 ×; Redis, undisputed: 0.47 ×.");
  expect(said("bench-cost.svg")).toContain("requests &amp; more: 0.600; rows &lt;of&gt; joining: 0.021.");
  expect(said("bench-requests.svg")).toContain("3,333 /s; here: sockets, a fifth asks when told: 122 /s.");
  expect(said("bench-joining.svg")).toContain("10,000 at once: 0.01 at 1, 0.5 at 50, 4.5 at 99;");
  expect(said("growth-people.svg")).toContain("status frames, a minute: 12k at 1k, 1.2M at 100k;");
  expect(said("growth-lobbies.svg")).toContain("signs of life, a minute: 300k at 1, 300k at 64;");
});

test("what is more is drawn longer", () => {
  const widths = Array.from(
    drawn["bench-requests.svg"]?.matchAll(/<rect class="f." .*? width="([\d.]+)"/g) ?? [],
    ([, width]) => Number(width),
  );
  expect(widths[0]).toBeGreaterThan(10 * (widths[1] ?? 0));
});

test("what was not measured is not drawn", () => {
  for (const { section, svg } of pictures({}, growth))
    expect(svg === null).toBe(parts.some((part) => part === section));
});

test("axes have round numbers around everything there is", () => {
  expect(ticksTo(0.6)).toEqual([0, 0.2, 0.4, 0.6]);
  expect(ticksTo(99)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(powersAround([111, 12_000_000])).toEqual([100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]);
  expect(powersAround([0.47, 24, 1])).toEqual([0.1, 1, 10, 100]);
});

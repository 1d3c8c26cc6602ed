/** Every picture of the documentation's figures, drawn from what is recorded; null where that has not been measured yet. */
import type { BenchmarksRecord, GrowthRecord, Recorded } from "../record/record.ts";
import { shown, type Part } from "../report.ts";
import { drawBars, type Bar } from "./bars.ts";
import { drawLines, type Line } from "./lines.ts";

export interface Drawn {
  /** Where in the documents it is shown. */
  readonly section: Part | "growth";
  readonly file: string;
  readonly title: string;
  readonly svg: string | null;
}

export function pictures(benchmarks: BenchmarksRecord, growth: GrowthRecord): readonly Drawn[] {
  return [
    picture("seats", "bench-rivals.svg", "Seats set aside, against databases on the same machine", (title) =>
      rivals(benchmarks, title),
    ),
    picture("predecessor", "bench-requests.svg", "10,000 people waiting: requests to the server", (title) =>
      requests(benchmarks, title),
    ),
    picture("predecessor", "bench-joining.svg", "From asking to one's place", (title) => joining(benchmarks, title)),
    picture("admission", "bench-cost.svg", "A million people waiting for twenty minutes, in US dollars", (title) =>
      cost(benchmarks, title),
    ),
    picture("growth", "growth-people.svg", "How cost grows with people", (title) => withPeople(growth, title)),
    picture("growth", "growth-lobbies.svg", "How cost grows with lobbies", (title) => withLobbies(growth, title)),
  ];
}

function picture(
  section: Drawn["section"],
  file: string,
  title: string,
  draw: (title: string) => string | null,
): Drawn {
  return { section, file, title, svg: draw(title) };
}

function figure(benchmarks: BenchmarksRecord, part: Part, name: string): Recorded | undefined {
  return benchmarks[part]?.results.find((result) => result.name === name);
}

/** How many times as much as each rival we do in a second; left of one, the rival is faster. */
function rivals(benchmarks: BenchmarksRecord, title: string): string | null {
  const bars = ["holds_ratio_to_postgres", "holds_ratio_to_redis"].flatMap((name) =>
    Object.entries(figure(benchmarks, "seats", name)?.detail ?? {}).map(([against, ratio]): Bar => ({
      name: against,
      value: ratio,
      shown: `${shown(Number(ratio.toPrecision(3)))} ×`,
      series: against.endsWith("undisputed") ? "b" : "a",
    })),
  );
  if (bars.length === 0) return null;
  const subtitle = "our object's rate as a multiple of theirs; below 1 they are faster";
  return drawBars({ title, subtitle, bars, unit: " ×", from: 1 });
}

function requests(benchmarks: BenchmarksRecord, title: string): string | null {
  const { ours, predecessor } = figure(benchmarks, "predecessor", "stay_requests_per_second")?.detail ?? {};
  if (ours === undefined || predecessor === undefined) return null;
  const bar = (name: string, value: number, series: Bar["series"]): Bar => ({
    name,
    value,
    shown: `${shown(Math.round(value))} /s`,
    series,
  });
  const subtitle = "requests a second while everybody waits";
  const bars = [
    bar("predecessor: everybody asks every 3 s", predecessor, "f"),
    bar("here: sockets, a fifth asks when told", ours, "a"),
  ];
  return drawBars({ title, subtitle, bars, unit: "" });
}

function joining(benchmarks: BenchmarksRecord, title: string): string | null {
  const curves = [
    curve("10,000 at once", figure(benchmarks, "predecessor", "enter_p50_ms")),
    curve("8,000 in ten seconds", figure(benchmarks, "admission", "join_p99_ms_8000_sockets")),
  ].filter((one) => one !== null);
  if (curves.length === 0) return null;
  const subtitle = "one runtime and its clients on the machine above; the last 1 % is not drawn";
  return drawLines({ title, subtitle, lines: curves, across: { scale: "even" }, x: "% of them", y: "seconds" });
}

/** Seconds within which a share of people had their answer. The slowest of all says more about a machine than about the others. */
function curve(name: string, from: Recorded | undefined): Line | null {
  const points = Object.entries(from?.detail ?? {})
    .map(([share, ms]) => [Number(share.slice(1)), ms / 1_000] as const)
    .filter(([share]) => share < 100);
  return points.length === 0 ? null : { name, points };
}

function cost(benchmarks: BenchmarksRecord, title: string): string | null {
  const found = figure(benchmarks, "admission", "cost_usd_per_million_20min");
  if (found?.detail === undefined) return null;
  const bars = Object.entries(found.detail)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, value]): Bar => ({ name, value, shown: value.toFixed(3), series: "a" }));
  const subtitle = `${found.value.toFixed(2)} USD together, from counted meters and list prices`;
  return drawBars({ title, subtitle, bars, unit: "" });
}

const COUNTED: readonly (readonly [name: string, of: (size: GrowthRecord["sizes"][number]) => number])[] = [
  ["status frames, a minute", ({ minute }) => minute.frames],
  ["signs of life, a minute", ({ minute }) => minute.leases],
  ["rows of everybody's joining", ({ joins }) => joins.rows],
  ["calls of everybody's joining", ({ joins }) => joins.calls],
  ["rows, a minute of waiting", ({ minute }) => minute.rows],
  ["calls, a minute of waiting", ({ minute }) => minute.calls],
];

function withPeople({ sizes }: GrowthRecord, title: string): string {
  const lobbies = Math.min(...sizes.map((size) => size.lobbies));
  const some = sizes.filter((size) => size.lobbies === lobbies);
  const lines = COUNTED.map(([name, of]) => ({ name, points: some.map((size) => [size.people, of(size)] as const) }));
  const subtitle = `one sale with ${lobbies === 1 ? "one lobby" : `${lobbies} lobbies`}; both axes by powers of ten`;
  const across = { scale: "log", ticks: some.map((size) => size.people) } as const;
  return drawLines({ title, subtitle, lines, across, x: "people", y: "how many" });
}

const CROWD = 100_000;

function withLobbies({ sizes }: GrowthRecord, title: string): string {
  const some = sizes.filter((size) => size.people === CROWD);
  const lines = COUNTED.map(([name, of]) => ({ name, points: some.map((size) => [size.lobbies, of(size)] as const) }));
  const subtitle = `one sale with ${shown(CROWD)} people; both axes by powers`;
  const across = { scale: "log", ticks: some.map((size) => size.lobbies) } as const;
  return drawLines({ title, subtitle, lines, across, x: "lobbies", y: "how many" });
}

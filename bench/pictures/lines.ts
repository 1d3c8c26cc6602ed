/** Lines over a common axis, each with marks of its own shape and its name at its end. */
import {
  at,
  brief,
  line,
  linear,
  logarithmic,
  powersAround,
  svg,
  text,
  ticksTo,
  type Scale,
  type Series,
  SERIES,
} from "./svg.ts";

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Lines {
  readonly title: string;
  readonly subtitle: string;
  readonly lines: readonly Line[];
  /** Both axes logarithmic, with these values on the lower one; or both from 0. */
  readonly across: { readonly scale: "log"; readonly ticks: readonly number[] } | { readonly scale: "even" };
  /** What the lower axis counts, and the other one. */
  readonly x: string;
  readonly y: string;
}

const WIDTH = 800;
const HEIGHT = 400;
const LEFT = 64;
const RIGHT = 270;
const TOP = 84;
const BOTTOM = 52;
const LABEL_APART = 15;

export function drawLines({ title, subtitle, lines, across, x: xName, y: yName }: Lines): string {
  const all = lines.flatMap(({ points }) => points);
  const [xs, ys] = [all.map(([value]) => value), all.map(([, value]) => value)];
  const xTicks = across.scale === "log" ? across.ticks : ticksTo(Math.max(...xs));
  const yTicks = across.scale === "log" ? powersAround(ys) : ticksTo(Math.max(...ys));
  const scaled = (ticks: readonly number[], places: readonly [number, number]): Scale =>
    (across.scale === "log" ? logarithmic : linear)([ticks[0] ?? 0, ticks.at(-1) ?? 1], places);
  const x = scaled(xTicks, [LEFT, WIDTH - RIGHT]);
  const y = scaled(yTicks, [HEIGHT - BOTTOM, TOP]);
  const body = [
    text(20, 48, subtitle, { as: "faint" }),
    ...yTicks.flatMap((tick) => [
      line("grid", LEFT, y(tick), WIDTH - RIGHT, y(tick)),
      text(LEFT - 8, y(tick) + 4, brief(tick), { as: "faint", anchor: "end" }),
    ]),
    ...xTicks.map((tick) => text(x(tick), HEIGHT - BOTTOM + 18, brief(tick), { as: "faint", anchor: "middle" })),
    line("base", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, xName, { as: "faint", anchor: "middle" }),
    text(20, 70, yName, { as: "faint" }),
    ...lines.flatMap(({ points }, index) => drawn(points, SERIES[index % SERIES.length] ?? "a", x, y)),
    ...labels(lines, y),
  ];
  const description = `${subtitle}. ${lines
    .map(({ name, points }) => `${name}: ${points.map(([a, b]) => `${brief(b)} at ${brief(a)}`).join(", ")}`)
    .join("; ")}.`;
  return svg({ title, description, width: WIDTH, height: HEIGHT, body });
}

function drawn(points: Line["points"], series: Series, x: Scale, y: Scale): readonly string[] {
  const path = points.map(([a, b]) => `${at(x(a))},${at(y(b))}`).join(" ");
  return [`<polyline class="line l${series}" points="${path}"/>`, ...points.map(([a, b]) => mark(series, x(a), y(b)))];
}

function mark(series: Series, x: number, y: number): string {
  const shape = (path: string): string => `<path class="f${series}" d="M${at(x)},${at(y)}${path}"/>`;
  if (series === "a") return `<circle class="f${series}" cx="${at(x)}" cy="${at(y)}" r="4"/>`;
  if (series === "b") return shape("m-4,-4h8v8h-8z");
  if (series === "c") return shape("m0,-5l5,9h-10z");
  if (series === "d") return shape("m0,-5l5,5l-5,5l-5,-5z");
  if (series === "e") return shape("m0,5l5,-9h-10z");
  return shape("m-5,-1.5h10v3h-10z");
}

/** At the height of each line's end, pushed apart where two would lie on each other. */
function labels(lines: readonly Line[], y: Scale): readonly string[] {
  const wanted = lines
    .map(({ name, points }, index) => ({
      name: `${name}: ${brief(points.at(-1)?.[1] ?? 0)}`,
      series: SERIES[index % SERIES.length] ?? "a",
      at: y(points.at(-1)?.[1] ?? 1),
    }))
    .toSorted((one, other) => one.at - other.at);
  let free = 0;
  return wanted.flatMap(({ name, series, at: height }) => {
    const place = Math.max(height, free);
    free = place + LABEL_APART;
    return [mark(series, WIDTH - RIGHT + 14, place), text(WIDTH - RIGHT + 26, place + 4, name)];
  });
}

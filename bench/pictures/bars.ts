/** Bars that lie on their side, each with its name before it and its figure behind it. */
import { at, brief, line, linear, logarithmic, powersAround, svg, text, ticksTo, type Series } from "./svg.ts";

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly shown: string;
  readonly series: Series;
}

export interface Bars {
  readonly title: string;
  readonly subtitle: string;
  readonly bars: readonly Bar[];
  readonly unit: string;
  /** Bars start at this value on a logarithmic axis, to either side; without it they start at 0 on an even one. */
  readonly from?: number;
}

const WIDTH = 800;
const NAMES = 340;
const FIGURES = 110;
const TOP = 66;
const ROW = 28;
const THICK = 16;

export function drawBars({ title, subtitle, bars, unit, from }: Bars): string {
  const values = bars.map(({ value }) => value);
  const ticks = from === undefined ? ticksTo(Math.max(...values)) : powersAround([...values, from]);
  const [first = 0, last = 1] = [ticks[0], ticks.at(-1)];
  const x = (from === undefined ? linear : logarithmic)([first, last], [NAMES, WIDTH - FIGURES]);
  const bottom = TOP + bars.length * ROW;
  const base = x(from ?? 0);
  const body = [
    text(20, 48, subtitle, { as: "faint" }),
    ...ticks.flatMap((tick) => [
      line("grid", x(tick), TOP - 4, x(tick), bottom),
      text(x(tick), bottom + 18, `${brief(tick)}${unit}`, { as: "faint", anchor: "middle" }),
    ]),
    ...bars.flatMap(({ name, value, shown, series }, index) => {
      const middle = TOP + index * ROW + ROW / 2;
      const [left, right] = [Math.min(base, x(value)), Math.max(base, x(value))];
      return [
        text(NAMES - 10, middle + 4, name, { anchor: "end" }),
        `<rect class="f${series}" x="${at(left)}" y="${at(middle - THICK / 2)}" width="${at(Math.max(1, right - left))}" height="${THICK}" rx="2"/>`,
        text(right + 6, middle + 4, shown),
      ];
    }),
    line("base", base, TOP - 4, base, bottom),
  ];
  const description = `${subtitle}. ${bars.map(({ name, shown }) => `${name}: ${shown}`).join("; ")}.`;
  return svg({ title, description, width: WIDTH, height: bottom + 34, body });
}

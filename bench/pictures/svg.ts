/**
 * Pictures as text: an SVG with its own background, light or dark as the reader has it, and with its figures in words for whoever
 * does not see it. No two runs draw the same numbers differently.
 */

export interface Picture {
  readonly title: string;
  /** The same in words. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly body: readonly string[];
}

/** Series and bars are told apart by shape and by their label; colour only helps. */
export const SERIES = ["a", "b", "c", "d", "e", "f"] as const;
export type Series = (typeof SERIES)[number];

const LIGHT = { a: "#0969da", b: "#bc4c00", c: "#1a7f37", d: "#8250df", e: "#bf3989", f: "#6e7781" } as const;
const DARK = { a: "#4493f8", b: "#db6d28", c: "#3fb950", d: "#ab7df8", e: "#db61a2", f: "#9198a1" } as const;

const style = (colours: Readonly<Record<Series, string>>, ground: string, ink: string, faint: string, grid: string) =>
  [
    `.ground{fill:${ground}}text{fill:${ink}}.faint{fill:${faint}}.grid{stroke:${grid}}.base{stroke:${faint}}`,
    ...SERIES.map((name) => `.l${name}{stroke:${colours[name]}}.f${name}{fill:${colours[name]}}`),
  ].join("");

const CSS = [
  'text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif}.title{font-size:15px;font-weight:600}',
  ".grid,.base{stroke-width:1}.line{fill:none;stroke-width:2}",
  style(LIGHT, "#ffffff", "#1f2328", "#59636e", "#d1d9e0"),
  `@media(prefers-color-scheme:dark){${style(DARK, "#0d1117", "#f0f6fc", "#9198a1", "#3d444d")}}`,
].join("");

export function svg({ title, description, width, height, body }: Picture): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${CSS}</style>`,
    `<rect class="ground" width="${width}" height="${height}" rx="6"/>`,
    text(20, 28, title, { as: "title" }),
    ...body,
    "</svg>",
  ].join("\n")}\n`;
}

interface TextStyle {
  readonly as?: "title" | "faint";
  readonly anchor?: "start" | "middle" | "end";
}

export function text(x: number, y: number, words: string, { as, anchor = "start" }: TextStyle = {}): string {
  const kind = as === undefined ? "" : ` class="${as}"`;
  const side = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${at(x)}" y="${at(y)}"${kind}${side}>${escaped(words)}</text>`;
}

export function line(kind: "grid" | "base", x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${kind}" x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}"/>`;
}

/** A tenth of a point is less than anybody sees, and keeps the files small. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** From a value to a place on the picture. */
export type Scale = (value: number) => number;

export function linear(values: readonly [from: number, to: number], places: readonly [number, number]): Scale {
  const share = (value: number): number => (value - values[0]) / (values[1] - values[0]);
  return (value) => places[0] + share(value) * (places[1] - places[0]);
}

export function logarithmic(values: readonly [from: number, to: number], places: readonly [number, number]): Scale {
  const scale = linear([Math.log10(values[0]), Math.log10(values[1])], places);
  return (value) => scale(Math.log10(value));
}

/** Round numbers from 0 to at least `most`, about five of them. */
export function ticksTo(most: number): readonly number[] {
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

/** Powers of ten that have all the values between the first and the last. */
export function powersAround(values: readonly number[]): readonly number[] {
  const first = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, index) => Number(`1e${first + index}`));
}

/** As short as a label has to be: 1,000 is 1k. */
export function brief(value: number): string {
  if (value >= 1_000_000) return `${Number((value / 1_000_000).toPrecision(3))}M`;
  if (value >= 1_000) return `${Number((value / 1_000).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}

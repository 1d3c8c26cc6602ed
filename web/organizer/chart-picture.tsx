/**
 * A picture of a chart: every seat a dot in its grade's colour. Drawn on a canvas, because a stadium has sixty thousand of
 * them; a person who cannot see it is told how many there are.
 */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ChartPicture as Chart } from "../calls/charts.ts";
import { useDark } from "../page/dark.ts";
import { PickArea } from "./pick-area.tsx";
import { type Box, seatsOf } from "./picking.ts";

/** CSS pixels: as high as the plan asks for at this width, within these. */
const LOWEST = 220;
const HIGHEST = 460;
const MARGIN = 1;
/** A zone without an outline is drawn as a band this high below the seats. */
const BAND = 3;

interface Props {
  readonly chart: Chart;
  readonly grades: readonly string[];
  readonly label: string;
  readonly stage: string;
  /** A colour for a seat by its index in chart order, instead of its grade's. */
  readonly colours?: (index: number) => string | null;
  /** Told which part of the chart was pressed or drawn around, in units of the chart. */
  readonly onPick?: (box: Box) => void;
}

export function ChartPicture({ chart, grades, label, stage, colours, onPick }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useDark();
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const paint = (): void => draw(element, chart, grades, stage, colours);
    paint();
    const watcher = new ResizeObserver(paint);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [chart, grades, stage, colours, dark]);
  const picture = <canvas ref={canvas} role="img" aria-label={label} height={LOWEST} />;
  if (onPick === undefined) return <figure class="chart-picture">{picture}</figure>;
  return (
    <PickArea
      onBox={(box) => {
        if (canvas.current !== null) onPick(boxOnChart(chart, canvas.current.clientWidth, box));
      }}
    >
      {picture}
    </PickArea>
  );
}

/** A press means the seat it is in. */
function boxOnChart(chart: Chart, width: number, box: Box): Box {
  const { bounds, scale, left } = fitOf(chart, width);
  const margin = box.left === box.right && box.top === box.bottom ? scale / 2 : 0;
  return {
    left: (box.left - margin - left) / scale + bounds.left,
    right: (box.right + margin - left) / scale + bounds.left,
    top: (box.top - margin) / scale + bounds.top,
    bottom: (box.bottom + margin) / scale + bounds.top,
  };
}

/** Where a chart lies on a canvas of this width, in CSS pixels. */
function fitOf(chart: Chart, width: number) {
  const bounds = boundsOf(chart, seatsOf(chart));
  const [across, down] = [bounds.right - bounds.left, bounds.bottom - bounds.top];
  const height = Math.round(Math.min(HIGHEST, Math.max(LOWEST, (down * width) / across)));
  const scale = Math.min(width / across, height / down);
  return { bounds, height, scale, left: (width - across * scale) / 2 };
}

export function gradeColour(styles: CSSStyleDeclaration, index: number): string {
  return styles.getPropertyValue(`--grade-${index % 6}`).trim() || "#777";
}

function draw(
  canvas: HTMLCanvasElement,
  chart: Chart,
  grades: readonly string[],
  stage: string,
  colours: Props["colours"],
): void {
  const context = canvas.getContext("2d");
  const width = canvas.clientWidth;
  if (context === null || width === 0) return;
  const density = Math.min(3, devicePixelRatio);
  const styles = getComputedStyle(canvas);
  const colourOf = (grade: string): string => gradeColour(styles, Math.max(0, grades.indexOf(grade)));
  const seats = seatsOf(chart);
  const { bounds, height, scale, left } = fitOf(chart, width);
  canvas.width = width * density;
  canvas.height = height * density;
  canvas.style.height = `${height}px`;
  const x = (at: number): number => (left + (at - bounds.left) * scale) * density;
  const y = (at: number): number => (at - bounds.top) * scale * density;

  context.fillStyle = styles.getPropertyValue("--line").trim();
  if (chart.stage !== null) polygon(context, chart.stage, x, y);
  else {
    const middle = (bounds.left + bounds.right) / 2;
    const half = Math.max(3, (bounds.right - bounds.left) * 0.3);
    context.fillRect(x(middle - half), y(bounds.top + 0.3), 2 * half * scale * density, 1.6 * scale * density);
  }
  const size = Math.max(1, scale * density * 0.72);
  context.font = `${Math.max(9 * density, Math.min(13 * density, scale * density))}px sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = styles.color;
  context.fillText(stage, width * density * 0.5, chart.stage === null ? y(bounds.top + 1.1) : y(middleOf(chart.stage)));
  chart.zones.forEach((zone, index) => {
    context.fillStyle = colourOf(zone.grade);
    context.globalAlpha = 0.35;
    const outline = zone.outline ?? bandOf(bounds, index, chart.zones.length);
    polygon(context, outline, x, y);
    context.globalAlpha = 1;
    context.fillStyle = styles.color;
    context.fillText(
      `${zone.name} · ${zone.capacity}`,
      x(outline.reduce((sum, [at]) => sum + at, 0) / outline.length),
      y(middleOf(outline)),
    );
  });
  seats.forEach((seat, index) => {
    context.fillStyle = colours?.(index) ?? colourOf(seat.grade);
    context.fillRect(x(seat.x) - size / 2, y(seat.y) - size / 2, size, size);
  });
}

type Point = readonly [x: number, y: number];

function boundsOf(chart: Chart, seats: readonly { readonly x: number; readonly y: number }[]) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const include = (x: number, y: number): void => {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  };
  for (const seat of seats) include(seat.x, seat.y);
  for (const [x, y] of [...(chart.stage ?? []), ...chart.zones.flatMap(({ outline }) => outline ?? [])]) include(x, y);
  if (left === Infinity) [left, top, right, bottom] = [0, 0, 20, 0];
  const bands = chart.zones.some(({ outline }) => outline === null) ? BAND + 1 : 0;
  return {
    left: left - MARGIN,
    right: right + MARGIN,
    top: top - MARGIN - (chart.stage === null ? 3 : 0),
    bottom: bottom + MARGIN + bands,
  };
}

function bandOf(bounds: ReturnType<typeof boundsOf>, index: number, count: number): readonly Point[] {
  const width = (bounds.right - bounds.left) / count;
  const from = bounds.left + index * width + 0.3;
  const to = from + width - 0.6;
  const top = bounds.bottom - BAND - 0.3;
  return [
    [from, top],
    [to, top],
    [to, top + BAND],
    [from, top + BAND],
  ];
}

const middleOf = (outline: readonly Point[]): number => outline.reduce((sum, [, y]) => sum + y, 0) / outline.length;

function polygon(
  context: CanvasRenderingContext2D,
  corners: readonly Point[],
  x: (at: number) => number,
  y: (at: number) => number,
): void {
  context.beginPath();
  for (const [at, down] of corners) context.lineTo(x(at), y(down));
  context.closePath();
  context.fill();
}

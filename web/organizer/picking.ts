/** Which seats of a chart somebody means: those in a rectangle on the picture, or a row by its name. */
import type { ChartPicture } from "../calls/charts.ts";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

type Seat = ChartPicture["sections"][number]["rows"][number]["seats"][number];

/** In chart order, which is the order of their statuses. */
export function seatsOf(chart: ChartPicture): readonly Seat[] {
  return chart.sections.flatMap(({ rows }) => rows.flatMap(({ seats }) => seats));
}

/** Ids of the seats whose middle lies in the box, in units of the chart. */
export function seatsWithin(chart: ChartPicture, box: Box): readonly string[] {
  return seatsOf(chart)
    .filter(({ x, y }) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom)
    .map(({ id }) => id);
}

export function seatsOfRow(chart: ChartPicture, section: string, row: string): readonly string[] {
  const found = chart.sections.find(({ id }) => id === section)?.rows.find(({ label }) => label === row);
  return (found?.seats ?? []).map(({ id }) => id);
}

/** All of them are picked already: then they are put back; otherwise all are picked. */
export function toggled(picked: ReadonlySet<string>, seats: readonly string[]): ReadonlySet<string> {
  if (seats.length > 0 && seats.every((id) => picked.has(id)))
    return new Set([...picked].filter((id) => !seats.includes(id)));
  return new Set([...picked, ...seats]);
}

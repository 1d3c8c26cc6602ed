/** A line over time, drawn by uPlot; what it shows last is said in words below it. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { language } from "../../i18n/language.ts";
import { useDark } from "../../page/dark.ts";
import { gradeColour } from "../chart-picture.tsx";

const HEIGHT = 180;

export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** Which of the grades' colours, or the accent. */
  readonly colour?: number;
  /** A limit rather than a measurement: dashed and faint. */
  readonly limit?: boolean;
}

interface Props {
  readonly title: string;
  /** Milliseconds. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly empty?: string;
}

export function Chart({ title, times, series, empty }: Props): JSX.Element {
  const chosen = useStore(language);
  const dark = useDark();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const names = series.map(({ name }) => name).join("\n");
  const data: uPlot.AlignedData = [times.map((ms) => ms / 1_000), ...series.map(({ values }) => [...values])];
  const newest = useRef(data);
  newest.current = data;

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    plot.current = new uPlot(optionsOf(element, series, chosen), newest.current, element);
    const watcher = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
    // Made again for other series, words or colours; new figures are only handed over, below.
  }, [names, chosen, dark]);
  useEffect(() => plot.current?.setData(newest.current), [times, series]);

  const number = (value: number): string => value.toLocaleString(chosen, { maximumFractionDigits: 1 });
  const nothing = series.every(({ values }) => values.every((value) => value === null));
  return (
    <figure class="chart">
      <figcaption>
        <strong>{title}</strong>
        <span class="chart-legend">
          {nothing && empty !== undefined
            ? empty
            : series.map(({ name, values, colour = 0, limit = false }) => {
                const last = values.findLast((value) => value !== null);
                return (
                  <span key={name} class={`chart-key grade-${colour % 6} ${limit ? "chart-limit" : ""}`}>
                    {name} <strong>{last === undefined || last === null ? "–" : number(last)}</strong>
                  </span>
                );
              })}
        </span>
      </figcaption>
      <div ref={place} class="chart-place" aria-hidden="true" />
    </figure>
  );
}

function optionsOf(element: HTMLElement, series: readonly Series[], chosen: string): uPlot.Options {
  const styles = getComputedStyle(element);
  const ink = styles.getPropertyValue("--faint").trim();
  const line = styles.getPropertyValue("--line").trim();
  const clock = new Intl.DateTimeFormat(chosen, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const exact = new Intl.DateTimeFormat(chosen, { timeStyle: "medium", hourCycle: "h23" });
  const axis = {
    stroke: ink,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
    font: "12px system-ui",
  };
  return {
    width: element.clientWidth || 300,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.08)] } },
    axes: [
      {
        ...axis,
        // Marks less than a minute apart would all read the same without their seconds.
        values: (_plot, marks) => {
          const close = (marks[1] ?? 0) - (marks[0] ?? 0) < 60;
          return marks.map((mark) => (close ? exact : clock).format(mark * 1_000));
        },
        space: 76,
        size: 34,
      },
      {
        ...axis,
        size: 56,
        values: (_plot, marks) =>
          marks.map((mark) => mark.toLocaleString(chosen, { notation: "compact", maximumFractionDigits: 1 })),
      },
    ],
    series: [
      {},
      ...series.map(({ name, colour = 0, limit = false }) => ({
        label: name,
        stroke: limit ? ink : gradeColour(styles, colour),
        width: limit ? 1 : 2,
        ...(limit ? { dash: [6, 5] } : {}),
        points: { show: false },
        spanGaps: true,
      })),
    ],
  };
}

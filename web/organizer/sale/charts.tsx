/** The course of the sale: people, speed, waits, seats, health. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import type { Sample } from "../../calls/control.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { Chart } from "./chart.tsx";
import type { WaitPoint } from "./waits.ts";

const MINUTE = 60;

export function Charts({
  samples,
  waits,
}: {
  readonly samples: readonly Sample[];
  readonly waits: readonly WaitPoint[];
}): JSX.Element {
  const t = useStore(controlText);
  const times = samples.map(({ at }) => at);
  const of = (pick: (sample: Sample) => number): readonly number[] => samples.map(pick);
  const minutes = (seconds: number | null): number | null => (seconds === null ? null : seconds / MINUTE);
  const grades = samples.at(-1)?.grades ?? [];
  return (
    <section class="charts" aria-label={t.charts}>
      <Chart
        title={t.chartPeople}
        times={times}
        series={[
          { name: t.waiting, values: of(({ waiting }) => waiting), colour: 0 },
          { name: t.present, values: of(({ present }) => present), colour: 2 },
          { name: t.absent, values: of(({ absent }) => absent), colour: 3 },
        ]}
      />
      <Chart
        title={t.chartSessions}
        times={times}
        series={[
          { name: t.sessions, values: of(({ sessions }) => sessions), colour: 1 },
          { name: t.capacity, values: of(({ capacity }) => capacity), limit: true, colour: 5 },
        ]}
      />
      <Chart
        title={t.chartFlow}
        times={times}
        series={[{ name: t.flow, values: of(({ flowPerMinute }) => flowPerMinute), colour: 2 }]}
      />
      <Chart
        title={t.chartWait}
        times={times}
        empty={t.noWait}
        series={[
          { name: t.measured, values: waits.map(({ measured }) => minutes(measured)), colour: 4 },
          { name: t.shownFrom, values: waits.map(({ from }) => minutes(from)), limit: true, colour: 5 },
          { name: t.shownTo, values: waits.map(({ to }) => minutes(to)), limit: true, colour: 5 },
        ]}
      />
      <Chart
        title={t.chartSold}
        times={times}
        series={grades.map(({ grade }, index) => ({
          name: grade,
          values: samples.map((sample) => sample.grades.find((one) => one.grade === grade)?.sold ?? 0),
          colour: index,
        }))}
      />
      <Chart
        title={t.chartHealth}
        times={times}
        series={[
          { name: t.outbox, values: of(({ outboxSeconds }) => outboxSeconds), colour: 3 },
          { name: t.answer, values: of(({ answerMs }) => answerMs), colour: 1 },
        ]}
      />
    </section>
  );
}

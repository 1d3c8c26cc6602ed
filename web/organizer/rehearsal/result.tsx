/** What came of a rehearsal, in sentences first. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { Problem } from "../../api.ts";
import type { RehearsalResult } from "../../calls/rehearsal.ts";
import { rehearsalText } from "../../i18n/ko/rehearsal.ts";
import { language } from "../../i18n/language.ts";
import { sentenceOf } from "../../page/sentence.ts";
import { Chart } from "../sale/chart.tsx";

interface Props {
  readonly fans: number;
  readonly result: RehearsalResult;
}

export function Result({ fans, result }: Props): JSX.Element {
  const t = useStore(rehearsalText);
  const chosen = useStore(language);
  const n = (value: number): string => value.toLocaleString(chosen);
  const time = (seconds: number): string =>
    seconds < 120 ? t.seconds({ n: n(seconds) }) : t.minutes({ n: n(Math.round(seconds / 60)) });
  const { points, waits, checks } = result;
  // The charts' axis shows the time of day: midnight is the opening.
  const midnight = new Date().setHours(0, 0, 0, 0);
  const times = points.map(({ second }) => midnight + second * 1_000);
  const refusals = Object.entries(result.refusals).toSorted(([, a], [, b]) => b - a);
  return (
    <section class="card form" data-rehearsal="done">
      <h2>{t.result({ fans: n(fans) })}</h2>
      <p>
        <strong>
          {result.soldOutAfter === null
            ? t.notSoldOut({ seats: n(result.seats), sold: n(result.sold) })
            : t.soldOut({ time: time(result.soldOutAfter) })}
        </strong>
      </p>
      <p>{t.admitted({ admitted: n(result.admitted), orders: n(result.orders), left: n(result.leftWaiting) })}</p>
      {waits !== null && (
        <p>{t.waits({ half: time(waits.half), most: time(waits.most), longest: time(waits.longest) })}</p>
      )}
      <ul class="checks">
        <Check good={checks.capacity} kept={t.capacityKept} broken={t.capacityBroken} />
        <Check good={checks.rate} kept={t.rateKept} broken={t.rateBroken} />
        <Check good={checks.soldOnce} kept={t.soldOnceKept} broken={t.soldOnceBroken} />
      </ul>
      <div class="charts">
        <Chart
          title={t.chartPeople}
          times={times}
          series={[
            { name: t.waiting, values: points.map(({ waiting }) => waiting), colour: 0 },
            { name: t.sessions, values: points.map(({ sessions }) => sessions), colour: 1 },
          ]}
        />
        <Chart
          title={t.chartSold}
          times={times}
          series={[{ name: t.sold, values: points.map(({ sold }) => sold), colour: 2 }]}
        />
      </div>
      <h3>{t.refusals}</h3>
      {refusals.length === 0 && <p class="faint">{t.noRefusals}</p>}
      <ul class="rows">
        {refusals.map(([code, many]) => (
          <li key={code}>
            <span>
              {sentenceOf(new Problem(409, { code, title: code }, null))} <span class="faint code">{code}</span>
            </span>
            <strong>{n(many)}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Check({ good, kept, broken }: { good: boolean; kept: string; broken: string }): JSX.Element {
  return (
    <li data-check={good ? "good" : "bad"} class={good ? "" : "field-error"}>
      {good ? "✓" : "✗"} {good ? kept : broken}
    </li>
  );
}

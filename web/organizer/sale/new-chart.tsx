/** Another plan for a date while it sells: checked first, and refused where it touches seats that somebody has or had. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { changeChart, type Untouchable, untouchablesIn } from "../../calls/charts.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { speak } from "../../page/speak.ts";
import { ChartFile, useChoosing } from "../chart-file.tsx";

interface Props {
  readonly id: string;
  readonly scheduleId: string;
  readonly onChanged: () => void;
}

const SHOWN = 20;

export function NewChart({ id, scheduleId, onChanged }: Props): JSX.Element {
  const t = useStore(controlText);
  const choosing = useChoosing();
  const { checked, busy, trouble } = choosing;
  const [done, setDone] = useState("");
  const refused = trouble instanceof Problem && trouble.code === "chart-touches-seats" ? trouble.evidence : null;

  const change = (): Promise<void> =>
    choosing.use(async () => {
      setDone("");
      await changeChart(id, scheduleId, checked?.chart);
      choosing.forget();
      setDone(t.chartChanged);
      speak(t.chartChanged);
      onChanged();
    });
  return (
    <details class="group">
      <summary data-action="new-chart">{t.newChart}</summary>
      <p class="faint">{t.newChartLead}</p>
      <ChartFile
        id="new-chart-file"
        name=""
        choosing={choosing}
        evidence={refused !== null && <Touched {...untouchablesIn(refused)} />}
      />
      {done !== "" && busy === null && trouble === null && checked === null && (
        <p class="faint" role="status" data-said="chart-changed">
          {done}
        </p>
      )}
      <button
        type="button"
        class="button"
        data-action="change-chart"
        disabled={busy !== null || checked === null || checked.chart === null}
        onClick={() => void change()}
      >
        {busy === "use" ? t.chartChanging : t.changeChart}
      </button>
    </details>
  );
}

function Touched({ count, seats }: ReturnType<typeof untouchablesIn>): JSX.Element {
  const t = useStore(controlText);
  const changes: Readonly<Record<string, string>> = {
    removed: t.chartRemoves,
    renamed: t.chartRenames,
    moved: t.chartMoves,
    regraded: t.chartRegrades,
    changed: t.chartAlters,
  };
  const reasons: Readonly<Record<string, string>> = {
    sold: t.seatsSold,
    blocked: t.seatsBlocked,
    ordered: t.seatsOrdered,
    returning: t.seatsReturning,
  };
  const line = ({ id, change, because }: Untouchable): string =>
    `${id} · ${changes[change] ?? change} · ${reasons[because] ?? t.seatsHeld}`;
  return (
    <ul class="findings" data-untouchable={count}>
      {seats.slice(0, SHOWN).map((seat) => (
        <li key={seat.id}>{line(seat)}</li>
      ))}
      {count > SHOWN && <li class="faint">{t.chartMore({ n: count - SHOWN })}</li>}
    </ul>
  );
}

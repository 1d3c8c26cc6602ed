/** Another plan for a date while it sells: checked first, and refused where it touches seats that somebody has or had. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { changeChart, type Checked, type Untouchable, untouchablesIn } from "../../calls/charts.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { editText } from "../../i18n/ko/edit.ts";
import { Labelled } from "../../page/labelled.tsx";
import { Alert } from "../../page/load.tsx";
import { sentenceOf } from "../../page/sentence.ts";
import { speak } from "../../page/speak.ts";
import { checkFile, Report } from "../chart-report.tsx";

interface Props {
  readonly id: string;
  readonly scheduleId: string;
  readonly onChanged: () => void;
}

type Refused = ReturnType<typeof untouchablesIn>;

const SHOWN = 20;

export function NewChart({ id, scheduleId, onChanged }: Props): JSX.Element {
  const t = useStore(controlText);
  const words = useStore(editText);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [busy, setBusy] = useState<"check" | "change" | null>(null);
  const [trouble, setTrouble] = useState("");
  const [refused, setRefused] = useState<Refused | null>(null);
  const [done, setDone] = useState("");

  async function work(what: "check" | "change", act: () => Promise<void>): Promise<void> {
    setBusy(what);
    setTrouble("");
    setRefused(null);
    setDone("");
    try {
      await act();
    } catch (error) {
      setTrouble(error instanceof SyntaxError ? words.chartUnreadable : sentenceOf(error));
      if (error instanceof Problem && error.code === "chart-touches-seats") setRefused(untouchablesIn(error.evidence));
    }
    setBusy(null);
  }

  function read(file: File): void {
    setChecked(null);
    void work("check", async () => setChecked(await checkFile(file, "")));
  }

  const change = (): Promise<void> =>
    work("change", async () => {
      await changeChart(id, scheduleId, checked?.chart);
      setChecked(null);
      setDone(t.chartChanged);
      speak(t.chartChanged);
      onChanged();
    });
  return (
    <details class="group">
      <summary data-action="new-chart">{t.newChart}</summary>
      <p class="faint">{t.newChartLead}</p>
      <Labelled id="new-chart-file" label={words.chartFile} hint={words.chartFileHint}>
        {(attributes) => (
          <input
            {...attributes}
            type="file"
            accept=".json,.csv,application/json,text/csv"
            disabled={busy !== null}
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file !== undefined) read(file);
            }}
          />
        )}
      </Labelled>
      {busy === "check" && <p role="status">{words.checking}</p>}
      {trouble !== "" && (
        <Alert text={trouble}>{refused !== null && <Touched count={refused.count} seats={refused.seats} />}</Alert>
      )}
      {checked !== null && <Report checked={checked} />}
      {done !== "" && (
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
        {busy === "change" ? t.chartChanging : t.changeChart}
      </button>
    </details>
  );
}

function Touched({ count, seats }: Refused): JSX.Element {
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

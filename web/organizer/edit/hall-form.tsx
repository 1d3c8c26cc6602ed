/** A new hall: name, address, time zone, and its plan from a file or from a few numbers, checked before it is kept. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { chartOfNumbers, createHall } from "../../calls/charts.ts";
import type { Hall } from "../../calls/organizer.ts";
import { editText } from "../../i18n/ko/edit.ts";
import { Labelled } from "../../page/labelled.tsx";
import { TextField } from "../../page/text-field.tsx";
import { ChartFile, useChoosing } from "../chart-file.tsx";

const zones: readonly string[] = Intl.supportedValuesOf("timeZone");

export function HallForm({ onDone }: { readonly onDone: (hall: Hall) => void }): JSX.Element {
  const t = useStore(editText);
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const [zone, setZone] = useState("Asia/Seoul");
  const choosing = useChoosing();
  const { checked, busy } = choosing;
  const save = (): Promise<void> =>
    choosing.use(async () => {
      onDone(await createHall({ name: name.trim(), address: address.trim(), timeZone: zone, chart: checked?.chart }));
    });
  const ready = checked !== null && checked.chart !== null && name.trim() !== "" && address.trim() !== "";
  return (
    <section class="group hall-form" aria-label={t.hallNew}>
      <h3>{t.hallNew}</h3>
      <div class="form-pair">
        <TextField id="hall-name" label={t.hallName} value={name} onInput={setName} />
        <TextField id="hall-address" label={t.hallAddress} value={address} onInput={setAddress} />
      </div>
      <Labelled id="hall-zone" label={t.hallZone}>
        {(attributes) => (
          <select {...attributes} value={zone} onChange={(event) => setZone(event.currentTarget.value)}>
            {zones.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        )}
      </Labelled>
      <ChartFile
        id="chart-file"
        name={name}
        choosing={choosing}
        otherwise={
          <Numbers
            busy={busy !== null}
            onMake={(block) => void choosing.check(() => chartOfNumbers({ name: name.trim() || "Hall", ...block }))}
          />
        }
      />
      <button
        type="button"
        class="button"
        data-action="save-hall"
        disabled={!ready || busy !== null}
        onClick={() => void save()}
      >
        {busy === "use" ? t.hallSaving : t.hallSave}
      </button>
    </section>
  );
}

interface NumbersProps {
  readonly busy: boolean;
  readonly onMake: (block: { rows: number; seats: number; grade: string; standing: number }) => void;
}

function Numbers({ busy, onMake }: NumbersProps): JSX.Element {
  const t = useStore(editText);
  const [rows, setRows] = useState("10");
  const [seats, setSeats] = useState("20");
  const [grade, setGrade] = useState("R");
  const [standing, setStanding] = useState("0");
  const whole = (text: string, most: number): number | null => {
    const number = Number(text);
    return text.trim() !== "" && Number.isInteger(number) && number >= 0 && number <= most ? number : null;
  };
  const block = [whole(rows, 200), whole(seats, 500), whole(standing, 60_000)] as const;
  const [rowCount, seatCount, places] = block;
  const good =
    rowCount !== null &&
    seatCount !== null &&
    places !== null &&
    grade.trim() !== "" &&
    rowCount * seatCount + places > 0;
  return (
    <details>
      <summary data-action="numbers">{t.chartNumbers}</summary>
      <div class="form-pair">
        <TextField id="rows" label={t.rows} value={rows} onInput={setRows} />
        <TextField id="seats-per-row" label={t.seatsPerRow} value={seats} onInput={setSeats} />
        <TextField id="grade" label={t.gradeName} value={grade} onInput={setGrade} />
        <TextField id="standing" label={t.standing} value={standing} onInput={setStanding} />
      </div>
      <button
        type="button"
        class="button quiet"
        data-action="make-chart"
        disabled={!good || busy}
        onClick={() => good && onMake({ rows: rowCount, seats: seatCount, grade: grade.trim(), standing: places })}
      >
        {t.make}
      </button>
    </details>
  );
}

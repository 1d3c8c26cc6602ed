/** The two limits by slider, with what they would do, before they are set. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Sample, setLimits } from "../../calls/control.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { language } from "../../i18n/language.ts";
import { Labelled } from "../../page/labelled.tsx";
import { useAct } from "./act.ts";
import { Said } from "./said.tsx";
import { type Forecast, whatIf } from "./what-if.ts";

interface Props {
  readonly id: string;
  readonly sample: Sample;
  readonly bookingSeconds: number;
}

export function LimitSliders({ id, sample, bookingSeconds }: Props): JSX.Element {
  const t = useStore(controlText);
  const act = useAct();
  const [capacity, setCapacity] = useState<number | null>(null);
  const [rate, setRate] = useState<number | null>(null);
  // What was set is what holds: from then on the field follows the sale again, and not before, or what was typed while the
  // answer was on its way would be lost.
  useEffect(() => {
    if (capacity === sample.capacity) setCapacity(null);
    if (rate === sample.ratePerMinute) setRate(null);
  }, [sample.capacity, sample.ratePerMinute]);
  const wanted = { capacity: capacity ?? sample.capacity, ratePerMinute: rate ?? sample.ratePerMinute };
  const sold = sample.grades.reduce((sum, grade) => sum + grade.sold, 0);
  const free = sample.grades.reduce((sum, grade) => sum + grade.free, 0);
  const situation = {
    waiting: sample.waiting,
    sessions: sample.sessions,
    admitted: sample.admitted,
    flowPerMinute: sample.flowPerMinute,
    seatsFree: free,
    seatsSold: sold,
    bookingSeconds,
  };
  const changed = wanted.capacity !== sample.capacity || wanted.ratePerMinute !== sample.ratePerMinute;
  return (
    <section class="card form" aria-label={t.limits}>
      <h2>{t.limits}</h2>
      <Slider
        id="capacity"
        label={t.capacityField}
        value={wanted.capacity}
        most={Math.max(500, sample.capacity * 4)}
        onChange={setCapacity}
      />
      <Slider
        id="rate"
        label={t.rateField}
        value={wanted.ratePerMinute}
        most={Math.max(1_000, sample.ratePerMinute * 2)}
        onChange={setRate}
      />
      <div data-forecast={changed ? "other" : "now"} role="status" aria-live="off">
        <strong>{changed ? t.whatIf : t.whatNow}</strong>
        <ForecastWords forecast={whatIf(situation, wanted)} waiting={sample.waiting} free={free} />
      </div>
      <button
        type="button"
        class="button"
        data-action="apply-limits"
        disabled={!changed || act.busy}
        onClick={() => void act.run(() => setLimits(id, wanted), t.applied)}
      >
        {t.apply}
      </button>
      <Said act={act} />
    </section>
  );
}

interface SliderProps {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

/** A slider for the hand and a field for the exact number; both are the same value. */
function Slider({ id, label, value, most, onChange }: SliderProps): JSX.Element {
  const take = (text: string): void => {
    const number = Number(text);
    if (text.trim() !== "" && Number.isInteger(number) && number >= 0 && number <= 1_000_000) onChange(number);
  };
  return (
    <Labelled id={id} label={label}>
      {(attributes) => (
        <span class="slider">
          <input
            type="range"
            min={0}
            max={most}
            step={1}
            value={Math.min(value, most)}
            aria-label={label}
            data-slider={id}
            onInput={(event) => take(event.currentTarget.value)}
          />
          <input
            {...attributes}
            type="text"
            inputMode="numeric"
            value={String(value)}
            onInput={(event) => take(event.currentTarget.value)}
          />
        </span>
      )}
    </Labelled>
  );
}

interface ForecastProps {
  readonly forecast: Forecast;
  readonly waiting: number;
  /** Seats nobody has. */
  readonly free: number;
}

function ForecastWords({ forecast, waiting, free }: ForecastProps): JSX.Element {
  const t = useStore(controlText);
  const chosen = useStore(language);
  const n = (value: number): string => value.toLocaleString(chosen, { maximumFractionDigits: value < 10 ? 1 : 0 });
  const time = (minutes: number): string =>
    minutes < 1 ? t.underMinute : t.minutes({ n: Math.ceil(minutes).toLocaleString(chosen) });
  if (free === 0) return <p>{t.whatIfNoSeats}</p>;
  if (forecast.perMinute === 0) return <p>{t.whatIfNothing}</p>;
  return (
    <>
      <p>{t.whatIfFlow({ n: n(forecast.perMinute) })}</p>
      <p>
        {forecast.soldOutMinutes === null ? t.whatIfUnsold : t.whatIfSoldOut({ time: time(forecast.soldOutMinutes) })}
      </p>
      {forecast.lastWaitMinutes !== null && waiting > 0 && (
        <p>
          {t.whatIfWait({
            time: time(forecast.lastWaitMinutes),
            waiting: waiting.toLocaleString(chosen),
            served: forecast.served.toLocaleString(chosen),
          })}
        </p>
      )}
    </>
  );
}

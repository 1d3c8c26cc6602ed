/** The hall as it sells: which seats are free, taken for a moment, sold. One date at a time, and only while it is looked at. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { type ChartPicture as Chart, readChart } from "../../calls/charts.ts";
import type { DraftDate } from "../../calls/organizer.ts";
import { dateTimeText } from "../../format/dates.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { language } from "../../i18n/language.ts";
import { Labelled } from "../../page/labelled.tsx";
import { useLoad, WhenLoaded } from "../../page/load.tsx";
import { ChartPicture } from "../chart-picture.tsx";
import { NewChart } from "./new-chart.tsx";
import { seatColours, countsOf } from "./seat-colours.ts";
import type { Watch } from "./watch.ts";

interface Props {
  readonly id: string;
  readonly watch: Watch;
  readonly dates: readonly DraftDate[];
  readonly zone: string;
  readonly onChanged: () => void;
}

export function Seats({ id, watch, dates, zone, onChanged }: Props): JSX.Element {
  const t = useStore(controlText);
  const chosen = useStore(language);
  const [shown, setShown] = useState("");
  const date = dates.find(({ id }) => id === shown);
  return (
    <section class="card form" aria-label={t.seats}>
      <h2>{t.seats}</h2>
      <Labelled id="seats-of" label={t.seatsOf}>
        {(attributes) => (
          <select
            {...attributes}
            value={shown}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setShown(value);
              watch.look(value === "" ? null : value);
            }}
          >
            <option value="">{t.seatsNone}</option>
            {dates
              .filter(({ publishedAt }) => publishedAt !== null)
              .map(({ id, startsAt }) => (
                <option key={id} value={id}>
                  {dateTimeText(startsAt, zone, chosen)}
                </option>
              ))}
          </select>
        )}
      </Labelled>
      {date !== undefined && (
        <>
          <Hall key={date.hallId} date={date} watch={watch} />
          <NewChart key={date.id} id={id} scheduleId={date.id} onChanged={onChanged} />
        </>
      )}
    </section>
  );
}

function Hall({ date, watch }: { readonly date: DraftDate; readonly watch: Watch }): JSX.Element {
  const chart = useLoad(() => readChart(date.hallId));
  return <WhenLoaded of={chart}>{(one) => <Map chart={one} watch={watch} />}</WhenLoaded>;
}

function Map({ chart, watch }: { readonly chart: Chart; readonly watch: Watch }): JSX.Element {
  const t = useStore(controlText);
  const chosen = useStore(language);
  const { seats } = useStore(watch.state);
  const statuses = useMemo(() => (seats?.sections ?? []).map((section) => section.statuses).join(""), [seats]);
  const colours = useMemo(() => seatColours(statuses), [statuses]);
  const { free, sold } = countsOf(statuses);
  const n = (value: number): string => value.toLocaleString(chosen);
  const label = t.seatsLabel({ sold: n(sold), free: n(free) });
  return (
    <>
      <p class="seat-key">
        <span class="key key-free">{t.seatsFree}</span>
        <span class="key key-held">{t.seatsHeld}</span>
        <span class="key key-sold">{t.seatsSold}</span>
        <span class="key key-blocked">{t.seatsBlocked}</span>
      </p>
      <ChartPicture chart={chart} grades={[]} label={label} stage={t.stage} colours={colours} />
      <p class="faint" data-seats-sold={sold}>
        {label}
      </p>
    </>
  );
}

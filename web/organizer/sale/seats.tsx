/**
 * The hall as it sells: which seats are free, taken for a moment, sold, and how many of each grade. One date at a time, and only
 * while it is looked at. Here seats are picked that are to be kept out of the sale.
 */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { type ChartPicture as Chart, readChart } from "../../calls/charts.ts";
import type { GradeFigures } from "../../calls/control.ts";
import type { DraftDate } from "../../calls/organizer.ts";
import { dateTimeText } from "../../format/dates.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { manageText } from "../../i18n/ko/manage.ts";
import { language } from "../../i18n/language.ts";
import { useDark } from "../../page/dark.ts";
import { Labelled } from "../../page/labelled.tsx";
import { useLoad, WhenLoaded } from "../../page/load.tsx";
import { ChartPicture } from "../chart-picture.tsx";
import { seatsOf, seatsWithin, toggled } from "../picking.ts";
import { Blocks } from "./blocks.tsx";
import { DateChanges } from "./date-changes.tsx";
import { NewChart } from "./new-chart.tsx";
import { countsOf, gradeColours, seatColours, withPicked } from "./seat-colours.ts";
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
  const words = useStore(manageText);
  const chosen = useStore(language);
  const [shown, setShown] = useState("");
  const date = dates.find((one) => one.id === shown);
  const name = ({ startsAt, cancelledAt }: DraftDate): string =>
    dateTimeText(startsAt, zone, chosen) + (cancelledAt === null ? "" : ` · ${words.dateCancelled}`);
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
              .map((one) => (
                <option key={one.id} value={one.id}>
                  {name(one)}
                </option>
              ))}
          </select>
        )}
      </Labelled>
      {date !== undefined && (
        <>
          <Hall key={`${date.id} ${date.hallId}`} id={id} date={date} watch={watch} />
          <NewChart key={date.id} id={id} scheduleId={date.id} onChanged={onChanged} />
          <DateChanges key={`change ${date.id}`} id={id} date={date} zone={zone} onChanged={onChanged} />
        </>
      )}
    </section>
  );
}

interface HallProps {
  readonly id: string;
  readonly date: DraftDate;
  readonly watch: Watch;
}

function Hall({ id, date, watch }: HallProps): JSX.Element {
  const loaded = useLoad(() => readChart(date.hallId));
  return (
    <WhenLoaded of={loaded}>{(chart) => <Map id={id} scheduleId={date.id} chart={chart} watch={watch} />}</WhenLoaded>
  );
}

interface MapProps {
  readonly id: string;
  readonly scheduleId: string;
  readonly chart: Chart;
  readonly watch: Watch;
}

function Map({ id, scheduleId, chart, watch }: MapProps): JSX.Element {
  const t = useStore(controlText);
  const words = useStore(manageText);
  const chosen = useStore(language);
  const { seats, samples } = useStore(watch.state);
  const dark = useDark();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [byGrade, setByGrade] = useState(false);
  const statuses = useMemo(() => (seats?.sections ?? []).map((section) => section.statuses).join(""), [seats]);
  const grades = samples.at(-1)?.grades ?? [];
  const names = grades.map(({ grade }) => grade).join("\n");
  const colours = useMemo(() => {
    const places = seatsOf(chart);
    const base = byGrade ? gradeColours(statuses, places, names.split("\n")) : seatColours(statuses);
    return withPicked(base, places, picked);
  }, [chart, statuses, byGrade, names, picked, dark]);
  const { free, sold } = countsOf(statuses);
  const n = (value: number): string => value.toLocaleString(chosen);
  const label = t.seatsLabel({ sold: n(sold), free: n(free) });
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          data-action="by-grade"
          checked={byGrade}
          onChange={(event) => setByGrade(event.currentTarget.checked)}
        />
        <span>{words.byGrade}</span>
      </label>
      {byGrade ? (
        <GradeKey grades={grades} />
      ) : (
        <p class="seat-key">
          <span class="key key-free">{t.seatsFree}</span>
          <span class="key key-held">{t.seatsHeld}</span>
          <span class="key key-sold">{t.seatsSold}</span>
          <span class="key key-blocked">{t.seatsBlocked}</span>
        </p>
      )}
      <ChartPicture
        chart={chart}
        grades={grades.map(({ grade }) => grade)}
        label={label}
        stage={t.stage}
        colours={colours}
        onPick={(box) => setPicked(toggled(picked, seatsWithin(chart, box)))}
      />
      <p class="faint" data-seats-sold={sold}>
        {label}
      </p>
      <Blocks id={id} scheduleId={scheduleId} chart={chart} picked={picked} onPick={setPicked} />
    </>
  );
}

/** Over all dates of the performance, as the figures are. */
function GradeKey({ grades }: { readonly grades: readonly GradeFigures[] }): JSX.Element {
  const words = useStore(manageText);
  const chosen = useStore(language);
  return (
    <p class="seat-key">
      {grades.map(({ grade, sold, total }, index) => (
        <span key={grade} class={`key grade-${index % 6}`} data-grade-sold={grade}>
          {words.soldOf({ grade, sold: sold.toLocaleString(chosen), total: total.toLocaleString(chosen) })}
        </span>
      ))}
    </p>
  );
}

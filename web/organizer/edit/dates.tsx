/** Step three: when. A day of the calendar, a time of that day, and it is added; published dates stay. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Calendar } from "../../calendar/calendar.tsx";
import { dayOf } from "../../calendar/month.ts";
import { addDate, type DraftDate, removeDate } from "../../calls/organizer.ts";
import { dateTimeText } from "../../format/dates.ts";
import { momentOf } from "../../format/zoned.ts";
import { editText } from "../../i18n/ko/edit.ts";
import { language } from "../../i18n/language.ts";
import { Labelled } from "../../page/labelled.tsx";
import { sentenceOf } from "../../page/sentence.ts";
import { serverNow } from "../../time/clock.ts";
import { type Desk, hallOf, zoneOf } from "./desk.ts";

const USUAL_TIME = "19:30";

export function Dates({ desk }: { readonly desk: Desk }): JSX.Element {
  const t = useStore(editText);
  const chosen = useStore(language);
  const state = useStore(desk.state);
  const { dates } = state;
  const zone = zoneOf(state);
  const today = dayOf(serverNow(), zone);
  const [day, setDay] = useState<string | null>(null);
  const [time, setTime] = useState(USUAL_TIME);
  const [error, setError] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  if (hallOf(state) === null && dates.length === 0) return <p class="note">{t.datesNeedHall}</p>;

  const marks = new Map<string, number>();
  for (const { startsAt } of dates) {
    const on = dayOf(startsAt, zone);
    marks.set(on, (marks.get(on) ?? 0) + 1);
  }

  async function change(work: () => Promise<readonly DraftDate[]>): Promise<void> {
    setBusy(true);
    setError(undefined);
    try {
      desk.setDates(await work());
    } catch (failure) {
      setError(sentenceOf(failure));
    }
    setBusy(false);
  }

  function add(): void {
    const moment = day === null ? null : momentOf(`${day}T${time}`, zone);
    if (day === null) return setError(t.chooseDay);
    if (moment === null) return setError(t.checkField);
    if (dates.some(({ startsAt }) => startsAt === moment)) return setError(t.dateTwice);
    void change(async () => {
      // The hall the date gets is the draft's: it has to have arrived first.
      await desk.autosave.flush();
      return [...dates, await addDate(desk.id, moment)];
    });
  }

  const dayText = (of: string): string =>
    new Intl.DateTimeFormat(chosen, { month: "long", day: "numeric", weekday: "short", timeZone: "UTC" }).format(
      Date.parse(`${of}T12:00:00Z`),
    );
  return (
    <div class="dates">
      <div>
        <p class="faint">{t.datesHint}</p>
        <Calendar
          marks={marks}
          chosen={day}
          today={today}
          label={t.calendar}
          choosable={(one) => one >= today}
          onChoose={(one) => {
            setDay(one);
            setError(undefined);
          }}
        />
      </div>
      <div class="form">
        <Labelled id="starts-at" label={t.startsAt} hint={t.zoneHint({ zone })} error={error}>
          {(attributes) => (
            <input {...attributes} type="time" value={time} onInput={(event) => setTime(event.currentTarget.value)} />
          )}
        </Labelled>
        <button type="button" class="button" data-action="add-date" disabled={busy} onClick={add}>
          {day === null ? t.chooseDay : t.addDate({ day: dayText(day) })}
        </button>
        <p class="faint" role="status">
          {t.datesCount({ n: dates.length })}
        </p>
        <ul class="rows">
          {dates.map((date) => {
            const words = dateTimeText(date.startsAt, zone, chosen);
            return (
              <li key={date.id} data-date-id={date.id}>
                <span>{words}</span>
                {date.publishedAt === null ? (
                  <button
                    type="button"
                    class="icon"
                    data-action="remove-date"
                    aria-label={t.removeDate({ time: words })}
                    disabled={busy || state.publishedAt !== null}
                    onClick={() =>
                      void change(async () => {
                        await removeDate(desk.id, date.id);
                        return dates.filter(({ id }) => id !== date.id);
                      })
                    }
                  >
                    ×
                  </button>
                ) : (
                  <span class="badge badge-open">{t.dateOnSale}</span>
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}

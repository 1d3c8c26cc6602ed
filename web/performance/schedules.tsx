/** The dates of a performance: a calendar where there are several, and the times of the day that is chosen. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Calendar } from "../calendar/calendar.tsx";
import { dayOf } from "../calendar/month.ts";
import type { Schedule } from "../calls/performances.ts";
import { performanceText } from "../i18n/ko/performance.ts";
import { language } from "../i18n/language.ts";
import { serverNow } from "../time/clock.ts";
import { Moment } from "../page/moment.tsx";

interface Props {
  readonly schedules: readonly Schedule[];
  readonly zone: string;
}

export function Schedules({ schedules, zone }: Props): JSX.Element {
  const t = useStore(performanceText);
  const [day, setDay] = useState<string | null>(null);
  const marks = new Map<string, number>();
  for (const { startsAt, timeZone } of schedules) {
    const on = dayOf(startsAt, timeZone);
    marks.set(on, (marks.get(on) ?? 0) + 1);
  }
  const shown = day === null ? schedules : schedules.filter((one) => dayOf(one.startsAt, one.timeZone) === day);
  return (
    <section>
      <h2>{t.schedules}</h2>
      {schedules.length === 0 && <p class="faint">{t.noSchedules}</p>}
      <div class={schedules.length > 1 ? "schedules schedules-wide" : "schedules"}>
        {schedules.length > 1 && (
          <Calendar
            marks={marks}
            chosen={day}
            today={dayOf(serverNow(), zone)}
            label={t.schedules}
            onChoose={(chosen) => setDay(chosen === day ? null : chosen)}
          />
        )}
        <div>
          <ul class="rows" aria-live="polite">
            {shown.map((schedule) => (
              <li key={schedule.id} data-schedule={schedule.id}>
                <Line schedule={schedule} />
              </li>
            ))}
          </ul>
          {day !== null && (
            <button type="button" class="plain" data-action="all-dates" onClick={() => setDay(null)}>
              {t.allDates}
            </button>
          )}
        </div>
      </div>
    </section>
  );
}

function Line({ schedule }: { readonly schedule: Schedule }): JSX.Element {
  const t = useStore(performanceText);
  const chosen = useStore(language);
  return (
    <>
      <span>
        <strong>
          <Moment at={schedule.startsAt} zone={schedule.timeZone} />
        </strong>
        <span class="faint block">{schedule.hallName}</span>
      </span>
      {schedule.cancelled ? (
        <span class="badge" data-cancelled>
          {t.dateCancelled}
        </span>
      ) : (
        schedule.seats !== null && (
          <span class="faint">{t.seatCount({ n: schedule.seats.toLocaleString(chosen) })}</span>
        )
      )}
    </>
  );
}

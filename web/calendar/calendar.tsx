/**
 * A month as a grid: days that have something are marked and counted, one may be chosen, arrow keys move through it
 * (WAI-ARIA grid pattern). What is marked, and what choosing means, is the caller's.
 */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { calendarText } from "../i18n/ko/calendar.ts";
import { language } from "../i18n/language.ts";
import { dayByKey, monthOf, shiftMonth, weeksOf, type Month } from "./month.ts";

export interface CalendarProps {
  /** How many things each day has; days without are absent. */
  readonly marks: ReadonlyMap<string, number>;
  readonly chosen: string | null;
  readonly today: string;
  readonly label: string;
  /** Days that may be chosen; without it only marked ones. */
  readonly choosable?: (day: string) => boolean;
  readonly onChoose: (day: string) => void;
}

const noon = (day: string): number => Date.parse(`${day}T12:00:00Z`);

export function Calendar(props: CalendarProps): JSX.Element {
  const { marks, chosen, today, label, onChoose } = props;
  const t = useStore(calendarText);
  const spoken = useStore(language);
  const first = chosen ?? [...marks.keys()].toSorted().find((day) => day >= today) ?? [...marks.keys()].toSorted()[0];
  const [focus, setFocus] = useState(first ?? today);
  const [moved, setMoved] = useState(false);
  const grid = useRef<HTMLTableElement>(null);
  const month = monthOf(focus);
  const choosable = props.choosable ?? ((day: string) => marks.has(day));
  useEffect(() => {
    if (chosen !== null) setFocus(chosen);
  }, [chosen]);
  useEffect(() => {
    if (moved) grid.current?.querySelector<HTMLElement>(`[data-day="${focus}"]`)?.focus();
  }, [focus, moved]);
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(spoken, { timeZone: "UTC", ...options });
  const title = format({ year: "numeric", month: "long" }).format(noon(firstOf(month)));
  const spokenDay = format({ year: "numeric", month: "long", day: "numeric", weekday: "long" });
  const turn = (by: number) => () => {
    setMoved(false);
    setFocus(firstOf(shiftMonth(month, by)));
  };
  function onKeyDown(event: KeyboardEvent): void {
    const next = dayByKey(event.key, focus);
    if (next === null) return;
    event.preventDefault();
    setMoved(true);
    setFocus(next);
  }
  return (
    <div class="calendar">
      <div class="calendar-head">
        <button type="button" class="icon" data-action="month-before" aria-label={t.before} onClick={turn(-1)}>
          ‹
        </button>
        <strong class="calendar-month" aria-live="polite">
          {title}
        </strong>
        <button type="button" class="icon" data-action="month-after" aria-label={t.after} onClick={turn(1)}>
          ›
        </button>
      </div>
      <table ref={grid} role="grid" aria-label={`${label}, ${title}`} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {Array.from({ length: 7 }, (_, index) => {
              // 4 January 1970 was a Sunday.
              const day = (3 + index) * 86_400_000;
              return (
                <th key={index} scope="col" abbr={format({ weekday: "long" }).format(day)}>
                  {format({ weekday: "narrow" }).format(day)}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week.find((day) => day !== null)}>
              {week.map((day, index) =>
                day === null ? (
                  <td key={index} />
                ) : (
                  <td key={index} role="gridcell" aria-selected={day === chosen}>
                    <button
                      type="button"
                      class="day"
                      data-day={day}
                      data-marked={marks.has(day)}
                      aria-pressed={day === chosen}
                      aria-disabled={!choosable(day)}
                      aria-current={day === today ? "date" : undefined}
                      tabindex={day === focus ? 0 : -1}
                      onClick={() => {
                        setFocus(day);
                        if (choosable(day)) onChoose(day);
                      }}
                    >
                      <DayName parts={spokenDay.formatToParts(noon(day))} />
                      {marks.has(day) && (
                        <>
                          <span class="unseen">, {t.count({ n: marks.get(day) ?? 0 })}</span>
                          <span class="day-dot" aria-hidden="true" />
                        </>
                      )}
                    </button>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The whole date for those who hear it, of which the number is seen. */
function DayName({ parts }: { readonly parts: readonly Intl.DateTimeFormatPart[] }): JSX.Element {
  const at = parts.findIndex(({ type }) => type === "day");
  const text = (from: number, to?: number): string =>
    parts
      .slice(from, to)
      .map(({ value }) => value)
      .join("");
  return (
    <>
      <span class="unseen">{text(0, at)}</span>
      {parts[at]?.value}
      <span class="unseen">{text(at + 1)}</span>
    </>
  );
}

function firstOf({ year, month }: Month): string {
  return `${year}-${String(month).padStart(2, "0")}-01`;
}

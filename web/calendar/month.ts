/**
 * Months as calendars show them. A day is its text "2026-12-24": no time of day, no zone, and texts compare like dates.
 */
export interface Month {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
}

const DAY_MS = 86_400_000;
const two = (value: number): string => String(value).padStart(2, "0");

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day a moment falls on, on the wall of that time zone. */
export function dayOf(ms: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  return `${part["year"]?.padStart(4, "0")}-${part["month"]}-${part["day"]}`;
}

export function monthOf(day: string): Month {
  return { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)) };
}

export function shiftMonth({ year, month }: Month, by: number): Month {
  const at = year * 12 + (month - 1) + by;
  return { year: Math.floor(at / 12), month: (((at % 12) + 12) % 12) + 1 };
}

/** The day so many days later. */
export function shiftDay(day: string, by: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);
}

/**
 * The weeks of a month, seven entries each; null where another month's day would be. `firstDay` is 0 for weeks that begin
 * on Sunday, as calendars in Korea and America do.
 */
export function weeksOf({ year, month }: Month, firstDay = 0): readonly (readonly (string | null)[])[] {
  const lead = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() - firstDay + 7) % 7;
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const cells = Array.from({ length: Math.ceil((lead + count) / 7) * 7 }, (_, index) => {
    const date = index - lead + 1;
    return date < 1 || date > count ? null : `${year}-${two(month)}-${two(date)}`;
  });
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** Where an arrow key leads from a day, or null for another key. */
export function dayByKey(key: string, day: string): string | null {
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const step = steps[key];
  if (step !== undefined) return shiftDay(day, step);
  if (key !== "PageUp" && key !== "PageDown") return null;
  const month = shiftMonth(monthOf(day), key === "PageUp" ? -1 : 1);
  const last = new Date(Date.UTC(month.year, month.month, 0)).getUTCDate();
  return `${month.year}-${two(month.month)}-${two(Math.min(Number(day.slice(8)), last))}`;
}

/** Between moments and what a person types into a field for date and time: the venue's wall clock, not the reader's. */
const formats = new Map<string, Intl.DateTimeFormat>();

function partsOf(ms: number, timeZone: string): Readonly<Record<string, string>> {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(timeZone, format);
  }
  return Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
}

/** "2026-12-24T19:30", the value of `<input type="datetime-local">`. */
export function wallText(ms: number, timeZone: string): string {
  const { year, month, day, hour, minute } = partsOf(ms, timeZone);
  return `${year?.padStart(4, "0")}-${month}-${day}T${hour}:${minute}`;
}

/** How far the zone's wall clock is from UTC at a moment. */
function offsetAt(ms: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = partsOf(ms, timeZone);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) - ms;
}

/**
 * The moment a wall clock shows that text; null for anything that is none. A text that the clock skips in spring is the
 * moment an hour later; one that it shows twice in autumn is the first.
 */
export function momentOf(text: string, timeZone: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?$/.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute] = match.map(Number);
  const wall = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute);
  if (!Number.isFinite(wall) || new Date(wall).toISOString().slice(0, 16) !== text.slice(0, 16)) return null;
  // The zone's offset a day before and a day after are the only two candidates around a change of the clocks.
  const before = wall - offsetAt(wall - 86_400_000, timeZone);
  const after = wall - offsetAt(wall + 86_400_000, timeZone);
  const shown = [before, after].toSorted((a, b) => a - b).find((ms) => ms + offsetAt(ms, timeZone) === wall);
  return shown ?? before;
}

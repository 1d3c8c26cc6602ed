/** Dates are shown in the venue's time zone, whatever the reader's is. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, options);
    formats.set(key, format);
  }
  return format;
}

/** Whether the reader's own clock shows what one at the venue does. */
function sameThere(ms: number, timeZone: string): boolean {
  const here = new Date(ms).toLocaleString("en", { hour: "numeric", minute: "numeric", day: "numeric" });
  const there = new Date(ms).toLocaleString("en", { hour: "numeric", minute: "numeric", day: "numeric", timeZone });
  return here === there;
}

/** "2026년 11월 30일 (월) 오후 8:00", "Mon, Nov 30, 2026, 8:00 PM" */
export function dateTimeText(ms: number, timeZone: string, language: string): string {
  return formatOf(language, {
    year: "numeric",
    month: "short",
    day: "numeric",
    weekday: "short",
    hour: "numeric",
    minute: "2-digit",
    timeZone,
    ...(sameThere(ms, timeZone) ? {} : { timeZoneName: "short" }),
  }).format(ms);
}

/** "11월 30일 (월) 오후 12:00", "Mon, Nov 30, 12:00 PM" on the reader's own clock, or null where that shows the venue's time. */
export function readersTimeText(ms: number, timeZone: string, language: string): string | null {
  if (sameThere(ms, timeZone)) return null;
  const options = { month: "short", day: "numeric", weekday: "short", hour: "numeric", minute: "2-digit" } as const;
  // A clock may change its zone while the page is open (a phone that has landed): never from the kept formats.
  return new Intl.DateTimeFormat(language, options).format(ms);
}

const day: Intl.DateTimeFormatOptions = { year: "numeric", month: "numeric", day: "numeric", weekday: "short" };

/** "2026. 11. 30. (월) – 12. 2. (수)", or one day where both are the same. */
export function dateRangeText(fromMs: number, toMs: number, timeZone: string, language: string): string {
  const format = formatOf(language, { ...day, timeZone });
  if (format.format(fromMs) === format.format(toMs)) return format.format(fromMs);
  return format.formatRange(fromMs, toMs);
}

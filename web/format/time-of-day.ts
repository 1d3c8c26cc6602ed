/** The time of day with seconds, in the reader's own time zone: what a clock on the wall would show. */
const formats = new Map<string, Intl.DateTimeFormat>();

export function timeOfDay(ms: number, language: string): string {
  let format = formats.get(language);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", second: "2-digit" });
    formats.set(language, format);
  }
  return format.format(ms);
}

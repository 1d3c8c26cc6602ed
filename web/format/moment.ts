/** A moment to the second, in the reader's own time zone, which is named: two who compare may be far apart. */
const formats = new Map<string, Intl.DateTimeFormat>();

export function momentText(ms: number, language: string): string {
  let format = formats.get(language);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, {
      year: "numeric",
      month: "short",
      day: "numeric",
      hour: "numeric",
      minute: "2-digit",
      second: "2-digit",
      timeZoneName: "short",
    });
    formats.set(language, format);
  }
  return format.format(ms);
}

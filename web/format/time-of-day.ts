/** The time of day with seconds, in the reader's own time zone, which is named: two who compare may be far apart. */
const formats = new Map<string, Intl.DateTimeFormat>();

export function timeOfDay(ms: number, language: string): string {
  let format = formats.get(language);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", second: "2-digit" });
    formats.set(language, format);
  }
  // Asked for together with its zone, a time is written out in Korean.
  const zone = new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(ms).at(-1);
  return `${format.format(ms)} ${zone?.value}`;
}

/** A moment to the second, in the reader's own time zone. */
const formats = new Map<string, Intl.DateTimeFormat>();

export function momentText(ms: number, language: string): string {
  let format = formats.get(language);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
    formats.set(language, format);
  }
  return format.format(ms);
}

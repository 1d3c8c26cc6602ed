/** A moment at the venue: its own time first, and the reader's own beside it where the clock there shows another one. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { dateTimeText, readersTimeText } from "../format/dates.ts";
import { timeText } from "../i18n/ko/time.ts";
import { language } from "../i18n/language.ts";

interface Props {
  /** Milliseconds. */
  readonly at: number;
  /** The venue's. */
  readonly zone: string;
}

export function Moment({ at, zone }: Props): JSX.Element {
  const chosen = useStore(language);
  return (
    <>
      <time dateTime={new Date(at).toISOString()}>{dateTimeText(at, zone, chosen)}</time>
      <ReadersTime at={at} zone={zone} />
    </>
  );
}

/** The reader's own time alone, on a line of its own, for below a sentence that names the venue's; nothing where they agree. */
export function ReadersTime({ at, zone }: Props): JSX.Element | null {
  const t = useStore(timeText);
  const own = readersTimeText(at, zone, useStore(language));
  return own === null ? null : <span class="faint block readers-time">{t.readersTime({ time: own })}</span>;
}

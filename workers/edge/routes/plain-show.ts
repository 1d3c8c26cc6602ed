/** The show that a page without scripts is about: its title, when and where; and times, which such a page can only tell on the venue's clock. */
import { html } from "hono/html";
import { inTime } from "../../../durable-objects/in-time.ts";
import type { PublishedPerformance } from "../../records/catalogue.ts";
import type { AppContext } from "../context.ts";
import { namedShow } from "./performances.ts";

type Language = "ko" | "en";

/** A page that is asked for every few seconds waits no longer for a name, which the next one will have. */
const NAME_DEADLINE_MS = 1_000;

/** Null while it cannot be had: the queue goes on without the records. */
export async function showOf(c: AppContext, id: string): Promise<PublishedPerformance | null> {
  const asked = namedShow(c.env, id).catch(() => null);
  c.executionCtx.waitUntil(asked);
  return inTime("a show's name", NAME_DEADLINE_MS, () => asked).catch(() => null);
}

export function titleOf({ performance: { title, titleEn } }: PublishedPerformance, language: Language): string {
  return language === "en" ? (titleEn ?? title) : title;
}

/** "2026. 11. 30. (월) – 12. 2. (수) · 국립극장"; without dates only where. */
export function whenAndWhere(show: PublishedPerformance, language: Language): string {
  const { venue, firstStartsAt, lastStartsAt } = show;
  if (firstStartsAt === null) return venue.name;
  const day = new Intl.DateTimeFormat(language, {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    weekday: "short",
    timeZone: venue.timeZone,
  });
  return `${day.formatRange(firstStartsAt, lastStartsAt ?? firstStartsAt)} · ${venue.name}`;
}

/** "11월 30일 (월) 오후 8:00 GMT+9": with the zone always, because nobody knows the reader's. */
export function timeThere(ms: number, { venue }: PublishedPerformance, language: Language): string {
  return new Intl.DateTimeFormat(language, {
    month: "short",
    day: "numeric",
    weekday: "short",
    hour: "numeric",
    minute: "2-digit",
    timeZone: venue.timeZone,
    timeZoneName: "short",
  }).format(ms);
}

/** Above what the page says; nothing where the show is not known. */
export function showHead(show: PublishedPerformance | null, language: Language) {
  if (show === null) return "";
  return html`<p class="show" dir="auto">${titleOf(show, language)}</p>
    <p class="where" dir="auto">${whenAndWhere(show, language)}</p>`;
}

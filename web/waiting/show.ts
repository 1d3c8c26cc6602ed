/** What one waits for: its title and prices, handed over from the performance's page to spare a request. */
import { ask } from "../api.ts";
import { fields, listOf, nullable, number, text } from "../decode.ts";
import type { Money } from "../format/money.ts";
import type { Language } from "../i18n/choice.ts";

export interface Show {
  readonly title: string;
  readonly titleEn: string | null;
  readonly grades: readonly { readonly grade: string; readonly price: Money }[];
}

const show = fields<Show>({
  title: text,
  titleEn: nullable(text),
  grades: listOf(
    fields<Show["grades"][number]>({ grade: text, price: fields<Money>({ amount: number, currency: text }) }),
  ),
});

export const showSlot = (id: string): string => `ticketping-show:${id}`;

/** Null if it cannot be had. */
export async function showOf(id: string): Promise<Show | null> {
  try {
    return show(JSON.parse(sessionStorage.getItem(showSlot(id)) ?? ""));
  } catch {
    // Not handed over, or there is no storage: it is asked for.
  }
  try {
    return await ask({ method: "GET", path: `/api/performances/${encodeURIComponent(id)}`, decode: show, tries: 2 });
  } catch {
    return null;
  }
}

/** A blank where it is not known, so that the line keeps its height. */
export function titleIn(performance: Show | null, language: Language): string {
  const english = language === "en" ? performance?.titleEn : null;
  return english ?? performance?.title ?? "\u00a0";
}

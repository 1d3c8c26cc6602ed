/** What the waiting room needs to know of a performance, handed over from its page to spare a request. */
import { ask } from "../api.ts";
import { fields, text } from "../decode.ts";

export interface Show {
  readonly id: string;
  readonly title: string;
  readonly timeZone: string;
}

const slotOf = (id: string): string => `ticketping-show:${id}`;

export function keepShow(show: Show): void {
  try {
    sessionStorage.setItem(slotOf(show.id), JSON.stringify(show));
  } catch {
    // The waiting room asks for it instead.
  }
}

export function keptShow(id: string): Show | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(slotOf(id)) ?? "null");
    if (typeof kept !== "object" || kept === null || !("title" in kept) || !("timeZone" in kept)) return null;
    return { id, title: String(kept.title), timeZone: String(kept.timeZone) };
  } catch {
    return null;
  }
}

/** Its title, for somebody who came straight to the queue; an empty line if even that cannot be had. */
export async function askForShow(id: string): Promise<string> {
  try {
    const path = `/api/performances/${encodeURIComponent(id)}`;
    const title = await ask({ method: "GET", path, decode: fields({ title: text }), tries: 2 });
    return title.title;
  } catch {
    return "\u00a0";
  }
}

/** The title of the performance one waits for, handed over from its page to spare a request. */
import { ask } from "../api.ts";
import { fields, text } from "../decode.ts";

export const titleSlot = (id: string): string => `ticketping-title:${id}`;

/** An empty line if it cannot be had. */
export async function titleOf(id: string): Promise<string> {
  try {
    const kept = sessionStorage.getItem(titleSlot(id));
    if (kept !== null) return kept;
  } catch {
    // Without storage it is asked for.
  }
  try {
    const path = `/api/performances/${encodeURIComponent(id)}`;
    return (await ask({ method: "GET", path, decode: fields({ title: text }), tries: 2 })).title;
  } catch {
    return "\u00a0";
  }
}

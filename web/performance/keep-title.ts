/** Hands the title over to the waiting room, which then need not ask for it. */
import { titleSlot } from "../waiting/show.ts";

export function keepTitle(id: string, title: string): void {
  try {
    sessionStorage.setItem(titleSlot(id), title);
  } catch {
    // Whoever needs it asks for it instead.
  }
}

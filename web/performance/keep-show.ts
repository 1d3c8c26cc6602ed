/** Hands title and prices over to the waiting room, which then need not ask for them. */
import { type Show, showSlot } from "../waiting/show.ts";

export function keepShow(id: string, { title, titleEn, grades }: Show): void {
  try {
    sessionStorage.setItem(showSlot(id), JSON.stringify({ title, titleEn, grades }));
  } catch {
    // Whoever needs it asks for it instead.
  }
}

/** Which language somebody reads: Korean unless English was chosen. Remembered by the browser, for all pages. */
export type Language = "ko" | "en";

const slot = "ticketping-language";

export function keptLanguage(): Language {
  try {
    return localStorage.getItem(slot) === "en" ? "en" : "ko";
  } catch {
    return "ko";
  }
}

export function keepLanguage(chosen: Language): void {
  try {
    localStorage.setItem(slot, chosen);
  } catch {
    // The choice lasts for this page only.
  }
}

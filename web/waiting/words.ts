/** What the waiting room says, in the reader's language: Korean comes with the page, English is fetched by who reads it. */
import { keepLanguage, keptLanguage, type Language } from "../i18n/choice.ts";
import { type Key, korean } from "../i18n/ko/waiting.ts";

let texts: Readonly<Record<Key, string>> = korean;
let spoken: Language = "ko";

export const language = (): Language => spoken;

/** `{n}` and its like are filled from `values`. */
export function word(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return texts[key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Speaks another language from now on; without a connection to fetch it, the page goes on in the one it has. */
export async function speakIn(wanted: Language): Promise<void> {
  try {
    texts = wanted === "en" ? (await import("../i18n/en/waiting.ts")).default : korean;
    spoken = wanted;
    document.documentElement.lang = wanted;
  } catch {
    // Another press asks again.
  }
}

/** The language chosen before, on whichever page. */
export const speakAsKept = (): Promise<void> => speakIn(keptLanguage());

export async function changeLanguage(): Promise<void> {
  await speakIn(spoken === "ko" ? "en" : "ko");
  keepLanguage(spoken);
}

/** Writes the words that never change into the places marked with `data-text` and `data-label`. */
export function writeWords(): void {
  const known = texts as Readonly<Record<string, string>>;
  for (const target of document.querySelectorAll<HTMLElement>("[data-text]"))
    target.textContent = known[target.dataset["text"] ?? ""] ?? "";
  for (const target of document.querySelectorAll<HTMLElement>("[data-label]"))
    target.setAttribute("aria-label", known[target.dataset["label"] ?? ""] ?? "");
}

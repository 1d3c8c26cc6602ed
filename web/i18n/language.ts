/** The reader's language: Korean unless English was chosen; English texts are fetched only by those who read them. */
import { createI18n, type Messages, type Translations, type TranslationsJSON } from "@nanostores/i18n";
import { atom } from "nanostores";
import { keepLanguage, keptLanguage, type Language } from "./choice.ts";

export type { Language } from "./choice.ts";

export const language = atom<Language>(keptLanguage());

language.subscribe((chosen) => {
  document.documentElement.lang = chosen;
});

export function chooseLanguage(chosen: Language): void {
  keepLanguage(chosen);
  language.set(chosen);
}

type English = () => Promise<{ readonly default: TranslationsJSON }>;
const englishOf = new Map<string, English>();

async function load(name: string): Promise<[string, TranslationsJSON]> {
  try {
    return [name, (await englishOf.get(name)?.())?.default ?? {}];
  } catch {
    return [name, {}];
  }
}

const i18n = createI18n<Language, "ko">(language, {
  baseLocale: "ko",
  cache: { ko: {}, en: {} },
  get: async (_code, names) => Object.fromEntries(await Promise.all(names.map(load))),
});

/** Texts of one part of the pages: Korean here, English when asked for. */
export function messages<Body extends Translations>(name: string, korean: Body, english: English): Messages<Body> {
  englishOf.set(name, english);
  return i18n(name, korean);
}

/** Resolves when these texts are there in the reader's language; they stay loaded. */
export async function translated(stores: readonly Pick<Messages, "listen">[]): Promise<void> {
  for (const store of stores) store.listen(() => undefined);
  if (!i18n.loading.get()) return;
  await new Promise<void>((resolve) => {
    const stop = i18n.loading.listen((loading) => {
      if (loading) return;
      stop();
      resolve();
    });
  });
}

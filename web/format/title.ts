/** What a show is called in the reader's language: organisers may give it an English title, too. */
export function titleIn(show: { readonly title: string; readonly titleEn: string | null }, language: string): string {
  return language === "en" ? (show.titleEn ?? show.title) : show.title;
}

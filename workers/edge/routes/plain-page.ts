/** What surrounds the pages without scripts: head, brand, one card, and headers under which nothing runs. */
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

type Markup = HtmlEscapedString | Promise<HtmlEscapedString> | string;

export interface PlainPage {
  readonly language: "ko" | "en";
  /** Of the window; the heading is `heading`. */
  readonly title: string;
  readonly heading: string;
  /** What the page is about, above its heading. */
  readonly above?: Markup;
  /** Where the page goes by itself, and after how many seconds. */
  readonly refresh?: { readonly seconds: number; readonly path: string };
  readonly inside: Markup;
  readonly foot: string;
}

export function plainPage({ language, title, above = "", heading, refresh, inside, foot }: PlainPage) {
  const again =
    refresh === undefined ? "" : html`<meta http-equiv="refresh" content="${refresh.seconds};url=${refresh.path}" />`;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${again}
        <title>${title}</title>
        <link rel="icon" href="/favicon.svg" />
        <link rel="stylesheet" href="/plain.css" />
      </head>
      <body>
        <header>
          <a href="/"><img src="/favicon.svg" alt="" width="26" height="26" /> TicketPing</a>
        </header>
        <main>
          ${above}
          <h1>${heading}</h1>
          ${inside}
          <p><small>${foot}</small></p>
        </main>
      </body>
    </html>`;
}

export const plainHeaders = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  // Without a referrer browsers send no origin with a form either, and then its cookies are not trusted.
  "referrer-policy": "same-origin",
} as const;

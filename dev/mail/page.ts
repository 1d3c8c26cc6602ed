/** The inbox as a page: every mail with its text, links that can be followed, and its HTML form one click away. */
import type { Kept } from "./letters.ts";

/** A mail may link anywhere; nothing on the page is loaded from elsewhere or run. */
export const inboxHeaders = {
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const;

/** What a mail's HTML may do in the inbox: be looked at. */
export const letterHeaders = {
  ...inboxHeaders,
  "content-security-policy": "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'",
} as const;

const style = `
  :root { color-scheme: light dark; }
  body { max-width: 44rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, "Noto Sans KR", sans-serif; }
  .sandbox { padding: .5rem .75rem; border-radius: .5rem; background: #fff3bf; color: #5c3d00; font-weight: 600; }
  article { margin: 1rem 0; padding: 1rem; border: 1px solid #8b95a1; border-radius: .75rem; }
  h2 { margin: 0 0 .25rem; font-size: 1.125rem; }
  .about { margin: 0 0 .75rem; font-size: .875rem; overflow-wrap: anywhere; }
  pre { margin: 0 0 .75rem; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
  a:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
`;

export function inboxPage(letters: readonly Kept[]): string {
  const list =
    letters.length === 0
      ? `<p>메일이 없습니다. <span lang="en">No mail yet.</span></p>`
      : letters.map(article).join("");
  return `<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>메일함 · Inbox (SANDBOX)</title><style>${style}</style></head>
<body><p class="sandbox">SANDBOX · 이 메일은 밖으로 나가지 않습니다. <span lang="en">These mails never leave this machine.</span></p>
<h1>메일함 <span lang="en">· Inbox</span> (${letters.length})</h1><main>${list}</main></body></html>`;
}

function article({ id, to, from, subject, text, at }: Kept): string {
  return (
    `<article><h2>${escape(subject)}</h2>` +
    `<p class="about">${escape(to.join(", "))} ← ${escape(from)} · <time datetime="${at}">${at}</time></p>` +
    `<pre>${linked(text)}</pre><a href="/mails/${id}/html">HTML</a></article>`
  );
}

const ADDRESS = /https?:\/\/[^\s<>"']+/g;

function linked(text: string): string {
  let html = "";
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    html += `${escape(text.slice(end, match.index))}<a href="${escape(match[0])}">${escape(match[0])}</a>`;
    end = match.index + match[0].length;
  }
  return html + escape(text.slice(end));
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** The inbox as a page: a line for every mail, its text with links that can be followed, and its HTML form one press away. */
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
  :root { color-scheme: light dark; --ink: light-dark(#171a21, #eceef3); --faint: light-dark(#5c6370, #a0a7b4);
    --line: light-dark(#e3e4e0, #2b303a); --card: light-dark(#fff, #181b22); --accent: light-dark(#3f49d6, #929aff); }
  * { box-sizing: border-box; }
  body { max-width: 46rem; margin: 0 auto; padding: 16px; background: light-dark(#f7f7f5, #101217); color: var(--ink);
    font: 16px/1.55 system-ui, "Apple SD Gothic Neo", "Noto Sans KR", sans-serif; word-break: keep-all; overflow-wrap: anywhere; }
  .sandbox { margin: 0; padding: 8px 14px; border-radius: 10px; background: #fff3bf; color: #5c3d00; font-size: .875rem; }
  .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 12px; margin: 20px 0 12px; }
  h1 { margin: 0; font-size: 1.5rem; }
  .head a { margin-left: auto; padding: 8px 0; }
  .empty, details { border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
  .empty { padding: 28px 20px; text-align: center; }
  details { margin: 0 0 10px; }
  summary { padding: 12px 16px; cursor: pointer; list-style: none; border-radius: 14px; }
  summary::-webkit-details-marker { display: none; }
  .subject { display: block; font-weight: 600; }
  .about { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; color: var(--faint); font-size: .875rem; }
  [open] > summary { border-bottom: 1px solid var(--line); border-radius: 14px 14px 0 0; }
  pre { margin: 0; padding: 16px; white-space: pre-wrap; font: inherit; }
  .more { margin: 0; padding: 0 16px 16px; display: flex; flex-wrap: wrap; gap: 0 16px; color: var(--faint); font-size: .875rem; }
  a { color: var(--accent); }
  a:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

export function inboxPage(letters: readonly Kept[]): string {
  const list =
    letters.length === 0
      ? `<p class="empty">아직 메일이 없습니다. <span lang="en">No mail yet.</span></p>`
      : letters.map(article).join("");
  return `<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>메일함 (${letters.length}) · TicketPing SANDBOX</title><style>${style}</style></head>
<body><header class="sandbox"><strong>SANDBOX</strong> · 이 메일은 밖으로 나가지 않습니다. <span lang="en">These mails never leave this machine.</span></header>
<main><div class="head"><h1>메일함 <span lang="en">· Inbox</span> (${letters.length})</h1><a href="/">새로 고침 <span lang="en">· Refresh</span></a></div>
${list}</main></body></html>`;
}

/** The newest is open: it is what somebody came for. */
function article({ id, to, from, subject, text, at }: Kept, index: number): string {
  return (
    `<details${index === 0 ? " open" : ""}><summary><span class="subject" dir="auto">${escape(subject)}</span>` +
    `<span class="about"><span>${escape(to.join(", "))}</span><time datetime="${at}">${escape(time.format(new Date(at)))}</time></span></summary>` +
    `<pre dir="auto">${linked(text)}</pre>` +
    `<p class="more"><span>${escape(from)}</span><a href="/mails/${id}/html">HTML 보기 <span lang="en">· As a mail program shows it</span></a></p></details>`
  );
}

/** On this machine's clock, which the reader looks at too. */
const time = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "medium" });

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

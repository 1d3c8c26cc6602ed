/**
 * What a mail says, as data, and the two forms it leaves in. A template writes sentences; what a person typed (a nickname, a
 * title) can be part of any of them, so both forms treat everything as text: HTML is escaped here and nowhere else.
 */
export type Language = "ko" | "en";

export interface Letter {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** One thing to do. The address is shown too, for programs that show no buttons. */
  readonly action?: { readonly label: string; readonly url: string };
  /** Below the action, in small print. */
  readonly remarks: readonly string[];
}

export interface Message {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const signature = { ko: "TicketPing 드림", en: "TicketPing" } as const;

/** @throws when an action leads anywhere but to a web page: a template's mistake, never a reader's. */
export function messageOf(letter: Letter, language: Language): Message {
  const { action } = letter;
  if (action !== undefined && !/^https?:\/\//.test(action.url)) throw new Error("a mail's link is not a web address");
  return { subject: oneLine(letter.subject), text: textOf(letter, language), html: htmlOf(letter, language) };
}

/** A line feed in a subject could start a header of its own on the way. */
function oneLine(subject: string): string {
  return subject.replace(/\p{Cc}+/gu, " ").slice(0, 200);
}

function textOf({ paragraphs, action, remarks }: Letter, language: Language): string {
  const link = action === undefined ? [] : [`${action.label}:\n${action.url}`];
  return [...paragraphs, ...link, ...remarks, `— ${signature[language]}`].join("\n\n") + "\n";
}

const styles = {
  body: "margin:0;padding:16px;background:#f4f5f7;color:#191f28;font:16px/1.6 -apple-system,'Apple SD Gothic Neo','Noto Sans KR',sans-serif;word-break:keep-all;overflow-wrap:anywhere",
  card: "max-width:32em;margin:0 auto;padding:24px;background:#ffffff;border-radius:12px",
  button:
    "display:inline-block;padding:12px 20px;border-radius:8px;background:#1b4ed8;color:#ffffff;font-weight:600;text-decoration:none",
  small: "margin:0 0 8px;color:#4e5968;font-size:14px",
} as const;

/** Styles stand in the elements themselves: most mail programs drop a style sheet. No pictures: nothing reports a reading. */
function htmlOf({ subject, paragraphs, action, remarks }: Letter, language: Language): string {
  const link =
    action === undefined
      ? ""
      : `<p><a href="${escapeHtml(action.url)}" style="${styles.button}">${escapeHtml(action.label)}</a></p>` +
        `<p style="${styles.small};overflow-wrap:anywhere">${escapeHtml(action.url)}</p>`;
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(subject)}</title></head>` +
    `<body style="${styles.body}"><div style="${styles.card}">` +
    paragraphs.map((text) => `<p>${inLines(text)}</p>`).join("") +
    link +
    remarks.map((text) => `<p style="${styles.small}">${escapeHtml(text)}</p>`).join("") +
    `<p style="${styles.small}">— ${signature[language]}</p></div></body></html>`
  );
}

/** A paragraph may have several lines: a mail program shows them as lines, too. */
function inLines(text: string): string {
  return text.split("\n").map(escapeHtml).join("<br>");
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

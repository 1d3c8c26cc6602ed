/** What a held visitor sees: a page that asks again by itself. Programs get a problem document with the time to come again. */
import type { QueueState } from "../../../durable-objects/lobby/contract.ts";
import { languageOf, problemDocument, problems, type ProblemCode } from "../problem.ts";

const words = {
  ko: {
    title: "대기실",
    waiting: (ahead: string) => `앞에 ${ahead}명이 있습니다.`,
    before: "아직 열리지 않았습니다. 열리면 순서대로 안내합니다.",
    gathered: "접수되었습니다. 순번은 곧 정해집니다.",
    trouble: "잠시 확인하는 중입니다. 이 화면을 그대로 두세요.",
    again: (seconds: number) => `${seconds}초마다 새로 고칩니다.`,
  },
  en: {
    title: "Waiting room",
    waiting: (ahead: string) => `${ahead} people are ahead of you.`,
    before: "It is not open yet. Once it is, everybody comes in in turn.",
    gathered: "You are in the queue. Your place will be known soon.",
    trouble: "One moment; please keep this page open.",
    again: (seconds: number) => `This page asks again every ${seconds} seconds.`,
  },
} as const;

const policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** `state` null: TicketPing itself cannot say at the moment. */
export function heldPage(request: Request, state: QueueState | null, seconds: number): Response {
  const language = languageOf(request.headers.get("accept-language") ?? undefined);
  if (!wantsPage(request)) return problemDocument("not-admitted-yet", language, { retryAfterSeconds: seconds });
  const say = words[language];
  const { ahead, number } = state ?? { ahead: null, number: null };
  const known =
    ahead === null ? (number === null ? say.before : say.gathered) : say.waiting(ahead.toLocaleString(language));
  return page(language, say.title, [state === null ? say.trouble : known, say.again(seconds)], 200, seconds);
}

export function refusedPage(request: Request, code: ProblemCode): Response {
  const language = languageOf(request.headers.get("accept-language") ?? undefined);
  const { status } = problems[code];
  if (!wantsPage(request)) return problemDocument(code, language, status >= 500 ? { retryAfterSeconds: 10 } : {});
  return page(language, words[language].title, [problems[code][language]], status, null);
}

function page(language: "ko" | "en", title: string, lines: readonly string[], status: number, seconds: number | null) {
  const refresh = seconds === null ? "" : `<meta http-equiv="refresh" content="${seconds}">`;
  const body = `<!doctype html><html lang="${language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">${refresh}<title>${title}</title></head>
<body><main><h1>${title}</h1>${lines.map((line) => `<p role="status">${line}</p>`).join("")}</main></body></html>`;
  const headers = new Headers({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": policy,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
  });
  if (seconds !== null) headers.set("retry-after", String(seconds));
  return new Response(body, { status, headers });
}

function wantsPage(request: Request): boolean {
  return request.method === "GET" && (request.headers.get("accept") ?? "").includes("text/html");
}

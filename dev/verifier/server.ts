/**
 * A stand-in for an organiser's membership service: it asks for a membership number, believes whatever is typed, and sends
 * the browser back with a signed answer. It is also the example of docs/member-verification.md: everything a real one has
 * to do with TicketPing is in `askedRightly` and `answerTo`.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { answer, listen, type ListeningServer } from "../http-server.ts";

const ANSWER_SECONDS = 300;

export interface RunningVerifier extends ListeningServer {
  /** The page to which fans are sent: what the organiser configures. */
  readonly page: string;
  /** From here on questions and answers are signed with this. */
  use(secret: string): void;
}

export interface Question {
  readonly performance: string;
  readonly state: string;
  readonly return_to: string;
  readonly expires: string;
  readonly signature: string;
}

/** `secret`: as the organiser was shown it; none yet: nobody is believed. */
export async function startVerifier(port: number, secret = ""): Promise<RunningVerifier> {
  let current = secret;
  const server = await listen(port, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://verifier");
    if (pathname !== "/members") return answer(response, 404, "text/plain; charset=utf-8", "Nothing is here.");
    const question = questionIn(searchParams);
    if (question === null || !askedRightly(current, question, Date.now())) {
      return answer(response, 403, "text/html; charset=utf-8", refusedPage);
    }
    const member = searchParams.get("member");
    if (member === null || member === "")
      return answer(response, 200, "text/html; charset=utf-8", askingPage(question));
    const location = answerTo(current, question, member, Math.floor(Date.now() / 1_000) + ANSWER_SECONDS);
    response.writeHead(303, { location, "cache-control": "no-store" }).end();
  });
  return { ...server, page: `${server.url}/members`, use: (fresh) => void (current = fresh) };
}

function questionIn(params: URLSearchParams): Question | null {
  const [performance, state, returnTo, expires, signature] = [
    "performance",
    "state",
    "return_to",
    "expires",
    "signature",
  ].map((name) => params.get(name) ?? "");
  if (!performance || !state || !returnTo || !expires || !signature) return null;
  return { performance, state, return_to: returnTo, expires, signature };
}

/** Whether TicketPing has asked, and not too long ago. */
function askedRightly(secret: string, question: Question, nowMs: number): boolean {
  if (secret === "" || Number(question.expires) * 1_000 <= nowMs) return false;
  const { performance, state, return_to: returnTo, expires, signature } = question;
  const right = Buffer.from(sign(secret, ["ticketping-ask-v1", performance, state, returnTo, expires]));
  const given = Buffer.from(signature);
  return right.length === given.length && timingSafeEqual(right, given);
}

/** The address that carries the answer back: who it is, signed, and good for some minutes. */
export function answerTo(secret: string, question: Question, subject: string, expiresSeconds: number): string {
  const url = new URL(question.return_to);
  const expires = String(expiresSeconds);
  url.searchParams.set("state", question.state);
  url.searchParams.set("subject", subject);
  url.searchParams.set("expires", expires);
  url.searchParams.set("signature", sign(secret, ["ticketping-answer-v1", question.state, subject, expires]));
  return url.href;
}

function sign(secret: string, parts: readonly string[]): string {
  return createHmac("sha256", secret).update(parts.join("\n")).digest("base64url");
}

function askingPage(question: Question): string {
  const hidden = Object.entries(question).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`,
  );
  return page(`<form action="/members">${hidden.join("")}
<label>회원 번호 · Membership number <input name="member" required autofocus></label> <button>확인 · Confirm</button></form>`);
}

const refusedPage = page(
  "<p>이 요청은 TicketPing이 보낸 것이 아니거나 만료되었습니다. · Not asked by TicketPing, or too late.</p>",
);

function page(body: string): string {
  return `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Members</title><main><h1>팬클럽 · Fan club (stand-in)</h1>${body}</main>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

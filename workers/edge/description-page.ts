/**
 * The description as a page to read: one HTML document, no script, nothing from anywhere else. Its one style sheet is
 * allowed by its hash.
 */
import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Description, Operation } from "./description.ts";
import type { Who } from "./gate/rule.ts";
import { problems } from "./problem.ts";

type Language = "ko" | "en";
type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const words = {
  ko: {
    lead: "거절은 모두 RFC 9457 문제 문서이며 code는 바뀌지 않습니다. 기계용 문서:",
    routes: "경로",
    problems: "문제 코드",
    code: "코드",
    status: "상태",
    meaning: "뜻",
    who: "누가",
    pass: "입장 패스 필요",
    parameters: "매개변수",
    body: "요청 본문",
    answers: "응답",
    refusals: "거절",
    other: "English",
    kinds: {
      anyone: "누구나",
      member: "로그인한 회원",
      "live-member": "로그인이 이어지고 있는 회원",
      waiter: "회원 또는 대기표",
      watcher: "회원 또는 대기표 (WebSocket)",
      organiser: "주최자",
      admin: "관리자",
      renewal: "갱신 쿠키",
      monitor: "지표 토큰",
      provider: "결제사 알림",
    },
  },
  en: {
    lead: "Every refusal is an RFC 9457 problem document whose code never changes. For programs:",
    routes: "Routes",
    problems: "Problem codes",
    code: "Code",
    status: "Status",
    meaning: "Meaning",
    who: "Who",
    pass: "needs a booking pass",
    parameters: "Parameters",
    body: "Body",
    answers: "Answers",
    refusals: "Refusals",
    other: "한국어",
    kinds: {
      anyone: "anyone",
      member: "a signed-in member",
      "live-member": "a member whose sign-in has not been ended",
      waiter: "a member, or a queue ticket",
      watcher: "a member, or a queue ticket (WebSocket)",
      organiser: "an organiser",
      admin: "an admin",
      renewal: "the refresh cookie",
      monitor: "the metrics token",
      provider: "a payment provider's notification",
    },
  },
} as const satisfies Record<Language, { readonly kinds: Record<Who, string> } & Record<string, unknown>>;

const style = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:60rem}
h3{font-size:1rem;margin:0;overflow-wrap:anywhere}section{border-top:1px solid #8888;padding:.75rem 0}
dl{margin:.5rem 0 0;display:grid;grid-template-columns:max-content 1fr;gap:.25rem .75rem}dt{opacity:.75}dd{margin:0;min-width:0;overflow-wrap:anywhere}
pre{margin:0;overflow:auto;font-size:.8rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .5rem .25rem 0;border-top:1px solid #8888;overflow-wrap:anywhere}
@media(max-width:30rem){dl{grid-template-columns:1fr}}`;
const styleHash = createHash("sha256").update(style).digest("base64");

/** Only the sheet above, by its hash. */
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

export function describePage(description: Description, language: Language): { html: Html; policy: string } {
  const say = words[language];
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationPart(method, path, operation, say)),
  );
  const codes = Object.entries(problems).map(
    ([code, kind]) =>
      html`<tr id="${code}">
        <td><code>${code}</code></td>
        <td>${kind.status}</td>
        <td lang="${language}">${kind[language]}</td>
      </tr>`,
  );
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>TicketPing API</title>
        ${raw(`<style>${style}</style>`)}
      </head>
      <body>
        <header>
          <h1>TicketPing API</h1>
          <p>${say.lead} <a href="/api/openapi.json">openapi.json</a></p>
          <p>
            <a href="#problems">${say.problems}</a> ·
            <a href="/api/docs?lang=${language === "ko" ? "en" : "ko"}" lang="${language === "ko" ? "en" : "ko"}"
              >${say.other}</a
            >
          </p>
        </header>
        <main>
          <h2>${say.routes}</h2>
          ${operations}
          <h2 id="problems">${say.problems}</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">${say.code}</th>
                <th scope="col">${say.status}</th>
                <th scope="col">${say.meaning}</th>
              </tr>
            </thead>
            <tbody>
              ${codes}
            </tbody>
          </table>
        </main>
      </body>
    </html>`;
  return { html: page, policy };
}

type Words = (typeof words)[Language];

function operationPart(method: string, path: string, operation: Operation, say: Words): Html {
  const { parameters, requestBody, responses = {}, security = [] } = operation;
  const who = operation["x-who"];
  const codes = operation["x-problem-codes"] ?? [];
  const pass = security.some((one) => "bookingPass" in one) ? ` · ${say.pass}` : "";
  const answers = Object.entries(responses).filter(([status]) => status < "400");
  const row = (name: string, value: unknown): Html | string =>
    value === undefined
      ? ""
      : html`<dt>${name}</dt>
          <dd><pre>${JSON.stringify(value, null, 1)}</pre></dd>`;
  return html`<section>
    <h3><code>${method.toUpperCase()} ${path}</code></h3>
    <dl>
      <dt>${say.who}</dt>
      <dd>${who === undefined ? "" : say.kinds[who]}${pass}</dd>
      ${row(say.parameters, parameters)} ${row(say.body, requestBody)}
      <dt>${say.answers}</dt>
      <dd>${answers.map(([status, answer]) => html`<p><strong>${status}</strong> ${descriptionOf(answer)}</p>`)}</dd>
      <dt>${say.refusals}</dt>
      <dd>${codes.map((code) => html`<a href="#${code}">${code}</a> `)}</dd>
    </dl>
  </section>`;
}

function descriptionOf(answer: unknown): string {
  return answer instanceof Object && "description" in answer ? String(answer.description) : "";
}

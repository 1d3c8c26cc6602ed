/**
 * The waiting room without JavaScript: a page from the server that asks again by itself, at the interval the queue
 * dictates, with forms for joining, entering and leaving. Nobody loses a place because a script did not load.
 */
import { z } from "@hono/zod-openapi";
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { QueueState } from "../../../durable-objects/lobby/contract.ts";
import type { Verification } from "../../../durable-objects/performance/contract.ts";
import type { App, AppContext } from "../context.ts";
import { setPassCookie, setTicketCookie } from "../gate/pass.ts";
import { answered, granted, identitiesOf, overloaded, roomOf, type Room } from "../gate/room.ts";
import { signPass, signTicket } from "../gate/tokens.ts";
import { languageOf, Problem, problemOfRefusal, problems, type ProblemCode } from "../problem.ts";
import { plainHeaders, plainPage } from "./plain-page.ts";
import { performanceParams } from "./queue.ts";
import { ask, isVerified, showCode } from "./verification.ts";

type Language = "ko" | "en";

const words = {
  ko: {
    title: "대기실",
    none: "아직 줄을 서지 않았습니다.",
    gathering: "접수되었습니다. 순번은 추첨으로 정해집니다.",
    waiting: (ahead: number) => `앞에 ${ahead.toLocaleString("ko")}명이 있습니다.`,
    admitted: "입장할 차례입니다!",
    entered: "입장하셨습니다. 좌석을 선택해 주세요.",
    ended: "입장 시간이 끝났습니다. 다시 줄을 설 수 있습니다.",
    paused: "판매가 잠시 멈췄습니다. 순번은 그대로 유지됩니다.",
    soldout: "매진되었습니다. 좌석이 다시 나오면 이 화면에서 알려 드립니다.",
    closed: "판매가 끝났습니다.",
    revoked: "주최 측이 이 공연의 입장을 취소했습니다. 이유는 주최 측에 문의해 주세요.",
    unlikely: "앞에 계신 분보다 남은 좌석이 적습니다. 순서가 오기 전에 매진될 수 있습니다.",
    left: (grade: string, seats: number) => `${grade} ${seats.toLocaleString("ko")}석`,
    wait: (from: number, to: number) => `예상 대기 시간 ${from}–${to}분`,
    join: "줄 서기",
    code: "선예매 코드",
    show: "코드 확인",
    verify: "인증하러 가기",
    enter: "입장하기",
    leave: "나가기",
    seats: "좌석 선택으로",
    again: (seconds: number) => `${seconds}초마다 새로 고칩니다.`,
  },
  en: {
    title: "Waiting room",
    none: "You are not in the queue yet.",
    gathering: "You are in. The order will be drawn.",
    waiting: (ahead: number) => `${ahead.toLocaleString("en")} people are ahead of you.`,
    admitted: "It is your turn!",
    entered: "You are in. Choose your seats.",
    ended: "Your time is over. You can join again.",
    paused: "Sales are paused. You keep your place.",
    soldout: "It is sold out. This page will say so if seats come back.",
    closed: "Sales have ended.",
    revoked: "The organiser has withdrawn your admission to this show. Please ask them why.",
    unlikely: "Fewer seats are left than people are ahead of you. They may be gone before your turn.",
    left: (grade: string, seats: number) => `${grade}: ${seats.toLocaleString("en")} seats`,
    wait: (from: number, to: number) => `About ${from}–${to} minutes`,
    join: "Join the queue",
    code: "Pre-sale code",
    show: "Use the code",
    verify: "Go and be verified",
    enter: "Enter",
    leave: "Leave",
    seats: "Choose seats",
    again: (seconds: number) => `This page asks again every ${seconds} seconds.`,
  },
} as const;

const shown = { "text/html": { schema: z.string() } };

export function registerPlainRoom(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/api/performances/{id}/room",
    tags: ["queue"],
    request: { params: performanceParams },
    responses: { 200: { description: "The waiting room as a page that needs no script.", content: shown } },
  });
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/api/performances/{id}/room/verify",
    tags: ["queue"],
    request: { params: performanceParams },
    responses: { 303: { description: "On to the external verifier, which leads back to the page." } },
  });
  const codeForm = {
    body: { content: { "application/x-www-form-urlencoded": { schema: z.object({ code: z.string() }) } } },
  };
  for (const action of ["join", "code", "enter", "leave"]) {
    app.openAPIRegistry.registerPath({
      method: "post",
      path: `/api/performances/{id}/room/${action}`,
      tags: ["queue"],
      request: { params: performanceParams, ...(action === "code" ? codeForm : {}) },
      responses: { 303: { description: "Done: back to the page. A refusal is said by the page itself." } },
    });
  }
  const path = "/api/performances/:id/room";
  app.get(path, async (c) => {
    const id = c.req.param("id");
    const room = await roomOf(c.env, id, c.var.member.id, c.var.trail);
    const state = await room.waiting.look(room.entry);
    if (state === null) throw overloaded();
    return page(c, room, state, returnedWith(c.req.query("problem")));
  });

  app.get(`${path}/verify`, async (c) => c.redirect(await ask(c, c.req.param("id"), "room"), 303));
  app.post(`${path}/code`, (c) => acted(c, () => code(c)));

  app.post(`${path}/join`, (c) => acted(c, () => join(c)));
  app.post(`${path}/enter`, (c) => acted(c, () => enter(c)));
  app.post(`${path}/leave`, (c) => acted(c, () => leave(c)));
}

/** A form was sent: back to the page, which says what has become of it (so that a reload sends nothing again). */
async function acted(c: AppContext, act: () => Promise<void>): Promise<Response> {
  const id = c.req.param("id") ?? "";
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const room = await roomOf(c.env, id, c.var.member.id, c.var.trail);
    const state = await room.waiting.look(room.entry);
    if (state === null) throw error;
    return page(c, room, state, error.code);
  }
  return c.redirect(`/api/performances/${id}/room`, 303);
}

async function join(c: AppContext): Promise<void> {
  const id = c.req.param("id") ?? "";
  const room = await roomOf(c.env, id, c.var.member.id, c.var.trail);
  const reply = await room.waiting.join(room.entry);
  if (reply === null) throw overloaded();
  if (!reply.ok) throw problemOfRefusal(reply.refusal);
  const ticket = { member: c.var.member.id, performanceId: id, number: reply.number };
  setTicketCookie(c, id, await signTicket(c.env, ticket));
}

async function code(c: AppContext): Promise<void> {
  const form = await c.req.parseBody();
  const written = form["code"];
  await showCode(c, c.req.param("id") ?? "", typeof written === "string" ? written : "");
}

const ANSWERED_WITH = ["verification-failed", "identity-taken", "member-revoked", "performance-closed"] as const;

/** What the verifier's answer came to, of the few things it can have come to. */
function returnedWith(problem: string | undefined): ProblemCode | null {
  return ANSWERED_WITH.find((code) => code === problem) ?? null;
}

async function enter(c: AppContext): Promise<void> {
  const id = c.req.param("id") ?? "";
  const room = await roomOf(c.env, id, c.var.member.id, c.var.trail);
  const command = { kind: "enter", entry: room.entry, member: c.var.member.id } as const;
  const { session } = granted(await room.booking.submit(command), "session");
  const claims = { member: c.var.member.id, performanceId: id, number: session.number, epoch: session.epoch };
  setPassCookie(c, id, await signPass(c.env, claims, session.until), session.until);
}

async function leave(c: AppContext): Promise<void> {
  const room = await roomOf(c.env, c.req.param("id") ?? "", c.var.member.id, c.var.trail);
  answered(await room.waiting.submit({ kind: "leave", entry: room.entry }));
}

async function page(c: AppContext, room: Room, state: QueueState, problem: ProblemCode | null): Promise<Response> {
  const id = room.performanceId;
  const language: Language = languageOf(c.req.header("accept-language"));
  const say = words[language];
  const said = problem === null ? "" : html`<p role="alert">${problems[problem][language]}</p>`;
  const seats = `/seats?performance=${id}`;
  const { notice } = state.status;
  const body = plainPage({
    language,
    title: titleOf(state, say),
    heading: say.title,
    refresh: { seconds: state.pollAfterSeconds, path: `/api/performances/${id}/room` },
    foot: say.again(state.pollAfterSeconds),
    inside: html`${said}
      <p class="said">${sentenceOf(state, say)}</p>
      ${waitOf(state, say)} ${seatsOf(state, say)}
      ${notice === null ? "" : html`<p class="notice" dir="auto">${notice}</p>`}
      ${formsOf(id, state, say, seats, await missing(c, room, state))}`,
  });
  return c.html(body, problem === null ? 200 : problems[problem].status, {
    ...plainHeaders,
    "retry-after": String(state.pollAfterSeconds),
  });
}

type Words = (typeof words)[Language];

function titleOf(state: QueueState, say: Words): string {
  return state.ahead === null ? say.title : `(${state.ahead}) ${say.title}`;
}

/** What holds for everybody comes first, but for those who are in: they still have their time. */
function sentenceOf(state: QueueState, say: Words): string {
  const { phase } = state.status;
  if (state.revoked) return say.revoked;
  const inside = state.state === "admitted" || state.state === "entered";
  if (!inside && (phase === "paused" || phase === "soldout" || phase === "closed")) return say[phase];
  switch (state.state) {
    case "none":
      return say.none;
    case "admitted":
      return say.admitted;
    case "entered":
      return say.entered;
    case "ended":
      return say.ended;
    default:
      return state.ahead === null ? say.gathering : say.waiting(state.ahead);
  }
}

function waitOf({ wait }: QueueState, say: Words): HtmlEscapedString | Promise<HtmlEscapedString> | string {
  if (wait === null) return "";
  return html`<p>${say.wait(Math.floor(wait.fromSeconds / 60), Math.ceil(wait.toSeconds / 60))}</p>`;
}

/** What joining takes here and this member has not shown. */
async function missing(c: AppContext, room: Room, { state, revoked }: QueueState): Promise<Verification> {
  if (revoked || (state !== "none" && state !== "ended")) return null;
  const { by } = await identitiesOf(c.env, room.performanceId);
  return by === null || (await isVerified(room)) ? null : by;
}

function formsOf(id: string, { state, revoked }: QueueState, say: Words, seats: string, asked: Verification) {
  const form = (action: string, label: string, look = "") =>
    html`<form method="post" action="/api/performances/${id}/room/${action}" class="${look}">
      <button>${label}</button>
    </form>`;
  if (revoked) return "";
  if (asked === "verifier") return html`<p><a href="/api/performances/${id}/room/verify">${say.verify}</a></p>`;
  if (asked === "codes") {
    return html`<form method="post" action="/api/performances/${id}/room/code">
      <label>${say.code} <input name="code" maxlength="64" autocomplete="off" required /></label>
      <button>${say.show}</button>
    </form>`;
  }
  if (state === "none" || state === "ended") return form("join", say.join);
  if (state === "entered") return html`<p><a href="${seats}">${say.seats}</a></p>`;
  if (state === "admitted") return html`${form("enter", say.enter)}${form("leave", say.leave, "quiet")}`;
  return form("leave", say.leave, "quiet");
}

function seatsOf(
  { ahead, seatsUnlikely, status }: QueueState,
  say: Words,
): HtmlEscapedString | Promise<HtmlEscapedString> | string {
  const left = Object.entries(status.seatsLeft).map(([grade, seats]) => say.left(grade, seats));
  if (left.length === 0 || status.phase === "closed" || status.phase === "soldout") return "";
  const warning = seatsUnlikely && ahead !== null ? html`<p>${say.unlikely}</p>` : "";
  return html`<p>${left.join(" · ")}</p>
    ${warning}`;
}

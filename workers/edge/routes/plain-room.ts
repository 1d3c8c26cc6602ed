/**
 * The waiting room without JavaScript: a page from the server that asks again by itself, at the interval the queue
 * dictates, with forms for joining, entering and leaving. Nobody loses a place because a script did not load.
 */
import { z } from "@hono/zod-openapi";
import { html } from "hono/html";
import type { QueueState } from "../../../durable-objects/lobby/contract.ts";
import type { Verification } from "../../../durable-objects/performance/contract.ts";
import type { App, AppContext } from "../context.ts";
import { setPassCookie, setTicketCookie } from "../gate/pass.ts";
import { answered, granted, identitiesOf, overloaded, roomOf, type Room } from "../gate/room.ts";
import { signPass, signTicket } from "../gate/tokens.ts";
import { languageOf, Problem, problemOfRefusal, problems, type ProblemCode } from "../problem.ts";
import type { PublishedPerformance } from "../../records/catalogue.ts";
import { plainHeaders, plainPage } from "./plain-page.ts";
import { showHead, showOf, timeThere, titleOf } from "./plain-show.ts";
import { sentenceOf, timeOf, words, type Words } from "./plain-words.ts";
import { performanceParams } from "./queue.ts";
import { ask, isVerified, showCode } from "./verification.ts";

type Language = "ko" | "en";

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
  const [show, asked] = await Promise.all([showOf(c, id), missing(c, room, state)]);
  const said = problem === null ? "" : html`<p role="alert">${problems[problem][language]}</p>`;
  const time = timeOf(state, say);
  const { notice } = state.status;
  const body = plainPage({
    language,
    title: windowTitle(state, say, show === null ? null : titleOf(show, language)),
    above: showHead(show, language),
    heading: sentenceOf(state, say),
    refresh: { seconds: state.pollAfterSeconds, path: `/api/performances/${id}/room` },
    foot: say.again(state.pollAfterSeconds),
    inside: html`${said} ${time === null ? "" : html`<p class="time">${time}</p>`}
    ${opening(state, say, show, language)} ${state.number === null ? "" : html`<p>${say.number(state.number + 1)}</p>`}
    ${formsOf(id, state, say, asked)} ${notice === null ? "" : html`<p class="notice" dir="auto">${notice}</p>`}
    ${seatsOf(state, say)}`,
  });
  return c.html(body, problem === null ? 200 : problems[problem].status, {
    ...plainHeaders,
    "retry-after": String(state.pollAfterSeconds),
  });
}

/** What a background tab should show first: how many are ahead, or that it is one's turn. */
function windowTitle(state: QueueState, say: Words, show: string | null): string {
  const where = show === null ? say.title : `${show} · ${say.title}`;
  if (state.state === "admitted") return `${say.admitted} ${where}`;
  return state.ahead === null ? where : `(${state.ahead}) ${where}`;
}

/** When the queue opens, or the sale, for those who wait for that. */
function opening({ state, status }: QueueState, say: Words, show: PublishedPerformance | null, language: Language) {
  if (show === null) return "";
  const { phase, gatherAt, openAt } = status;
  if (phase === "scheduled") return html`<p>${say.queueOpens(timeThere(gatherAt ?? openAt, show, language))}</p>`;
  const drawn = state === "waiting" && (phase === "gathering" || phase === "sealed");
  return drawn ? html`<p>${say.opens(timeThere(openAt, show, language))}</p>` : "";
}

/** What joining takes here and this member has not shown. */
async function missing(c: AppContext, room: Room, { state, revoked }: QueueState): Promise<Verification> {
  if (revoked || (state !== "none" && state !== "ended")) return null;
  const { by } = await identitiesOf(c.env, room.performanceId);
  return by === null || (await isVerified(room)) ? null : by;
}

function formsOf(id: string, { state, revoked, status }: QueueState, say: Words, asked: Verification) {
  const form = (action: string, label: string, look = "") =>
    html`<form method="post" action="/api/performances/${id}/room/${action}" class="${look}">
      <button>${label}</button>
    </form>`;
  if (revoked) return "";
  if (state === "entered") return html`<p><a class="button" href="/seats?performance=${id}">${say.seats}</a></p>`;
  if (state === "admitted") return html`${form("enter", say.enter)}${form("leave", say.leave, "quiet")}`;
  if (state === "passed-over") return html`${form("join", say.here)}${form("leave", say.leave, "quiet")}`;
  if (state === "waiting") return form("leave", say.leave, "quiet");
  if (status.phase === "closed") return "";
  if (asked === "verifier") {
    return html`<p><a class="button" href="/api/performances/${id}/room/verify">${say.verify}</a></p>`;
  }
  if (asked === "codes") {
    return html`<form method="post" action="/api/performances/${id}/room/code">
      <label>${say.code} <input name="code" maxlength="64" autocomplete="off" required /></label>
      <button>${say.show}</button>
    </form>`;
  }
  return status.phase === "scheduled" ? "" : form("join", say.join);
}

function seatsOf({ ahead, seatsUnlikely, status }: QueueState, say: Words) {
  const left = Object.entries(status.seatsLeft);
  if (left.length === 0 || status.phase === "closed" || status.phase === "soldout") return "";
  const warning = seatsUnlikely && ahead !== null ? html`<p>${say.unlikely}</p>` : "";
  return html`${warning}
    <h2>${say.left}</h2>
    <dl>
      ${left.map(
        ([grade, seats]) =>
          html`<div>
            <dt dir="auto">${say.grade(grade)}</dt>
            <dd>${say.seatsLeft(seats)}</dd>
          </div>`,
      )}
    </dl>`;
}

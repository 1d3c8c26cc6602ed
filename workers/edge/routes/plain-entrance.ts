/**
 * The way to the waiting room without JavaScript: signing in with a form, and what is on sale, each with its room
 * (plain-room.ts). The pages that need a script lead here when there is none.
 */
import { z } from "@hono/zod-openapi";
import { html } from "hono/html";
import type { MiddlewareHandler } from "hono";
import { requireListedOrigin, whoIs } from "../auth/who.ts";
import type { App, AppContext, AppEnv } from "../context.ts";
import { languageOf, Problem, problems, type ProblemCode } from "../problem.ts";
import { emailAddress } from "../text-input.ts";
import type { PublishedPerformance } from "../../records/catalogue.ts";
import { isUuid } from "../../records/cursor.ts";
import { signIn } from "./auth.ts";
import { firstPublished } from "./performances.ts";
import { plainHeaders, plainPage, type PlainPage } from "./plain-page.ts";
import { timeThere, titleOf, whenAndWhere } from "./plain-show.ts";

const PLAIN_ENTRANCE = "/api/room";
export const PLAIN_SIGN_IN = `${PLAIN_ENTRANCE}/sign-in`;
const ROOM_PATH = /^\/api\/performances\/([^/]+)\/room(\/(join|code|verify))?$/;
const LISTED_MAX = 100;

const words = {
  ko: {
    title: "대기실",
    email: "이메일",
    password: "비밀번호",
    signIn: "로그인",
    choose: "대기실에 들어갈 공연을 선택하세요.",
    opens: (time: string) => `예매 시작: ${time}`,
    none: "지금 열려 있는 공연이 없습니다.",
    later: "줄을 서고 입장하는 데에는 자바스크립트가 필요하지 않습니다. 좌석 선택과 결제에는 필요합니다.",
  },
  en: {
    title: "Waiting rooms",
    email: "E-mail",
    password: "Password",
    signIn: "Sign in",
    choose: "Choose a show to wait for.",
    opens: (time: string) => `Sales open: ${time}`,
    none: "There is no show to wait for right now.",
    later: "You can queue and enter without JavaScript. Choosing seats and paying need it.",
  },
} as const;
type Words = (typeof words)["ko" | "en"];

const shown = { "text/html": { schema: z.string() } };
const signInForm = z.object({
  email: z.string(),
  password: z.string(),
  /** Whose room to go on to. */
  performance: z.string().optional(),
});
const written = z.object({ email: emailAddress, password: z.string().min(1).max(1_000) });

export function registerPlainEntrance(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: PLAIN_ENTRANCE,
    tags: ["queue"],
    request: { query: z.object({ performance: z.string().optional() }) },
    responses: {
      200: { description: "Signing in and the rooms there are, as a page without scripts.", content: shown },
    },
  });
  app.openAPIRegistry.registerPath({
    method: "post",
    path: PLAIN_SIGN_IN,
    tags: ["queue"],
    request: { body: { content: { "application/x-www-form-urlencoded": { schema: signInForm } } } },
    responses: { 303: { description: "Signed in: on to the room, or to the list of them." } },
  });

  app.get(PLAIN_ENTRANCE, async (c) => {
    const wanted = idOf(c.req.query("performance"));
    return (await isSignedIn(c)) ? listPage(c) : signInPage(c, wanted, null);
  });

  app.post(PLAIN_SIGN_IN, async (c) => {
    requireListedOrigin(c);
    const form = await c.req.parseBody();
    const wanted = idOf(form["performance"]);
    try {
      const { success, data } = written.safeParse(form);
      if (!success) throw new Problem("sign-in-failed");
      await signIn(c, data.email, data.password);
    } catch (error) {
      if (error instanceof Problem) return signInPage(c, wanted, error.code);
      throw error;
    }
    return c.redirect(wanted === null ? PLAIN_ENTRANCE : roomOfPerformance(wanted), 303);
  });
}

/** Whoever opens a room in a browser and is not signed in any more gets the form; programs get their problem document. */
export const strangersSignIn: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  const [, id] = ROOM_PATH.exec(c.req.path) ?? [];
  if (id === undefined || c.res.status !== 401 || c.req.header("accept")?.includes("text/html") !== true) return;
  c.res = c.redirect(`${PLAIN_ENTRANCE}?performance=${encodeURIComponent(id)}`, 303);
};

function idOf(given: unknown): string | null {
  return typeof given === "string" && isUuid(given) ? given : null;
}

const roomOfPerformance = (id: string): string => `/api/performances/${id}/room`;

async function isSignedIn(c: AppContext): Promise<boolean> {
  try {
    await whoIs(c);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

function signInPage(
  c: AppContext,
  performance: string | null,
  problem: ProblemCode | null,
): Response | Promise<Response> {
  const language = languageOf(c.req.header("accept-language"));
  const say = words[language];
  const inside = html`${problem === null ? "" : html`<p role="alert">${problems[problem][language]}</p>`}
    <form method="post" action="${PLAIN_SIGN_IN}">
      ${performance === null ? "" : html`<input type="hidden" name="performance" value="${performance}" />`}
      <p>
        <label>${say.email} <input type="email" name="email" autocomplete="username" required /></label>
      </p>
      <p>
        <label
          >${say.password} <input type="password" name="password" autocomplete="current-password" required
        /></label>
      </p>
      <p><button>${say.signIn}</button></p>
    </form>`;
  return page(c, inside, problem === null ? 200 : problems[problem].status);
}

async function listPage(c: AppContext): Promise<Response> {
  const language = languageOf(c.req.header("accept-language"));
  const say = words[language];
  const { items } = await firstPublished(c.env, LISTED_MAX);
  const open = items.filter(({ performance }) => performance.phase !== "closed");
  const inside =
    open.length === 0
      ? html`<p>${say.none}</p>`
      : html`<p>${say.choose}</p>
          <ul>
            ${open.map((one) => listed(one, say, language))}
          </ul>`;
  return page(c, inside, 200);
}

function listed(show: PublishedPerformance, say: Words, language: "ko" | "en") {
  const { id, phase, settings } = show.performance;
  const opens = phase === "scheduled" || phase === "gathering" ? (settings.openAt ?? null) : null;
  return html`<li>
    <a href="${roomOfPerformance(id)}" dir="auto">${titleOf(show, language)}</a>
    <p class="where" dir="auto">${whenAndWhere(show, language)}</p>
    ${opens === null ? "" : html`<p class="where">${say.opens(timeThere(opens, show, language))}</p>`}
  </li>`;
}

function page(c: AppContext, inside: PlainPage["inside"], status: 200 | (typeof problems)[ProblemCode]["status"]) {
  const language = languageOf(c.req.header("accept-language"));
  const say = words[language];
  const body = plainPage({ language, title: say.title, heading: say.title, foot: say.later, inside });
  return c.html(body, status, plainHeaders);
}

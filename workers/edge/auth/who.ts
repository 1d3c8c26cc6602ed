/**
 * Who is asking. The answer comes from a verified access token and from nothing else: no identity header, parameter or
 * body is ever read. A bearer token wins, and then cookies are ignored, so that a script's request never silently acts
 * as the person whose browser it runs in.
 */
import type { MiddlewareHandler } from "hono";
import { Problem } from "../problem.ts";
import type { AppContext, AppEnv, Member, Role } from "../context.ts";
import type { Environment } from "../../environment.ts";
import { noteBadToken } from "./bad-token.ts";
import { accessCookie } from "./cookies.ts";
import { keySet } from "./keys.ts";
import { verifyAccess } from "./session.ts";
import { readRecords } from "../../records/database.ts";
import { roleOfSession } from "../../records/refresh-tokens.ts";

const BEARER = /^Bearer +([A-Za-z0-9_.-]+) *$/i;
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Requires a signed-in member and sets `c.var.member`. */
export const member: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set("member", await whoIs(c));
  await next();
};

/**
 * Requires a sign-in that has not been ended since: for what must stop with a sign-out and not minutes later. Costs a
 * query, so it is for routes that need Postgres anyway; while Postgres is away they answer 503.
 */
export const liveSession: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set("member", await whoIs(c));
  await stillSignedIn(c, next);
};

/** The same for a member who is known already. From here on the role is the records', not the token's. */
export const stillSignedIn: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { id, session } = c.var.member;
  const role =
    session === undefined ? null : await readRecords(c.env, (db) => roleOfSession(db, id, session, new Date()));
  if (role === null) throw new Problem("signed-out");
  c.set("member", { ...c.var.member, role });
  await next();
};

/** Requires one of the roles; list it after `member`. */
export function requireRole(...allowed: readonly Role[]): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (!allowed.includes(c.var.member.role)) throw new Problem("role-required");
    await next();
  };
}

/** The member behind a request, or a problem saying why there is none. */
export async function whoIs(c: AppContext): Promise<Member> {
  const header = c.req.header("authorization");
  if (header !== undefined) {
    const token = BEARER.exec(header)?.[1];
    if (token === undefined) throw new Problem("token-invalid");
    return memberOfToken(c.env, token);
  }
  const cookie = accessCookie(c);
  if (cookie === undefined || cookie === "") throw new Problem("token-missing");
  if (!SAFE_METHODS.has(c.req.method)) requireListedOrigin(c);
  return memberOfToken(c.env, cookie);
}

/** The member an access token names; for callers that carry it elsewhere than in the usual headers (WebSockets). */
export async function memberOfToken(env: Environment, token: string): Promise<Member> {
  const result = await verifyAccess(await keySet(env.SESSION_KEYS), token, Date.now());
  if (result.ok) return result.value;
  noteBadToken("access", result);
  throw new Problem(result.reason === "expired" ? "token-expired" : "token-invalid");
}

/** Browsers send `Origin` with every mutation and every WebSocket upgrade; without one, cookies are not trusted. */
export function requireListedOrigin(c: AppContext): void {
  if (!originListed(c.req.header("origin"), c.req.url, c.env.ALLOWED_ORIGINS)) throw new Problem("origin-not-allowed");
}

/** Our own origin, or one of the setting `allowed` (comma separated). None at all, and `null`, are not. */
export function originListed(origin: string | undefined, requestUrl: string, allowed: string): boolean {
  if (origin === undefined || origin === "" || origin === "null") return false;
  if (origin === new URL(requestUrl).origin) return true;
  return allowed.split(",").some((entry) => entry.trim() === origin);
}

/**
 * Sign-up, sign-in, renewal and sign-out. The first two need Postgres; renewal goes on without it, so that nobody loses a
 * place in a sale because the records are down.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { afterAnswer } from "../after-answer.ts";
import { limitAttempts } from "../auth/attempts.ts";
import {
  accessCookie,
  clearSessionCookies,
  refreshCookie,
  setAccessCookie,
  setRefreshCookie,
} from "../auth/cookies.ts";
import { keySet } from "../auth/keys.ts";
import { mailLink } from "../auth/links.ts";
import { limitAccount, rememberDevice } from "../auth/device.ts";
import { noteBadToken } from "../auth/bad-token.ts";
import { hashPassword, verifyPassword } from "../auth/password.ts";
import { ACCESS_LIFETIME_MS, REFRESH_LIFETIME_MS, signAccess, signRefresh, verifyRefresh } from "../auth/session.ts";
import type { RefreshGrant } from "../auth/session.ts";
import { requireListedOrigin } from "../auth/who.ts";
import type { App, AppContext, Member } from "../context.ts";
import { body, created, done, ok } from "../openapi.ts";
import { languageOf, Problem } from "../problem.ts";
import { countRefusal } from "../refusal-counts.ts";
import { emailAddress, line, password } from "../text-input.ts";
import { isRecordsUnavailable, readRecords, withRecords } from "../../records/database.ts";
import { createMember, memberByEmail, setPasswordHash } from "../../records/members.ts";
import { revokeFamily, rotate, startFamily } from "../../records/refresh-tokens.ts";
import type { SessionMember } from "../../records/refresh-tokens.ts";
import { mailIsOn } from "../../mail/mail.ts";
import { memberSchema, memberView, viewOfToken } from "./me.ts";
import type { MemberView } from "./me.ts";

const sessionSchema = z
  .object({ accessToken: z.string(), expiresAt: z.iso.datetime(), member: memberSchema })
  .openapi("Session");

const signupRoute = createRoute({
  method: "post",
  path: "/api/auth/signup",
  request: {
    body: body(
      z.object({ email: emailAddress, password, nickname: line(1, 40), turnstileToken: z.string().optional() }),
    ),
  },
  responses: created(
    z.object({ member: memberSchema, verification: z.enum(["underway", "off"]) }),
    "A new member. `underway`: a link to confirm the address is on its way; `off`: this deployment sends no mail",
  ),
});

const loginRoute = createRoute({
  method: "post",
  path: "/api/auth/login",
  // What is too short to be a password is still only "not right": no rule is a hint about an account.
  request: { body: body(z.object({ email: emailAddress, password: z.string().min(1).max(1_000) })) },
  responses: ok(sessionSchema, "Signed in; the same tokens are set as cookies"),
});

const refreshRoute = createRoute({
  method: "post",
  path: "/api/auth/refresh",
  responses: ok(sessionSchema, "A new access token; the refresh cookie is replaced"),
});

const logoutRoute = createRoute({
  method: "post",
  path: "/api/auth/logout",
  responses: done("Signed out"),
});

export function registerAuth(app: App): void {
  app.openapi(signupRoute, async (c) => {
    const { email, password: secret, nickname } = c.req.valid("json");
    await limitAttempts(c, email.key);
    const passwordHash = await hashPassword(secret);
    const language = languageOf(c.req.header("accept-language"));
    const draft = {
      id: crypto.randomUUID(),
      email: email.email,
      emailKey: email.key,
      nickname,
      passwordHash,
      language,
    };
    const member = await withRecords(c.env, (db) => createMember(db, draft));
    if (member === null) throw new Problem("email-taken");
    const on = mailIsOn(c.env);
    // A mail that fails is logged, and the account's page offers to send another: signing up does not wait for it.
    if (on) afterAnswer(c, "signup", mailLink(c, member, "verify-email", new Date()));
    return c.json({ member: memberView(member), verification: on ? ("underway" as const) : ("off" as const) }, 201);
  });

  app.openapi(loginRoute, async (c) => {
    const { email, password: secret } = c.req.valid("json");
    return c.json(await signIn(c, email, secret), 200);
  });

  app.openapi(refreshRoute, async (c) => c.json(await renew(c), 200));

  app.openapi(logoutRoute, async (c) => {
    // Without cookies there is nothing to sign out of; with them, only our own pages may do it.
    if (accessCookie(c) !== undefined || refreshCookie(c) !== undefined) requireListedOrigin(c);
    await endFamily(c);
    clearSessionCookies(c);
    return c.body(null, 204);
  });
}

interface SessionAnswer {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly member: MemberView;
}

/**
 * Signs in with a password: both cookies are set, and the answer has what goes into the body.
 * @throws Problem `sign-in-failed`, `rate-limited`
 */
export async function signIn(
  c: AppContext,
  email: z.infer<typeof emailAddress>,
  secret: string,
): Promise<SessionAnswer> {
  await limitAttempts(c, email.key);
  await limitAccount(c, email.key);
  const known = await readRecords(c.env, (db) => memberByEmail(db, email.key));
  const check = await verifyPassword(secret, known?.passwordHash ?? null);
  if (known === null || !check.matches) {
    countRefusal(c, "sign-in failed");
    throw new Problem("sign-in-failed");
  }
  const now = Date.now();
  const grant = { member: claimed(known), jti: crypto.randomUUID(), family: crypto.randomUUID() };
  const rehashed = check.outdated ? await hashPassword(secret) : null;
  await withRecords(c.env, async (db) => {
    const expiresAt = new Date(now + REFRESH_LIFETIME_MS);
    await startFamily(db, { jti: grant.jti, family: grant.family, memberId: known.id, expiresAt });
    if (rehashed !== null) await setPasswordHash(db, known.id, rehashed);
  });
  await giveRefreshToken(c, grant, now);
  await rememberDevice(c, email.key, now);
  return giveAccessToken(c, memberView(known), grant.family, now);
}

async function giveAccessToken(
  c: AppContext,
  member: MemberView,
  session: string,
  now: number,
): Promise<SessionAnswer> {
  const keys = await keySet(c.env.SESSION_KEYS);
  const { id, role, nickname, emailVerified: verified } = member;
  const accessToken = await signAccess(keys, { id, role, nickname, verified, session }, now);
  setAccessCookie(c, accessToken);
  return { accessToken, expiresAt: new Date(now + ACCESS_LIFETIME_MS).toISOString(), member };
}

async function giveRefreshToken(c: AppContext, grant: RefreshGrant, now: number): Promise<void> {
  setRefreshCookie(c, await signRefresh(await keySet(c.env.SESSION_KEYS), grant, now));
}

/** What of a member goes into tokens: nothing else of the row ever does. */
function claimed({ id, role, nickname, emailVerifiedAt }: SessionMember): Member {
  return { id, role, nickname, verified: emailVerifiedAt !== null };
}

/**
 * Rotates the refresh token, or, while the records cannot be reached, gives an access token on the strength of the
 * signature alone. What that costs: for the length of an outage, a stolen or signed-out refresh token works until it
 * expires. What it buys: signed-in fans keep their places.
 */
async function renew(c: AppContext): Promise<SessionAnswer> {
  const token = refreshCookie(c);
  if (token === undefined || token === "") throw new Problem("token-missing");
  requireListedOrigin(c);
  const now = Date.now();
  const verified = await verifyRefresh(await keySet(c.env.SESSION_KEYS), token, now);
  if (!verified.ok) {
    noteBadToken("refresh", verified);
    return refuseRenewal();
  }
  const { member, jti, family } = verified.value;
  const next = crypto.randomUUID();
  const nextExpiresAt = new Date(now + REFRESH_LIFETIME_MS);
  const succession = { jti, family, memberId: member.id, next, nextExpiresAt, now: new Date(now) };
  const rotation = await withRecords(c.env, (db) => rotate(db, succession)).catch((error: unknown) => {
    if (isRecordsUnavailable(error)) return null;
    throw error;
  });
  if (rotation === null) {
    return giveAccessToken(c, viewOfToken(member), family, now);
  }
  if (rotation.result === "refused") return refuseRenewal();
  const renewed = { member: claimed(rotation.member), jti: next, family };
  if (rotation.result === "rotated") await giveRefreshToken(c, renewed, now);
  return giveAccessToken(c, memberView(rotation.member), family, now);
}

/**
 * The cookies stay: the answer to a late tab must not sign out the tab that has just renewed, and a browser that is really
 * signed out gets the same answer again.
 */
function refuseRenewal(): never {
  throw new Problem("refresh-invalid");
}

/** Best effort: a sign-out must clear the browser even when the records are down. */
async function endFamily(c: AppContext): Promise<void> {
  const token = refreshCookie(c);
  if (token === undefined) return;
  const now = Date.now();
  const verified = await verifyRefresh(await keySet(c.env.SESSION_KEYS), token, now);
  if (!verified.ok) return;
  await withRecords(c.env, (db) => revokeFamily(db, verified.value.family, new Date(now))).catch((error: unknown) => {
    if (!isRecordsUnavailable(error)) throw error;
  });
}

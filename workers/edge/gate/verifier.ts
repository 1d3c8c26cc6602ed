/**
 * An external verifier: a service of the organiser's that knows who its members are. A fan's browser carries a signed,
 * expiring question there and a signed, expiring answer back; the two servers never talk to each other. Both are signed
 * by HMAC-SHA-256 with the secret the organiser was shown. docs/member-verification.md has the protocol.
 *
 * What binds an answer to who asked: its `state` is a token of ours that names performance, entry and browser. The browser
 * has the other half in a cookie, so that nobody can have somebody else answered for by passing a link on.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { getCookie, setCookie } from "hono/cookie";
import {
  acceptedSecrets,
  SECRET_OVERLAP_MS,
  verifierSecret,
} from "../../../durable-objects/performance/admission/identity.ts";
import type { Verifier } from "../../../durable-objects/performance/contract.ts";
import type { Environment } from "../../environment.ts";
import { secureOrigin } from "../auth/cookies.ts";
import { keySet } from "../auth/keys.ts";
import { signToken, verifyToken } from "../auth/tokens.ts";
import type { AppContext } from "../context.ts";

const STATE = { type: "verification+jwt", audience: "ticketping:verification" } as const;
/** To sign in there, or to find the membership card. A secret outlives its end by as much. */
const LIFETIME_MS = SECRET_OVERLAP_MS;
/** Printable ASCII without spaces: one way to write a subject, and no letters that only look alike. */
const SUBJECT = /^[\x21-\x7e]{1,128}$/;

/** The page a fan came from, and goes back to. */
export type Home = "waiting" | "room";

export interface Answer {
  readonly state: string;
  readonly subject: string;
  readonly expires: string;
  readonly signature: string;
}

/** The address a browser is sent to, and the cookie with which it comes back. */
export async function questionFor(
  c: AppContext,
  verifier: Verifier,
  asked: { readonly performanceId: string; readonly entry: string; readonly entryKey: string; readonly home: Home },
): Promise<string> {
  const { performanceId, entry, entryKey, home } = asked;
  const expiresAt = Date.now() + LIFETIME_MS;
  const nonce = randomBytes(16).toString("base64url");
  const state = await signToken({
    keys: await keySet(c.env.PASS_KEYS),
    ...STATE,
    subject: entry,
    claims: { performance: performanceId, browser: hashOf(nonce), home },
    expiresAt,
  });
  setCookie(c, cookieOf(performanceId), nonce, { ...scope(c, performanceId), expires: new Date(expiresAt) });
  const returnTo = `${originOf(c)}/api/performances/${performanceId}/verification/answer`;
  const expires = String(Math.floor(expiresAt / 1_000));
  const signature = signatureOf(verifierSecret(entryKey, verifier.version), [
    "ticketping-ask-v1",
    performanceId,
    state,
    returnTo,
    expires,
  ]);
  const url = new URL(verifier.url);
  const question = { performance: performanceId, state, return_to: returnTo, expires, signature };
  for (const [name, value] of Object.entries(question)) url.searchParams.set(name, value);
  return url.href;
}

export interface Asked {
  readonly entry: string;
  readonly home: Home;
}

/** Whose question this browser carries the answer of, or null: another browser, performance or time, or no state of ours. */
export async function askedBy(c: AppContext, performanceId: string, state: string): Promise<Asked | null> {
  const keys = await keySet(c.env.PASS_KEYS);
  const result = await verifyToken({ keys, ...STATE, token: state });
  const nonce = getCookie(c, cookieOf(performanceId));
  if (!result.ok || nonce === undefined) return null;
  const { sub, performance, browser, home } = result.claims;
  if (performance !== performanceId || browser !== hashOf(nonce)) return null;
  return { entry: sub, home: home === "room" ? "room" : "waiting" };
}

/** Whether the verifier has said it, and has said it just now. */
export function isAnswered(verifier: Verifier, entryKey: string, answer: Answer, nowMs: number): boolean {
  const { state, subject, expires, signature } = answer;
  if (!SUBJECT.test(subject) || !/^\d{1,12}$/.test(expires)) return false;
  const leftMs = Number(expires) * 1_000 - nowMs;
  if (leftMs <= 0 || leftMs > LIFETIME_MS) return false;
  const parts = ["ticketping-answer-v1", state, subject, expires];
  const given = Buffer.from(signature);
  return acceptedSecrets(entryKey, verifier, nowMs).some((secret) => {
    const right = Buffer.from(signatureOf(secret, parts));
    return given.length === right.length && timingSafeEqual(given, right);
  });
}

/** An answer that has done what it can is of no further use to this browser. */
export function forgetQuestion(c: AppContext, performanceId: string): void {
  setCookie(c, cookieOf(performanceId), "", { ...scope(c, performanceId), maxAge: 0 });
}

function signatureOf(secret: string, parts: readonly string[]): string {
  return createHmac("sha256", secret).update(parts.join("\n")).digest("base64url");
}

function hashOf(nonce: string): string {
  return createHash("sha256").update(nonce).digest("base64url");
}

function originOf(c: AppContext): string {
  const { PUBLIC_ORIGIN: configured }: Environment = c.env;
  return configured === undefined || configured === "" ? new URL(c.req.url).origin : new URL(configured).origin;
}

/** Lax, because the browser comes back by a link from another site. */
function scope(c: AppContext, performanceId: string) {
  const path = `/api/performances/${performanceId}/verification`;
  return { path, httpOnly: true, sameSite: "Lax", secure: secureOrigin(c) } as const;
}

function cookieOf(performanceId: string): string {
  return `tp_asked_${performanceId}`;
}

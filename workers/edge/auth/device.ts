/**
 * Throttling by account that locks nobody out: who has signed in to an account from a browser before gets a cookie that
 * says so, and tries with it are counted by themselves. All others share one allowance a minute per account, so that a
 * stranger who uses it up keeps out strangers only. (OWASP calls these device cookies.) The cookie opens nothing.
 */
import { createHash } from "node:crypto";
import { getCookie, setCookie } from "hono/cookie";
import type { AppContext } from "../context.ts";
import { Problem } from "../problem.ts";
import { countRefusal } from "../refusal-counts.ts";
import { secureOrigin } from "./cookies.ts";
import { keySet } from "./keys.ts";
import { signToken, verifyToken } from "./tokens.ts";

const COOKIE = "tp_device";
const DEVICE = { type: "device+jwt", audience: "ticketping:device" } as const;
const LIFETIME_MS = 365 * 86_400_000;

/** Ends with `rate-limited` when too many from anywhere have tried this account within a minute. */
export async function limitAccount(c: AppContext, emailKey: string): Promise<void> {
  const device = await knownDevice(c, emailKey);
  const { success } = await c.env.RATE_ACCOUNT.limit({ key: device ?? emailKey });
  if (success) return;
  countRefusal(c, "rate-limited sign-in");
  throw new Problem("rate-limited", { retryAfterSeconds: 60 });
}

/** After a sign-in: this browser is one of the account's own. */
export async function rememberDevice(c: AppContext, emailKey: string, now: number): Promise<void> {
  const expiresAt = now + LIFETIME_MS;
  const claims = { jti: crypto.randomUUID() };
  const keys = await keySet(c.env.SESSION_KEYS);
  const token = await signToken({ keys, ...DEVICE, subject: accountOf(emailKey), claims, expiresAt, now });
  const scope = { path: "/api/auth", httpOnly: true, sameSite: "Strict", secure: secureOrigin(c) } as const;
  setCookie(c, COOKIE, token, { ...scope, maxAge: LIFETIME_MS / 1000 });
}

async function knownDevice(c: AppContext, emailKey: string): Promise<string | null> {
  const token = getCookie(c, COOKIE);
  if (token === undefined || token === "") return null;
  const result = await verifyToken({ keys: await keySet(c.env.SESSION_KEYS), ...DEVICE, token });
  const own = result.ok && result.claims.sub === accountOf(emailKey);
  return own && typeof result.claims.jti === "string" ? result.claims.jti : null;
}

/** The cookie lies in a browser that others may use: it holds no address. */
function accountOf(emailKey: string): string {
  return createHash("sha256").update(`device ${emailKey}`).digest("hex");
}

/**
 * The session's cookies. `Secure` is left out only where the request itself came over plain HTTP, which is a laptop:
 * a deployed Worker is reached by HTTPS alone.
 */
import { getCookie, setCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import type { AppContext } from "../context.ts";
import { ACCESS_LIFETIME_MS, REFRESH_LIFETIME_MS } from "./session.ts";

export const ACCESS_COOKIE = "tp_access";
const REFRESH_COOKIE = "tp_refresh";

/** Lax, so that a link from a mail opens signed in. */
export function setAccessCookie(c: AppContext, token: string): void {
  setCookie(c, ACCESS_COOKIE, token, { ...accessScope(c), maxAge: ACCESS_LIFETIME_MS / 1000 });
}

/** Strict and for /api/auth only: it is sent nowhere else. */
export function setRefreshCookie(c: AppContext, token: string): void {
  setCookie(c, REFRESH_COOKIE, token, { ...refreshScope(c), maxAge: REFRESH_LIFETIME_MS / 1000 });
}

export function clearSessionCookies(c: AppContext): void {
  setCookie(c, ACCESS_COOKIE, "", { ...accessScope(c), maxAge: 0 });
  setCookie(c, REFRESH_COOKIE, "", { ...refreshScope(c), maxAge: 0 });
}

export function accessCookie(c: AppContext): string | undefined {
  return getCookie(c, ACCESS_COOKIE);
}

export function refreshCookie(c: AppContext): string | undefined {
  return getCookie(c, REFRESH_COOKIE);
}

/** Whether a cookie of this request's origin may be marked `Secure`. */
export function secureOrigin(c: AppContext): boolean {
  return new URL(c.req.url).protocol === "https:";
}

function accessScope(c: AppContext): CookieOptions {
  return { path: "/", httpOnly: true, sameSite: "Lax", secure: secureOrigin(c) };
}

function refreshScope(c: AppContext): CookieOptions {
  return { path: "/api/auth", httpOnly: true, sameSite: "Strict", secure: secureOrigin(c) };
}

/**
 * The gate in front of booking, without any I/O: signature, expiry, audience, the performance in the path, the member who
 * asks. Whether the session still lives is the object's to say, on every command.
 */
import { getCookie, setCookie } from "hono/cookie";
import type { MiddlewareHandler } from "hono";
import { noteBadToken } from "../auth/bad-token.ts";
import { secureOrigin } from "../auth/cookies.ts";
import { whoIs } from "../auth/who.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { Problem } from "../problem.ts";
import { verifyPass, verifyTicket } from "./tokens.ts";

/** Requires a booking pass for the performance in the path, of the member who asks. List it after `member`. */
export const pass: MiddlewareHandler<AppEnv> = async (c, next) => {
  const performanceId = c.req.param("id") ?? "";
  // As with tokens: a header wins, and then the cookie is ignored.
  const token = c.req.header("booking-pass") ?? getCookie(c, passCookie(performanceId));
  if (token === undefined || token === "") throw new Problem("pass-missing");
  const result = await verifyPass(c.env, token);
  if (!result.ok) {
    noteBadToken("pass", result);
    throw new Problem(result.reason === "expired" ? "pass-expired" : "pass-invalid");
  }
  const { value } = result;
  if (value.performanceId !== performanceId || value.member !== c.var.member.id) {
    noteBadToken("pass", { reason: "invalid", detail: "of another performance or member" });
    throw new Problem("pass-invalid");
  }
  c.set("pass", value);
  await next();
};

/** Whoever waits: a signed-in member, or the holder of a queue ticket whose sign-in has run out meanwhile. */
export const waiter: MiddlewareHandler<AppEnv> = async (c, next) => {
  const ticket = await ticketMember(c);
  c.set("member", ticket === null ? await whoIs(c) : { id: ticket, role: "member" });
  await next();
};

async function ticketMember(c: AppContext): Promise<string | null> {
  const performanceId = c.req.param("id") ?? "";
  const header = c.req.header("queue-ticket");
  if (header === undefined && c.req.header("authorization") !== undefined) return null;
  const token = header ?? (await fallbackCookie(c, performanceId));
  if (token === undefined || token === "") return null;
  const result = await verifyTicket(c.env, token);
  if (result.ok && result.value.performanceId === performanceId) return result.value.member;
  const other = { reason: "invalid", detail: "of another performance" } as const;
  noteBadToken("queue ticket", result.ok ? other : result);
  if (header !== undefined) throw new Problem("token-invalid");
  return null;
}

/** Whether the member has a queue ticket for the performance in the path with them. List the caller after whoever says who asks. */
export async function holdsTicket(c: AppContext): Promise<boolean> {
  const performanceId = c.req.param("id") ?? "";
  const token = c.req.header("queue-ticket") ?? getCookie(c, ticketCookie(performanceId));
  if (token === undefined) return false;
  const result = await verifyTicket(c.env, token);
  return result.ok && result.value.performanceId === performanceId && result.value.member === c.var.member.id;
}

/** The ticket cookie stands in only where the sign-in no longer holds, and never lends itself to another site. */
async function fallbackCookie(c: AppContext, performanceId: string): Promise<string | undefined> {
  const ticket = getCookie(c, ticketCookie(performanceId));
  if (ticket === undefined) return undefined;
  try {
    await whoIs(c);
    return undefined;
  } catch (error) {
    if (error instanceof Problem && error.code === "origin-not-allowed") throw error;
    const site = c.req.header("sec-fetch-site");
    return site === undefined || site === "same-origin" || site === "none" ? ticket : undefined;
  }
}

export function setPassCookie(c: AppContext, performanceId: string, token: string, expiresAt: number): void {
  setRoomCookie(c, passCookie(performanceId), performanceId, token, new Date(expiresAt));
}

const TICKET_DAYS = 30;

export function setTicketCookie(c: AppContext, performanceId: string, token: string): void {
  const expires = new Date(Date.now() + TICKET_DAYS * 86_400_000);
  setRoomCookie(c, ticketCookie(performanceId), performanceId, token, expires);
}

function setRoomCookie(c: AppContext, name: string, performanceId: string, token: string, expires: Date): void {
  const path = `/api/performances/${performanceId}`;
  setCookie(c, name, token, { path, httpOnly: true, sameSite: "Lax", secure: secureOrigin(c), expires });
}

function passCookie(performanceId: string): string {
  return `tp_pass_${performanceId}`;
}

function ticketCookie(performanceId: string): string {
  return `tp_queue_${performanceId}`;
}

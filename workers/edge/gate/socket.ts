/** Who opens a socket. Browsers can set no header on one, so the token may also come as a subprotocol ("bearer.<jwt>"). */
import type { MiddlewareHandler } from "hono";
import { memberOfToken, originListed, whoIs } from "../auth/who.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { Problem } from "../problem.ts";
import { pass, waiter } from "./pass.ts";

/** Requires a waiter and a listed origin, and for a booking socket (`?booking=1`) a member with a pass. */
export const watcher: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") throw new Problem("websocket-required");
  const bearer = bearerProtocol(c);
  // A page of another site could open a socket with the visitor's cookies: so its origin has to be listed. A program
  // without cookies names its token itself and sends no origin.
  const origin = c.req.header("origin");
  if ((origin !== undefined || bearer === null) && !originListed(origin, c.req.url, c.env.ALLOWED_ORIGINS)) {
    if (origin !== undefined || c.req.header("authorization") === undefined) throw new Problem("origin-not-allowed");
  }
  if (bearer !== null) c.set("member", await memberOfToken(c.env, bearer));
  else await waiter(c, async () => undefined);
  if (isBooking(c)) {
    if (bearer === null) c.set("member", await whoIs(c));
    await pass(c, async () => undefined);
  }
  await next();
};

/** Whether the socket is asked for seats as well. */
export function isBooking(c: AppContext): boolean {
  return c.req.query("booking") === "1";
}

export function protocols(c: AppContext): string[] {
  return (c.req.header("sec-websocket-protocol") ?? "").split(",").map((name) => name.trim());
}

/** A URL would end up in logs. */
function bearerProtocol(c: AppContext): string | null {
  const named = protocols(c).find((name) => name.startsWith("bearer."));
  return named === undefined ? null : named.slice("bearer.".length);
}

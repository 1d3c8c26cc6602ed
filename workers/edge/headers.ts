/** Headers of every answer: what browsers may do with it, and which other origins' pages may read it. */
import type { MiddlewareHandler } from "hono";
import { originListed } from "./auth/who.ts";
import type { AppContext, AppEnv } from "./context.ts";

const headers: readonly (readonly [name: string, value: string])[] = [
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  ["referrer-policy", "no-referrer"],
  ["content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"],
  ["cross-origin-resource-policy", "same-origin"],
  ["strict-transport-security", "max-age=31536000; includeSubDomains"],
];

const METHODS = "GET, POST, PUT, PATCH, DELETE";
const REQUEST_HEADERS =
  "authorization, content-type, accept-language, idempotency-key, booking-pass, queue-ticket, turnstile-token";
const PREFLIGHT_SECONDS = "600";

/** Answers are of one person and one moment unless a route says otherwise. */
export const securityHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  // The answer to a WebSocket upgrade carries the socket and must leave as it is.
  if (c.res.status === 101) return;
  const answer = withOwnHeaders(c.res, c.get("trail").requestId);
  for (const [name, value] of headers) if (!answer.headers.has(name)) answer.headers.set(name, value);
  if (!answer.headers.has("cache-control")) answer.headers.set("cache-control", "no-store");
  // By which pages measure their deadlines, whatever the clock of who reads them. Cloudflare writes its own; workerd none.
  if (!answer.headers.has("date")) answer.headers.set("date", new Date().toUTCString());
  if (answer !== c.res) c.res = answer;
};

/** What another object or the platform answered has headers that cannot be changed: a copy's can. */
function withOwnHeaders(answer: Response, requestId: string): Response {
  try {
    answer.headers.set("x-request-id", requestId);
    return answer;
  } catch {
    const copy = new Response(answer.body, answer);
    copy.headers.set("x-request-id", requestId);
    return copy;
  }
}

/**
 * Pages of listed origins (ALLOWED_ORIGINS) may call and read the answers, cookies included; those of other origins get no
 * word about it, which is how browsers are told no. An answer differs by origin, so caches are told that.
 */
export const crossOrigin: MiddlewareHandler<AppEnv> = async (c, next) => {
  const origin = foreignOrigin(c);
  const listed = origin !== null && originListed(origin, c.req.url, c.env.ALLOWED_ORIGINS);
  if (listed && c.req.method === "OPTIONS" && c.req.header("access-control-request-method") !== undefined) {
    const answer = c.body(null, 204);
    answer.headers.set("access-control-allow-methods", METHODS);
    answer.headers.set("access-control-allow-headers", REQUEST_HEADERS);
    answer.headers.set("access-control-max-age", PREFLIGHT_SECONDS);
    allow(answer.headers, origin);
    return answer;
  }
  await next();
  if (c.res.status === 101 || origin === null) return;
  const answer = new Response(c.res.body, c.res);
  answer.headers.append("vary", "origin");
  if (listed) allow(answer.headers, origin);
  c.res = answer;
};

function allow(headersOfAnswer: Headers, origin: string): void {
  headersOfAnswer.set("access-control-allow-origin", origin);
  headersOfAnswer.set("access-control-allow-credentials", "true");
  headersOfAnswer.set("access-control-expose-headers", "retry-after, x-request-id");
  headersOfAnswer.set("cross-origin-resource-policy", "cross-origin");
  headersOfAnswer.set("vary", "origin");
}

function foreignOrigin(c: AppContext): string | null {
  const origin = c.req.header("origin");
  return origin === undefined || origin === new URL(c.req.url).origin ? null : origin;
}

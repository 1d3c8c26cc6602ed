/**
 * Whether a person is asking: Cloudflare Turnstile, in front of signing up, of joining, of both or of nothing
 * (TURNSTILE_MODE). A token is good once and for five minutes, so a failure is recoverable: the page shows the challenge
 * again. Protocol: developers.cloudflare.com/turnstile/get-started/server-side-validation
 *
 * A join shows its proof as a cookie instead, bound to the member for half an hour, because joining is repeated (another
 * tab, a lost connection) and must not cost a challenge each time. A queue ticket proves as much.
 */
import { getCookie, setCookie } from "hono/cookie";
import type { MiddlewareHandler } from "hono";
import { z } from "zod";
import { boundedJson } from "../../../durable-objects/bounded-answer.ts";
import type { Signal } from "../../../durable-objects/in-time.ts";
import { log } from "../../../durable-objects/log.ts";
import { guarded } from "../../calls/guard.ts";
import type { Environment } from "../../environment.ts";
import { secureOrigin } from "../auth/cookies.ts";
import { keySet } from "../auth/keys.ts";
import { signToken, verifyToken } from "../auth/tokens.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { Problem } from "../problem.ts";
import { countRefusal } from "../refusal-counts.ts";
import { addressOf } from "./limits.ts";
import { holdsTicket } from "./pass.ts";

export type Occasion = "join" | "signup";

const PROOF_COOKIE = "tp_human";
const PROOF = { type: "human+jwt", audience: "ticketping:human" } as const;
const PROOF_LIFETIME_MS = 30 * 60_000;
/** The longest a token may be, by Cloudflare's own documents. */
const TOKEN_LENGTH_MAX = 2_048;
/** A verdict is some two hundred bytes, and as much again of `metadata`. */
const ANSWER_BYTES = 16 * 1_024;
const CLOUDFLARE = "https://challenges.cloudflare.com";

const verdict = z.object({
  success: z.boolean(),
  action: z.string().optional(),
  "error-codes": z.array(z.string()).default([]),
});

/** Codes that speak of Cloudflare or of our own settings, and not of the person. */
const OURS = new Set(["missing-input-secret", "invalid-input-secret", "bad-request", "internal-error"]);

/** Does TURNSTILE_MODE name the occasion? */
export function challengeOn(env: Environment, occasion: Occasion): boolean {
  return (env.TURNSTILE_MODE ?? "off").split(",").some((mode) => mode.trim() === occasion);
}

/** What a page needs to show the challenge. */
export function challengeFacts(env: Environment) {
  return {
    signup: challengeOn(env, "signup"),
    join: challengeOn(env, "join"),
    siteKey: env.TURNSTILE_SITE_KEY ?? null,
    scriptUrl: `${env.TURNSTILE_URL ?? CLOUDFLARE}/turnstile/v0/api.js?render=explicit`,
  };
}

/** Requires a proof where this deployment asks for one. For a join, list it after whoever says who is asking. */
export function challenged(occasion: Occasion): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (challengeOn(c.env, occasion)) {
      const token = await tokenOf(c, occasion);
      const proved = token === undefined && occasion === "join" && (await provedBefore(c));
      if (!proved) await requirePerson(c, occasion, token);
    }
    await next();
  };
}

/** A header, or the field of a sign-up. The body is read once and kept for the route. */
async function tokenOf(c: AppContext, occasion: Occasion): Promise<string | undefined> {
  const header = c.req.header("turnstile-token");
  if (header !== undefined || occasion === "join") return header;
  const body: unknown = await c.req.json().catch(() => null);
  const parsed = z.object({ turnstileToken: z.string() }).safeParse(body);
  return parsed.success ? parsed.data.turnstileToken : undefined;
}

/** Checks a token with Cloudflare. Ends with a problem unless a person was there, or nobody can say and the policy is open. */
export async function requirePerson(c: AppContext, occasion: Occasion, token: string | undefined): Promise<void> {
  if (token === undefined || token === "") throw new Problem("challenge-required");
  if (token.length > TOKEN_LENGTH_MAX) throw new Problem("challenge-failed");
  const result = await verify(c, occasion, token);
  if (result === "person") return;
  if (result === "nobody") {
    countRefusal(c, "challenge failed");
    throw new Problem("challenge-failed");
  }
  countRefusal(c, "challenge unavailable");
  // An outage of the challenge must not be an outage of the sale, unless the deployment says so.
  if (c.env.TURNSTILE_OUTAGE === "closed") throw new Problem("challenge-unavailable", { retryAfterSeconds: 10 });
}

async function verify(c: AppContext, occasion: Occasion, token: string): Promise<"person" | "nobody" | "unknown"> {
  const { TURNSTILE_SECRET_KEY: secret, TURNSTILE_URL = CLOUDFLARE } = c.env;
  if (secret === undefined || secret === "") return unknown("TURNSTILE_SECRET_KEY is not set");
  const address = addressOf(c);
  const body = { secret, response: token, ...(address === null ? {} : { remoteip: c.req.header("cf-connecting-ip") }) };
  try {
    const ask = async (signal: Signal): Promise<{ readonly status: number; readonly said: unknown }> => {
      const answer = await fetch(`${TURNSTILE_URL}/turnstile/v0/siteverify`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: signal(),
      });
      const { status } = answer;
      if (status < 500) return { status, said: await boundedJson(answer, ANSWER_BYTES) };
      await answer.body?.cancel();
      return { status, said: null };
    };
    const { status, said } = await guarded(c.env, "turnstile", ask, { isTrouble: (answer) => answer.status >= 500 });
    if (status >= 500) return unknown(`status ${status}`);
    const parsed = verdict.safeParse(said);
    if (!parsed.success) return unknown("an answer of another shape");
    const { success, action, "error-codes": codes } = parsed.data;
    if (codes.some((code) => OURS.has(code))) return unknown(codes.join(" ").slice(0, 100));
    // A token that was solved for one thing is no proof for another. Test keys name no action.
    const asked = action === undefined || action === "" || action === occasion;
    return success && asked ? "person" : "nobody";
  } catch (error) {
    return unknown(error instanceof Error ? error.name : "no answer");
  }
}

function unknown(cause: string): "unknown" {
  log("warn", "challenge", "cannot be checked", { cause });
  return "unknown";
}

/** Sets the cookie that proves it for half an hour of joining. */
export async function giveProof(c: AppContext): Promise<void> {
  const expiresAt = Date.now() + PROOF_LIFETIME_MS;
  const keys = await keySet(c.env.PASS_KEYS);
  const token = await signToken({ keys, ...PROOF, subject: c.var.member.id, claims: {}, expiresAt });
  const scope = { path: "/api/performances", httpOnly: true, sameSite: "Lax", secure: secureOrigin(c) } as const;
  setCookie(c, PROOF_COOKIE, token, { ...scope, expires: new Date(expiresAt) });
}

async function provedBefore(c: AppContext): Promise<boolean> {
  const token = getCookie(c, PROOF_COOKIE);
  if (token !== undefined) {
    const result = await verifyToken({ keys: await keySet(c.env.PASS_KEYS), ...PROOF, token });
    if (result.ok && result.claims.sub === c.var.member.id) return true;
  }
  return holdsTicket(c);
}

/** One request to a held site: whose it is, whether they may pass, and what happens when nobody can say. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { parse } from "hono/utils/cookie";
import { z } from "zod";
import { boundedText, TooLarge } from "../../../durable-objects/bounded-answer.ts";
import { errorFields, log } from "../../../durable-objects/log.ts";
import { keySet } from "../auth/keys.ts";
import { languageOf, Problem, problemDocument } from "../problem.ts";
import { isFailure, release, turnOf } from "./hold.ts";
import { passOn } from "./proxy.ts";
import { secretOf, siteOf, type Site, type SiteEnvironment } from "./settings.ts";
import { GUEST_COOKIE, GUEST_SECONDS, guestOf, PASS_COOKIE, signGuest, sitePassOf } from "./tokens.ts";
import { heldPage, refusedPage } from "./page.ts";

/** Never passed on: what the origin itself asks us. */
const KEYS_PATH = "/.ticketping/jwks.json";
const RELEASE_PATH = "/.ticketping/release";
const SIGNATURE_SECONDS = 300;
const HOLD_SECONDS = 10;
const BODY_MAX = 8_192;

export async function answerSite(request: Request, env: SiteEnvironment): Promise<Response> {
  const language = languageOf(request.headers.get("accept-language") ?? undefined);
  try {
    const url = new URL(request.url);
    if (url.pathname === KEYS_PATH) {
      const { published } = await keySet(env.PASS_KEYS);
      return Response.json({ keys: published }, { headers: { "cache-control": "public, max-age=300" } });
    }
    if (url.pathname.startsWith(`${RELEASE_PATH}/`)) return await answerRelease(request, env, url);
    const site = siteOf(env, url);
    return site === null ? problemDocument("not-found", language) : await answerVisitor(request, env, site);
  } catch (error) {
    if (error instanceof Problem) return problemDocument(error.code, language, error.extras);
    note("error", "failed", error);
    return problemDocument("internal-error", language);
  }
}

async function answerVisitor(request: Request, env: SiteEnvironment, site: Site): Promise<Response> {
  const cookies = parse(request.headers.get("cookie") ?? "");
  const known = await guestOf(env, cookies[GUEST_COOKIE]);
  const shown = cookies[PASS_COOKIE];
  // The usual request costs two signatures and asks nobody.
  if (known !== null && shown !== undefined && (await sitePassOf(env, site, shown)) === known)
    return through(request, site, shown);
  const guest = known ?? crypto.randomUUID();
  const set: string[] =
    known === null ? [cookie(request, GUEST_COOKIE, await signGuest(env, guest), GUEST_SECONDS)] : [];
  const answer = await heldOrLetIn(request, env, site, guest, set);
  if (set.length === 0) return answer;
  const copy = new Response(answer.body, answer);
  for (const one of set) copy.headers.append("set-cookie", one);
  return copy;
}

async function heldOrLetIn(
  request: Request,
  env: SiteEnvironment,
  site: Site,
  guest: string,
  set: string[],
): Promise<Response> {
  try {
    const turn = await turnOf(env, site, guest);
    if (turn.may === "wait") return heldPage(request, turn.state, turn.state.pollAfterSeconds);
    set.push(cookie(request, PASS_COOKIE, turn.token, 60));
    return await through(request, site, turn.token);
  } catch (error) {
    if (!isFailure(error) && error instanceof Problem) return refusedPage(request, error.code);
    note("warn", `cannot say who may pass: ${site.onFailure}`, error, site.name);
    if (site.onFailure === "open") return through(request, site, null);
    if (site.onFailure === "hold") return heldPage(request, null, HOLD_SECONDS);
    return refusedPage(request, "overloaded");
  }
}

async function through(request: Request, site: Site, pass: string | null): Promise<Response> {
  try {
    return await passOn(request, site, pass);
  } catch (error) {
    if (error instanceof TooLarge) return refusedPage(request, "upload-too-large");
    note("warn", "the origin does not answer", error, site.name);
    return refusedPage(request, "origin-unavailable");
  }
}

const released = z.strictObject({ pass: z.string().max(4_096), outcome: z.enum(["completed", "released"]) });

/**
 * POST /.ticketping/release/{site} { pass, outcome }, signed by the origin: `TicketPing-Signature: t=<seconds>,v1=<hex>`,
 * the HMAC-SHA-256 of "<t>.<body>" under the site's secret. Both outcomes give the slot on; the log tells them apart.
 */
async function answerRelease(request: Request, env: SiteEnvironment, url: URL): Promise<Response> {
  const name = url.pathname.slice(RELEASE_PATH.length + 1);
  const site = siteNamed(env, name);
  if (request.method !== "POST") throw new Problem("method-not-allowed");
  if (site === null) throw new Problem("not-found");
  const body = await boundedText(request, BODY_MAX).catch((error: unknown) => {
    throw error instanceof TooLarge ? new Problem("body-too-large") : error;
  });
  if (!isSigned(secretOf(env, site), request.headers.get("ticketping-signature"), body))
    throw new Problem("token-invalid");
  const parsed = released.safeParse(parseJson(body));
  if (!parsed.success) throw new Problem("invalid-request");
  const guest = await sitePassOf(env, site, parsed.data.pass, "accept");
  if (guest === null) throw new Problem("pass-invalid");
  await release(env, site, guest);
  log("info", "site", "released", { site: name, outcome: parsed.data.outcome });
  return new Response(null, { status: 204 });
}

function siteNamed(env: SiteEnvironment, name: string): Site | null {
  const listed: unknown = JSON.parse(env.SITES);
  const found = Array.isArray(listed)
    ? listed.find((one: unknown) => one instanceof Object && "name" in one && one.name === name)
    : undefined;
  const host = z.looseObject({ host: z.string(), path: z.string().default("/") }).safeParse(found);
  return host.success ? siteOf(env, new URL(`https://${host.data.host}${host.data.path}`)) : null;
}

function isSigned(secret: string | null, header: string | null, body: string): boolean {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? "");
  if (secret === null || match === null) return false;
  const [, time = "", given = ""] = match;
  if (Math.abs(Date.now() / 1_000 - Number(time)) > SIGNATURE_SECONDS) return false;
  const expected = createHmac("sha256", secret).update(`${time}.${body}`).digest();
  return timingSafeEqual(expected, Buffer.from(given, "hex"));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem("malformed-json");
  }
}

function cookie(request: Request, name: string, value: string, seconds: number): string {
  const secure = request.url.startsWith("https:") ? "; Secure" : "";
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`;
}

function note(level: "warn" | "error", message: string, error: unknown, site?: string): void {
  log(level, "site", message, { site, ...(error instanceof Problem ? { cause: error.code } : errorFields(error)) });
}

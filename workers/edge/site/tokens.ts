/**
 * What a site's visitor carries: who they are (a guest, for as long as the cookie lives) and that they are let in (a pass,
 * for less than a minute, so that whatever ends a session ends the visit within that time).
 */
import { keySet } from "../auth/keys.ts";
import { signToken, verifyToken } from "../auth/tokens.ts";
import type { Site, SiteEnvironment } from "./settings.ts";

export const GUEST_COOKIE = "tp_guest";
export const PASS_COOKIE = "tp_site_pass";
export const GUEST_SECONDS = 86_400;
/** With the time a slow answer may take, below the minute that a revocation may. */
export const PASS_MS = 50_000;

/** How old a pass may be with which the origin releases a slot. */
const LATEST_MS = GUEST_SECONDS * 1_000;

const guestAudience = "ticketping:guest";
const passAudience = ({ name }: Site): string => `ticketping:site:${name}`;

export async function signGuest(env: SiteEnvironment, guest: string): Promise<string> {
  const keys = await keySet(env.PASS_KEYS);
  const expiresAt = Date.now() + GUEST_SECONDS * 1_000;
  return signToken({ keys, type: "guest+jwt", audience: guestAudience, subject: guest, claims: {}, expiresAt });
}

export async function guestOf(env: SiteEnvironment, token: string | undefined): Promise<string | null> {
  if (token === undefined) return null;
  const keys = await keySet(env.PASS_KEYS);
  const result = await verifyToken({ keys, type: "guest+jwt", audience: guestAudience, token });
  return result.ok ? result.claims.sub : null;
}

export async function signSitePass(
  env: SiteEnvironment,
  site: Site,
  session: { readonly guest: string; readonly number: number; readonly epoch: number; readonly until: number },
): Promise<string> {
  const { guest: subject, number, epoch, until } = session;
  const claims = { performance: site.performance, number, epoch };
  const expiresAt = Math.min(Date.now() + PASS_MS, until);
  const keys = await keySet(env.PASS_KEYS);
  return signToken({ keys, type: "site-pass+jwt", audience: passAudience(site), subject, claims, expiresAt });
}

/** The leniency towards clocks is not for us: what we signed has ended when it says so. `late`: also one that has ended. */
export async function sitePassOf(
  env: SiteEnvironment,
  site: Site,
  token: string | undefined,
  late: "refuse" | "accept" = "refuse",
): Promise<string | null> {
  if (token === undefined) return null;
  const keys = await keySet(env.PASS_KEYS);
  const now = late === "accept" ? issuedAt(token) : Date.now();
  if (Date.now() - now > LATEST_MS) return null;
  const result = await verifyToken({ keys, type: "site-pass+jwt", audience: passAudience(site), token, now });
  if (!result.ok || result.claims["performance"] !== site.performance) return null;
  return (result.claims.exp ?? 0) * 1_000 > now ? result.claims.sub : null;
}

/** A purchase ends after its pass: who releases a slot may show an old one. Only a number is read; the rest is verified. */
function issuedAt(token: string): number {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return claims instanceof Object && "iat" in claims ? Number(claims.iat) * 1_000 : Date.now();
  } catch {
    return Date.now();
  }
}

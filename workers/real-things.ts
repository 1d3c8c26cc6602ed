/**
 * What must not be in production: play money, and settings that point at this machine or at stand-ins for somebody else's
 * service. A Worker that calls itself production and has one of them does nothing at all, and says which.
 */
import type { Environment } from "./environment.ts";

/** Only a laptop has these. */
const NEVER = ["BEACON_CHAIN", "LOCAL_WEBHOOKS"] as const;
/** Addresses: of somebody else's server, encrypted. A list is separated by commas. */
const ADDRESSES = [
  "NEON_HTTP_ENDPOINT",
  "TOSS_API_URL",
  "TOSS_SDK_URL",
  "STRIPE_API_URL",
  "STRIPE_SDK_URL",
  "MAIL_API_URL",
  "TURNSTILE_URL",
  "ALERT_WEBHOOK_URL",
  "BEACON_URLS",
  "PUBLIC_ORIGIN",
] as const;
const THIS_MACHINE = /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/;

/** Names of settings, never their values; none: everything is real, or this is not production. */
export function misplaced(env: Partial<Environment>): readonly string[] {
  if (env.ENVIRONMENT !== "production") return [];
  const found: string[] = NEVER.filter((name) => isSet(env[name]));
  if (env.PAYMENTS_MODE !== "live") found.push("PAYMENTS_MODE");
  for (const name of ADDRESSES) {
    const value = env[name];
    if (isSet(value) && !value.split(",").every((url) => isReal(url.trim(), "https:"))) found.push(name);
  }
  if (isSet(env.DATABASE_URL) && !isReal(env.DATABASE_URL, null)) found.push("DATABASE_URL");
  return found;
}

let looked: { readonly env: object; readonly found: readonly string[] } | null = null;

/** The same, found once for an isolate. */
export function misplacedHere(env: Environment): readonly string[] {
  if (looked?.env !== env) looked = { env, found: misplaced(env) };
  return looked.found;
}

/** @throws when something is misplaced: events and the minute's tasks then wait. */
export function requireRealThings(env: Environment): void {
  const found = misplacedHere(env);
  if (found.length > 0) throw new Error(`not for production: ${found.join(", ")}`);
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

function isReal(text: string, protocol: string | null): boolean {
  const url = URL.parse(text);
  return url !== null && (protocol === null || url.protocol === protocol) && !THIS_MACHINE.test(url.hostname);
}

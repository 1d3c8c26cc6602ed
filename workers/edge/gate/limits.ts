/**
 * Rate limits at the edge, in front of every route but those of machines: by address and route for everybody, by member and
 * route for what changes something. They are counted per Cloudflare location, so they are a shield and no promise: what is
 * fair is decided by the objects. Numbers: wrangler.toml.
 */
import type { MiddlewareHandler } from "hono";
import type { AppContext, AppEnv } from "../context.ts";
import { Problem } from "../problem.ts";
import { countRefusal } from "../refusal-counts.ts";
import type { RouteName } from "./rule.ts";

/** A window is a minute. Who comes back a third of it later finds room again, and not all of them at once. */
const RETRY_SECONDS = 20;

/** Thousands of people share an address behind a mobile carrier: this is for a flood, not for a crowd. */
export function limitedByAddress(route: RouteName): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const address = addressOf(c);
    // Without Cloudflare in front nobody vouches for an address, and everybody would share one.
    if (address !== null) await within(c, c.env.RATE_ADDRESS, `${address} ${route}`, "address");
    await next();
  };
}

/** List it after whoever says who is asking. */
export function limitedByMember(route: RouteName): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await within(c, c.env.RATE_MEMBER, `${c.get("member").id} ${route}`, "member");
    await next();
  };
}

async function within(c: AppContext, limit: RateLimit, key: string, by: "address" | "member"): Promise<void> {
  const { success } = await limit.limit({ key });
  if (success) return;
  countRefusal(c, `rate-limited by ${by}`);
  throw new Problem("rate-limited", { retryAfterSeconds: RETRY_SECONDS + Math.floor(Math.random() * RETRY_SECONDS) });
}

/** What Cloudflare saw. Of an IPv6 address its network: one person has a whole /64. */
export function addressOf(c: AppContext): string | null {
  const address = c.req.header("cf-connecting-ip");
  if (address === undefined || address === "") return null;
  return address.includes(":") ? networkOf(address) : address;
}

/** The first 64 bits of an IPv6 address, however it is abbreviated. */
export function networkOf(address: string): string {
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}

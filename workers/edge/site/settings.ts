/** Which sites are held, as the settings say. */
import { z } from "zod";
import type { Environment } from "../../environment.ts";
import { isLoopback, isOutward } from "../../records/notices/target.ts";

export type SiteEnvironment = Pick<Environment, "PERFORMANCE" | "LOBBY" | "PASS_KEYS"> & {
  /** JSON: a list of sites (docs/waiting-room-for-any-site.md). */
  readonly SITES: string;
  /** JSON: a secret of at least 32 characters for each site by name; signs the origin's calls. */
  readonly SITE_SECRETS: string;
  /** "1" on a laptop, where an origin may be a program on the same machine. */
  readonly LOCAL_ORIGINS?: string;
};

/** What Cloudflare itself takes at most on most plans, and how long it waits for an origin. */
const BODY_MEGABYTES_MAX = 100;
const ORIGIN_SECONDS_MAX = 100;

const site = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** As the visitor types it. */
  host: z.string().min(1),
  /** What begins with it is held. */
  path: z.string().startsWith("/").default("/"),
  /** Where visitors are let through to. */
  origin: z.url({ protocol: /^https?$/ }),
  performance: z.uuid(),
  onFailure: z.enum(["open", "closed", "hold"]),
  guestsInDraw: z.boolean().default(false),
  /** The largest body that is passed on. */
  bodyMegabytes: z.int().min(1).max(BODY_MEGABYTES_MAX).default(10),
  /** Until the origin begins to answer, once it has all of the request. */
  originSeconds: z.int().min(1).max(ORIGIN_SECONDS_MAX).default(60),
});
export type Site = z.infer<typeof site>;

const sites = z.array(site).max(100);
const secrets = z.record(z.string(), z.string().min(32));

let read: { readonly text: string; readonly local: boolean; readonly sites: readonly Site[] } | null = null;

/** The site of a request: of several on a host the one with the longest path. @throws as `sitesOf` does. */
export function siteOf(env: SiteEnvironment, url: URL): Site | null {
  const local = env.LOCAL_ORIGINS === "1";
  if (read?.text !== env.SITES || read.local !== local)
    read = { text: env.SITES, local, sites: sitesOf(env.SITES, local) };
  const held = read.sites.filter(({ host, path }) => host === url.hostname && under(url.pathname, path));
  return held.toSorted((a, b) => b.path.length - a.path.length)[0] ?? null;
}

/**
 * Every site of the setting. Whoever deploys names the origins and visitors have no say in them, so that what is refused here
 * is a mistake: what would lead into a network of our own, in the clear, or back to ourselves.
 * @throws ZodError, SyntaxError or TypeError: a malformed setting is a broken deployment.
 */
export function sitesOf(text: string, local: boolean): readonly Site[] {
  const found = sites.parse(JSON.parse(text));
  for (const { name, host, origin } of found) {
    const reason = wrongWith(new URL(origin), host, local);
    if (reason !== null) throw new TypeError(`the origin of the site ${name} ${reason}`);
  }
  return found;
}

function wrongWith(origin: URL, host: string, local: boolean): string | null {
  if (origin.username !== "" || origin.password !== "") return "has a user name or a password";
  if (origin.href !== `${origin.origin}/`) return "is more than a scheme and a host";
  if (local && isLoopback(origin.hostname)) return null;
  if (origin.hostname === host) return "is the held host itself";
  if (origin.protocol !== "https:") return "is not encrypted";
  return isOutward(origin.hostname) ? null : "is not on the internet";
}

export function secretOf(env: SiteEnvironment, { name }: Site): string | null {
  return secrets.parse(JSON.parse(env.SITE_SECRETS))[name] ?? null;
}

/** By whole segments, so that /shop does not hold /shopping; what the origin might read otherwise is held as well. */
function under(pathname: string, path: string): boolean {
  const plain = new URL(`http://site${decoded(pathname).replaceAll(/[\\/]+/g, "/")}`).pathname.toLowerCase();
  const prefix = path.toLowerCase().replace(/\/$/, "");
  return plain === prefix || plain.startsWith(`${prefix}/`) || plain.startsWith(`${prefix};`);
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

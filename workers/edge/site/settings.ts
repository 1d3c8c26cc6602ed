/** Which sites are held, as the settings say. */
import { z } from "zod";
import type { Environment } from "../../environment.ts";

export type SiteEnvironment = Pick<Environment, "PERFORMANCE" | "LOBBY" | "PASS_KEYS"> & {
  /** JSON: a list of sites (docs/waiting-room-for-any-site.md). */
  readonly SITES: string;
  /** JSON: a secret of at least 32 characters for each site by name; signs the origin's calls. */
  readonly SITE_SECRETS: string;
};

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
});
export type Site = z.infer<typeof site>;

const sites = z.array(site).max(100);
const secrets = z.record(z.string(), z.string().min(32));

let read: { readonly text: string; readonly sites: readonly Site[] } | null = null;

/** The site of a request: of several on a host the one with the longest path. A malformed setting is a broken deployment. */
export function siteOf(env: SiteEnvironment, url: URL): Site | null {
  if (read?.text !== env.SITES) read = { text: env.SITES, sites: sites.parse(JSON.parse(env.SITES)) };
  const held = read.sites.filter(({ host, path }) => host === url.hostname && under(url.pathname, path));
  return held.toSorted((a, b) => b.path.length - a.path.length)[0] ?? null;
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

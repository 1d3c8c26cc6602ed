/** OTLP endpoints that logs and traces are sent to. wrangler.toml has their names; what a name means is set in the account. */
import { unstable_readConfig } from "wrangler";
import { z } from "zod";
import type { EnvironmentName } from "./environments.ts";

const exported = z.looseObject({ destinations: z.array(z.string()).optional() }).optional();
const configuration = z.looseObject({
  observability: z.looseObject({ logs: exported, traces: exported }).optional(),
});

export type Telemetry = "logs" | "traces";

export interface Destination {
  readonly name: string;
  /** What is sent there. */
  readonly telemetry: Telemetry;
}

/** Where an environment sends what, as wrangler reads its configuration. */
export function destinationsOf(environment: EnvironmentName, file: string): readonly Destination[] {
  const { observability } = configuration.parse(unstable_readConfig({ config: file, env: environment }));
  return (["logs", "traces"] as const).flatMap((telemetry) =>
    (observability?.[telemetry]?.destinations ?? []).map((name) => ({ name, telemetry })),
  );
}

/** What has to be there before the first deploy; null: nothing is sent anywhere. */
export function destinationsSentence(wanted: readonly Destination[]): string | null {
  const names = Array.from(new Set(wanted.map(({ name }) => name)));
  if (names.length === 0) return null;
  return (
    `Logs and traces go to the OTLP ${names.length === 1 ? "destination" : "destinations"} ${names.join(" and ")}. ` +
    "Before the first deploy each must exist in the account (Cloudflare's dashboard: Workers, Observability, Destinations), " +
    "or `destinations` in wrangler.toml be empty: docs/deploy.md, Once, step 7."
  );
}

export interface Account {
  readonly id: string;
  readonly token: string;
}

/** Whose account is deployed to, where it is said so that a script can ask; signed in by a browser it is not. */
export function accountIn(env: Readonly<Record<string, string | undefined>>): Account | null {
  const { CLOUDFLARE_ACCOUNT_ID: id, CLOUDFLARE_API_TOKEN: token } = env;
  return id && token ? { id, token } : null;
}

const listed = z.object({
  result: z.array(
    z.looseObject({
      slug: z.string(),
      name: z.string(),
      enabled: z.boolean(),
      configuration: z.looseObject({ logpushDataset: z.string().optional() }).optional(),
    }),
  ),
});
export type KnownDestination = z.infer<typeof listed>["result"][number];

const API = "https://api.cloudflare.com/client/v4";
const ANSWER_MS = 15_000;
const PAGES_MOST = 20;

/** Those the account has, or the sentence why that could not be found out. */
export async function askDestinations(
  account: Account,
  api: string = API,
): Promise<readonly KnownDestination[] | string> {
  const found = new Map<string, KnownDestination>();
  try {
    for (let page = 1; page <= PAGES_MOST; page += 1) {
      const url = `${api}/accounts/${encodeURIComponent(account.id)}/workers/observability/destinations?page=${page}&perPage=100`;
      const headers = { authorization: `Bearer ${account.token}` };
      const answer = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
      if (!answer.ok) return `Cloudflare answered ${answer.status}: the token needs Workers Observability: Read`;
      const { result } = listed.parse(await answer.json());
      const fresh = result.filter(({ slug }) => !found.has(slug));
      for (const one of fresh) found.set(one.slug, one);
      // Where pages are not known every one is the first.
      if (fresh.length === 0) break;
    }
    return Array.from(found.values());
  } catch (error) {
    return `Cloudflare gave no answer that can be read (${error instanceof Error ? error.name : "unknown"})`;
  }
}

/** What is wrong with them, as sentences. */
export function destinationTroubles(
  wanted: readonly Destination[],
  known: readonly KnownDestination[],
): readonly string[] {
  return wanted.flatMap(({ name, telemetry }): readonly string[] => {
    const one = known.find(({ slug, name: called }) => slug === name || called === name);
    if (one === undefined) return [`the destination ${name} does not exist in the account`];
    const dataset = one.configuration?.logpushDataset;
    if (dataset !== undefined && dataset !== `opentelemetry-${telemetry}`)
      return [`the destination ${name} takes ${dataset}, and ${telemetry} are sent to it`];
    return one.enabled ? [] : [`the destination ${name} is switched off`];
  });
}

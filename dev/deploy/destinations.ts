/** OTLP endpoints that logs and traces are sent to. wrangler.toml has their names; what a name means is set in Cloudflare's dashboard. */
import { unstable_readConfig } from "wrangler";
import { z } from "zod";
import type { EnvironmentName } from "./environments.ts";

const exported = z.looseObject({ destinations: z.array(z.string()).optional() }).optional();
const configuration = z.looseObject({
  observability: z.looseObject({ logs: exported, traces: exported }).optional(),
});

/** Names of the endpoints an environment sends to, as wrangler reads its configuration. */
export function destinationsOf(environment: EnvironmentName, file: string): readonly string[] {
  const { observability } = configuration.parse(unstable_readConfig({ config: file, env: environment }));
  const names = [observability?.logs, observability?.traces].flatMap((one) => one?.destinations ?? []);
  return Array.from(new Set(names));
}

/** What has to be there before the first deploy; null: nothing is sent anywhere. */
export function destinationsSentence(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  return (
    `Logs and traces go to the OTLP ${names.length === 1 ? "destination" : "destinations"} ${names.join(" and ")}. ` +
    "Before the first deploy each must exist in the account (Cloudflare's dashboard: Workers, Observability, Destinations), " +
    "or `destinations` in wrangler.toml be empty: docs/deploy.md, Once, step 7."
  );
}

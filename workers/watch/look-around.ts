/** Once a minute: all figures, to Analytics Engine and to whoever has to be told. */
import type { Environment } from "../environment.ts";
import { watch } from "./alerts/alerts.ts";
import { writeAnalytics } from "./metrics/analytics.ts";
import { collect } from "./metrics/collect.ts";

export async function lookAround(env: Environment): Promise<void> {
  const sources = await collect(env);
  writeAnalytics(env, sources);
  await watch(env, sources);
}

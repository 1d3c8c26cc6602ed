/** Which providers are on is configuration: one whose keys are missing is off, never a silent sandbox. */
import type { Environment } from "../environment.ts";
import type { Provider } from "./provider.ts";
import { tossPayments } from "./toss.ts";

export function providers(env: Environment): ReadonlyMap<string, Provider> {
  const on = new Map<string, Provider>();
  if (env.TOSS_SECRET_KEY !== undefined && env.TOSS_CLIENT_KEY !== undefined) {
    const toss = tossPayments({
      apiUrl: env.TOSS_API_URL,
      sdkUrl: env.TOSS_SDK_URL,
      clientKey: env.TOSS_CLIENT_KEY,
      secretKey: env.TOSS_SECRET_KEY,
    });
    on.set(toss.name, toss);
  }
  return on;
}

/** The providers as one: whoever has a task asks the provider that the task names. */
import type { PaymentsPort } from "../../durable-objects/performance/orders/provider.ts";
import type { Environment } from "../environment.ts";
import { conclude, confirm, read, refund } from "./ask.ts";
import type { Provider } from "./provider.ts";
import { payments } from "./providers.ts";

/** A provider that was switched off meanwhile leaves the outcome unknown: it is asked again when it is back. */
const OFF = { result: "unknown", reason: "provider is off" } as const;

/** What is asked about here is money whose fate is open: no breaker stands in its way. */
export function paymentsPort(env: Environment): PaymentsPort {
  const ask = async <Outcome>(name: string, work: (provider: Provider) => Promise<Outcome>) => {
    const provider = payments(env).regardless.get(name);
    return provider === undefined ? OFF : work(provider);
  };
  return {
    confirm: (task, cause) => ask(task.provider, (provider) => confirm(provider, task, cause)),
    read: (task, cause) => ask(task.provider, (provider) => read(provider, task, cause)),
    conclude: (task, cause) => ask(task.provider, (provider) => conclude(provider, task, cause)),
    refund: (task, cause) => ask(task.provider, (provider) => refund(provider, task, cause)),
  };
}

/** The providers as an entrypoint of the Worker, so that an object's alarm can ask them too. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type {
  PaymentOutcome,
  ProviderTask,
  RefundOutcome,
  RefundTask,
} from "../../durable-objects/performance/contract.ts";
import type { PaymentsPort } from "../../durable-objects/performance/orders/provider.ts";
import type { Environment } from "../environment.ts";
import { conclude, confirm, read, refund } from "./ask.ts";
import { sendCounts } from "../metering.ts";
import type { Provider } from "./provider.ts";
import { payments } from "./providers.ts";

/** A provider that was switched off meanwhile leaves the outcome unknown: it is asked again when it is back. */
const OFF = { result: "unknown", reason: "provider is off" } as const;

/** What an object asks about is money whose fate is open: no breaker stands in its way. */
export class Payments extends WorkerEntrypoint<Environment> implements PaymentsPort {
  confirm(task: ProviderTask, cause: string): Promise<PaymentOutcome> {
    return this.#ask(task.provider, (provider) => confirm(provider, task, cause));
  }

  read(task: ProviderTask, cause: string): Promise<PaymentOutcome> {
    return this.#ask(task.provider, (provider) => read(provider, task, cause));
  }

  conclude(task: ProviderTask, cause: string): Promise<PaymentOutcome> {
    return this.#ask(task.provider, (provider) => conclude(provider, task, cause));
  }

  refund(task: RefundTask, cause: string): Promise<RefundOutcome> {
    return this.#ask(task.provider, (provider) => refund(provider, task, cause));
  }

  async #ask<Outcome>(name: string, ask: (provider: Provider) => Promise<Outcome>): Promise<Outcome | typeof OFF> {
    const provider = payments(this.env).regardless.get(name);
    if (provider === undefined) return OFF;
    try {
      return await ask(provider);
    } finally {
      sendCounts(this.env, this.ctx);
    }
  }
}

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
import { providers } from "./providers.ts";

/** A provider that was switched off meanwhile leaves the outcome unknown: it is asked again when it is back. */
const OFF = { result: "unknown", reason: "provider is off" } as const;

export class Payments extends WorkerEntrypoint<Environment> implements PaymentsPort {
  async confirm(task: ProviderTask): Promise<PaymentOutcome> {
    return (await providers(this.env).get(task.provider)?.confirm(task)) ?? OFF;
  }

  async conclude(task: ProviderTask): Promise<PaymentOutcome> {
    return (await providers(this.env).get(task.provider)?.conclude(task)) ?? OFF;
  }

  async refund(task: RefundTask): Promise<RefundOutcome> {
    return (await providers(this.env).get(task.provider)?.refund(task)) ?? OFF;
  }
}

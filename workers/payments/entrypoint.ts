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

export class Payments extends WorkerEntrypoint<Environment> implements PaymentsPort {
  /** A provider that was switched off meanwhile leaves the outcome unknown: it is asked again when it is back. */
  async confirm(task: ProviderTask): Promise<PaymentOutcome> {
    const provider = providers(this.env).get(task.provider);
    return provider === undefined ? { result: "unknown", reason: "provider is off" } : provider.confirm(task);
  }

  async refund(task: RefundTask): Promise<RefundOutcome> {
    const provider = providers(this.env).get(task.provider);
    return provider === undefined ? { result: "unknown", reason: "provider is off" } : provider.refund(task);
  }
}

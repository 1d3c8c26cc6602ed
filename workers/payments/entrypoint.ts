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
import { paymentsPort } from "./port.ts";
import { sendCounts } from "../metering.ts";

/** What an object asks about is money whose fate is open: no breaker stands in its way. */
export class Payments extends WorkerEntrypoint<Environment> implements PaymentsPort {
  confirm(task: ProviderTask, cause: string): Promise<PaymentOutcome> {
    return this.#counted(paymentsPort(this.env).confirm(task, cause));
  }

  read(task: ProviderTask, cause: string): Promise<PaymentOutcome> {
    return this.#counted(paymentsPort(this.env).read(task, cause));
  }

  conclude(task: ProviderTask, cause: string): Promise<PaymentOutcome> {
    return this.#counted(paymentsPort(this.env).conclude(task, cause));
  }

  refund(task: RefundTask, cause: string): Promise<RefundOutcome> {
    return this.#counted(paymentsPort(this.env).refund(task, cause));
  }

  async #counted<Outcome>(asked: Promise<Outcome>): Promise<Outcome> {
    try {
      return await asked;
    } finally {
      sendCounts(this.env, this.ctx);
    }
  }
}

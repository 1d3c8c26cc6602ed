/** What the object asks of payment providers, through the Worker's payments entrypoint. All of it is safe to repeat. */
import type { PaymentOutcome, ProviderTask, RefundOutcome, RefundTask } from "../contract.ts";

export interface PaymentsPort {
  /** Takes the money, or says what became of it. The task names its idempotency key. */
  confirm(task: ProviderTask): Promise<PaymentOutcome>;
  /** Brings an attempt nobody has heard of to an end at the provider, and says which: taken, or not and never any more. */
  conclude(task: ProviderTask): Promise<PaymentOutcome>;
  /** Gives it back, or says what became of that. */
  refund(task: RefundTask): Promise<RefundOutcome>;
}

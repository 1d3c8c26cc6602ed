/** What the object asks of payment providers, through the Worker's payments entrypoint. */
import type { PaymentOutcome, ProviderTask, RefundOutcome, RefundTask } from "../contract.ts";

export interface PaymentsPort {
  /** Takes the money, or says what became of it. Safe to repeat: the task names its idempotency key. */
  confirm(task: ProviderTask): Promise<PaymentOutcome>;
  /** Gives it back, or says what became of that. Safe to repeat. */
  refund(task: RefundTask): Promise<RefundOutcome>;
}

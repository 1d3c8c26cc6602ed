/** What the object asks of payment providers, through the Worker's payments entrypoint. All of it is safe to repeat. */
import type { PaymentOutcome, ProviderTask, RefundOutcome, RefundTask } from "../contract.ts";

/** `cause`: id of the command that will write the answer down. */
export interface PaymentsPort {
  /** Takes the money, or says what became of it. The task names its idempotency key. */
  confirm(task: ProviderTask, cause: string): Promise<PaymentOutcome>;
  /** What has become of an attempt; changes nothing. */
  read(task: ProviderTask, cause: string): Promise<PaymentOutcome>;
  /** Brings an attempt nobody has heard of to an end at the provider, and says which: taken, or not and never any more. */
  conclude(task: ProviderTask, cause: string): Promise<PaymentOutcome>;
  /** Gives it back, or says what became of that. */
  refund(task: RefundTask, cause: string): Promise<RefundOutcome>;
}

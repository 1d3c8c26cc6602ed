/**
 * What a payment provider is to us. Adding one touches this folder only: a file, and a line in providers.ts.
 * Confirm and refund are safe to repeat under the task's idempotency key, and answer `unknown` rather than guess.
 */
import type {
  Order,
  PaymentOutcome,
  ProviderTask,
  RefundOutcome,
  RefundTask,
} from "../../durable-objects/performance/contract.ts";

/** What the browser needs to let the member pay. */
export type Checkout = { readonly provider: string } & Readonly<Record<string, unknown>>;

export interface Provider {
  readonly name: string;
  /** Methods a member may choose. */
  readonly methods: readonly string[];
  begin(
    order: Order,
    task: ProviderTask,
    pages: { readonly successUrl: string; readonly failUrl: string },
  ): Promise<Checkout>;
  confirm(task: ProviderTask): Promise<PaymentOutcome>;
  refund(task: RefundTask): Promise<RefundOutcome>;
}

/** What may be asked about orders and their money: the part of a Performance object's commands that pays. */
import type { PaymentOutcome, RefundOutcome } from "./order-contract.ts";

/** Identity of a client's retryable command: (member, operation, client-made id) and a hash of its content. */
export interface IdempotencyKey {
  readonly id: string;
  readonly hash: string;
}

export type OrderCommand =
  | {
      readonly kind: "place-order";
      readonly entry: string;
      readonly member: string;
      readonly epoch: number;
      readonly holdId: string;
      readonly key: IdempotencyKey;
    }
  | { readonly kind: "order"; readonly member: string; readonly orderId: string }
  | {
      readonly kind: "begin-payment";
      readonly member: string;
      readonly orderId: string;
      readonly provider: string;
      readonly method: string;
      readonly key: IdempotencyKey;
    }
  | {
      readonly kind: "confirm-payment";
      readonly member: string;
      readonly orderId: string;
      readonly provider: string;
      readonly paymentKey: string;
      readonly amount: number;
    }
  | {
      readonly kind: "settle";
      readonly orderId: string;
      readonly attempt: number;
      readonly outcome: PaymentOutcome;
    }
  | { readonly kind: "cancel-order"; readonly member: string; readonly orderId: string; readonly reason: string }
  | {
      readonly kind: "settle-refund";
      readonly orderId: string;
      readonly refund: number;
      readonly outcome: RefundOutcome;
    }
  /** A provider has news of an order: it is asked. `verified`: the hint was signed, and names a payment of this attempt. */
  | { readonly kind: "recheck"; readonly orderId: string; readonly verified: VerifiedHint | null };

/** What a signed notification says: nothing that is believed without the provider's own books, but enough to find it there. */
export interface VerifiedHint {
  readonly provider: string;
  readonly attempt: number;
  readonly paymentKey: string;
}

/** What may be asked about orders and their money: the part of a Performance object's commands that pays. */
import type { PaymentOutcome, ProviderRefund, RefundOutcome } from "./order-contract.ts";

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
      /** What the provider takes; without it any. */
      readonly currencies?: readonly string[];
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
      /** The version the order had when the provider was asked, where it matters what was known then. */
      readonly asked?: number;
    }
  /** `seats` null: all there are. */
  | {
      readonly kind: "quote-cancellation";
      readonly member: string;
      readonly orderId: string;
      readonly seats: readonly string[] | null;
    }
  | {
      readonly kind: "cancel-order";
      readonly member: string;
      readonly orderId: string;
      readonly reason: string;
      readonly seats: readonly string[] | null;
      /** The fee the member was shown: another one is refused. Null: whatever it is. */
      readonly fee: number | null;
      /** Where the money of a bank transfer goes back to, sealed. */
      readonly account?: string;
    }
  /** The account that refunds of a bank transfer wait for, sealed. */
  | { readonly kind: "refund-account"; readonly member: string; readonly orderId: string; readonly account: string }
  /** The next orders of a date after an id, told to the records once more (orders/report-again.ts). */
  | { readonly kind: "report-orders"; readonly scheduleId: string; readonly after: string }
  /** The next few orders of a date that was cancelled or moved; the object asks this of itself. */
  | { readonly kind: "sweep" }
  | {
      readonly kind: "settle-refund";
      readonly orderId: string;
      readonly refund: number;
      readonly outcome: RefundOutcome;
    }
  /** A provider has news of an order: it is asked. `verified`: the hint was signed, and names a payment of this attempt. */
  | {
      readonly kind: "recheck";
      readonly orderId: string;
      readonly verified: VerifiedHint | null;
      /** What the hint shows for being genuine, where we know what it would have to show. */
      readonly proof?: DepositProof;
    }
  /** The records lack something of an order that was reported: it is reported once more, whole. */
  | { readonly kind: "report-order"; readonly orderId: string }
  /** Money went back at the provider without us: the books follow, and where it was all of it, the seats too. */
  | {
      readonly kind: "note-refund";
      readonly orderId: string;
      readonly attempt: number;
      readonly refund: ProviderRefund;
    };

/** What an organiser may do to sold seats. Nobody pays a fee for what the organiser does. */
export type DateAction =
  | {
      readonly do: "cancel-order";
      readonly orderId: string;
      readonly seats: readonly string[] | null;
      readonly reason: string;
    }
  | { readonly do: "cancel-date"; readonly scheduleId: string; readonly reason: string }
  | {
      readonly do: "move-date";
      readonly scheduleId: string;
      readonly startsAt: number;
      /** Until then members may give their seats back without a fee. */
      readonly freeUntil: number;
    };

/** A notification about a deposit knows the secret of its account: this is the secret's SHA-256, as hex. */
export interface DepositProof {
  readonly attempt: number;
  readonly secretHash: string;
}

/** What a signed notification says: nothing that is believed without the provider's own books, but enough to find it there. */
export interface VerifiedHint {
  readonly provider: string;
  readonly attempt: number;
  readonly paymentKey: string;
}

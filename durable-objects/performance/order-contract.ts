/**
 * Orders and money as everybody outside the object sees them: plain data, amounts as integers in minor units, times in
 * milliseconds since 1970 UTC.
 */

import type { CancellationPolicy } from "./order-policy.ts";

/** What a provider said about taking money. Anything that is not terminal is `unknown`: never guessed. */
export type PaymentOutcome =
  | {
      readonly result: "approved";
      readonly transaction: string;
      readonly amount: number;
      readonly method: string;
      readonly at: number;
      readonly receiptUrl: string | null;
      /** The account that was transferred to, where it was paid so. */
      readonly account?: DepositAccount;
    }
  /** An account is open, and nothing has been transferred to it. */
  | { readonly result: "awaiting-deposit"; readonly amount: number; readonly account: DepositAccount }
  | { readonly result: "declined"; readonly code: string; readonly message: string }
  | { readonly result: "unknown"; readonly reason: string };

export type RefundOutcome =
  | { readonly result: "refunded"; readonly transaction: string; readonly amount: number; readonly at: number }
  /** The bank account the money should go to is no good: another one is needed. */
  | { readonly result: "account-refused"; readonly code: string }
  /** The provider has answered no, its books show nothing of it, and the key keeps that answer: later another key may be used. */
  | { readonly result: "key-spent"; readonly keysSpent: number; readonly reason: string }
  | { readonly result: "unknown"; readonly reason: string };

/** What a provider's own books say of one attempt: read, and nothing changed by it. Amounts in minor units. */
export type ProviderBooks =
  | {
      readonly result: "known";
      /** What was taken, whatever has gone back of it since; 0: nothing. */
      readonly captured: number;
      /** What the provider calls the payment. */
      readonly paymentKey: string;
      readonly transaction: string | null;
      readonly method: string;
      readonly at: number;
      readonly receiptUrl: string | null;
      readonly refunds: readonly ProviderRefund[];
      /** The bank could not deliver what went back, or not all of it: the buyer has not got it. */
      readonly undelivered?: true;
    }
  | { readonly result: "unknown"; readonly reason: string };

export interface ProviderRefund {
  /** The provider's name of it, as a refund of ours keeps it. */
  readonly transaction: string;
  readonly amount: number;
  readonly at: number;
}

export type OrderStatus =
  "pending" | "paying" | "awaiting-deposit" | "paid" | "expired" | "failed" | "cancelling" | "cancelled";

export interface OrderSeat {
  readonly id: string;
  readonly section: string;
  readonly row: string;
  readonly label: string;
  readonly grade: string;
  readonly price: number;
}

/** A bank under the provider's code, with its names. */
export interface Bank {
  readonly code: string;
  readonly ko: string;
  readonly en: string;
}

/** Where a transfer has to go. */
export interface DepositAccount {
  readonly bank: Bank;
  readonly number: string;
  readonly holder: string | null;
  /** The provider takes the transfer until then. */
  readonly dueAt: number;
  /** SHA-256 (hex) of the secret that the provider's notifications about this account carry; null: they carry none. */
  readonly secretHash: string | null;
}

/** A transfer that arrived. Banks take one back now and then. */
export interface Arrival {
  readonly transaction: string;
  readonly at: number;
  readonly undoneAt: number | null;
}

/** Of an attempt that is paid by bank transfer. */
export interface Deposit {
  /** We wait until then: never past the start of the show. */
  readonly dueAt: number;
  /** Null until the provider has opened it. */
  readonly account: DepositAccount | null;
  readonly arrivals: readonly Arrival[];
}

/** One try at taking money for an order. Append-only: a new try is a new attempt with a new number and key. */
export interface PaymentAttempt {
  readonly number: number;
  readonly provider: string;
  readonly method: string;
  readonly amount: number;
  /** `closing`: given up, and its account is still to be closed at the provider. */
  readonly status: "begun" | "confirming" | "awaiting-deposit" | "approved" | "declined" | "closing" | "abandoned";
  readonly paymentKey: string | null;
  readonly transaction: string | null;
  readonly receiptUrl: string | null;
  readonly declineCode: string | null;
  readonly declineMessage: string | null;
  readonly begunAt: number;
  readonly confirmingAt: number | null;
  readonly settledAt: number | null;
  /** Null: not paid by bank transfer. */
  readonly deposit: Deposit | null;
}

export interface Refund {
  readonly number: number;
  /** The attempt whose money goes back. */
  readonly attempt: number;
  readonly amount: number;
  readonly reason: string;
  /** `void`: there is nothing to give back, for the bank had taken back what was transferred. */
  readonly status: "requested" | "refunded" | "void";
  readonly transaction: string | null;
  readonly requestedAt: number;
  readonly settledAt: number | null;
  /** What a transfer is paid back to, which only the buyer knows. Null: money goes back the way it came. */
  readonly account: "needed" | "given" | "refused" | null;
  /** So many of its idempotency keys keep an answer that gave nothing back, and are asked no more. */
  readonly keysSpent: number;
}

/** Seats given up together: what they cost, what was kept of it as a fee, and which refund gives back the rest. */
export interface Cancellation {
  readonly number: number;
  readonly by: "member" | "organiser";
  readonly reason: string;
  readonly seats: readonly string[];
  /** What the seats cost. */
  readonly amount: number;
  readonly fee: number;
  /** Number of the refund; null where nothing goes back. */
  readonly refund: number | null;
  readonly at: number;
  /** When the money had gone back, and with it the seats. */
  readonly settledAt: number | null;
}

/** The show was moved after the order was placed: keep it, or give it back without a fee until then. */
export interface Move {
  readonly from: number;
  readonly at: number;
  readonly freeUntil: number;
}

/** What cancelling would cost at this moment. */
export interface CancellationQuote {
  readonly seats: readonly { readonly id: string; readonly price: number; readonly fee: number }[];
  readonly amount: number;
  readonly fee: number;
  readonly refund: number;
  readonly currency: string;
  /** Why it costs that: the order's own policy, or one of the two reasons for which nothing is kept. */
  readonly because: "policy" | "moved" | "unpaid";
}

/** The whole of an order, as its owner, the event queue and the records see it. */
export interface Order {
  readonly id: string;
  readonly performanceId: string;
  readonly version: number;
  readonly member: string;
  readonly holdNumber: number;
  readonly title: string;
  readonly scheduleId: string;
  readonly startsAt: number;
  readonly hallName: string;
  readonly timeZone: string;
  readonly seats: readonly OrderSeat[];
  readonly amount: number;
  readonly currency: string;
  readonly status: OrderStatus;
  readonly placedAt: number;
  readonly payBy: number;
  readonly attempts: readonly PaymentAttempt[];
  readonly refunds: readonly Refund[];
  /** What cancelling costs, as it was when the order was placed. */
  readonly policy: CancellationPolicy;
  readonly cancellations: readonly Cancellation[];
  readonly moved: Move | null;
  readonly updatedAt: number;
}

/** What the caller must do next with a provider, named so that a repeat is recognised. */
export interface ProviderTask {
  readonly orderId: string;
  readonly attempt: number;
  readonly provider: string;
  readonly method: string;
  /** What the provider knows the attempt as. */
  readonly providerOrderId: string;
  readonly paymentKey: string;
  readonly amount: number;
  readonly currency: string;
  readonly idempotencyKey: string;
  /** Until when a transfer is waited for; null: not paid by bank transfer. */
  readonly depositBy: number | null;
}

export interface RefundTask extends ProviderTask {
  readonly refund: number;
  readonly reason: string;
  readonly keysSpent: number;
  /** The account the money goes to, sealed for the provider's own code; null: the way it came. */
  readonly account: string | null;
}

/** Orders as the object has them, in the order of their ids, for whoever compares books. */
export interface OrderPage {
  readonly orders: readonly Order[];
  /** What a provider can be asked about these orders: their attempts, but for those whose buyer is just paying. */
  readonly tasks: readonly ProviderTask[];
  /** Orders whose seats on the plan are not what the order says they are. */
  readonly contradictions: readonly string[];
  /** What changed before this moment has been reported as applied by the records; null: everything has. */
  readonly oldestUnreportedAt: number | null;
  /** Sold seats over all dates. */
  readonly sold: number;
}

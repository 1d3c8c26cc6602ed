/**
 * What a payment provider is to us. Adding one touches this folder only: a file, its settings, and a line in providers.ts.
 * Confirm, conclude and refund are safe to repeat, and answer `unknown` rather than guess.
 */
import type {
  Bank,
  DepositProof,
  Order,
  PaymentOutcome,
  ProviderBooks,
  ProviderTask,
  RefundOutcome,
  RefundTask,
  VerifiedHint,
} from "../../durable-objects/performance/contract.ts";

/** What the browser needs to let the member pay. */
export type Checkout = { readonly provider: string } & Readonly<Record<string, unknown>>;

export interface Provider {
  readonly name: string;
  /** Methods a member may choose. */
  readonly methods: readonly string[];
  /** Currencies it takes, or null for any. */
  readonly currencies: readonly string[] | null;
  /** Throws ProviderUnavailable when it has to ask the provider and gets no answer; the same call again is safe. */
  begin(
    order: Order,
    task: ProviderTask,
    pages: { readonly successUrl: string; readonly failUrl: string },
  ): Promise<Checkout>;
  confirm(task: ProviderTask): Promise<PaymentOutcome>;
  /** What has become of an attempt; changes nothing. */
  read(task: ProviderTask): Promise<PaymentOutcome>;
  conclude(task: ProviderTask): Promise<PaymentOutcome>;
  refund(task: RefundTask): Promise<RefundOutcome>;
  /** What the provider's books say of an attempt; nothing is changed by asking. */
  look(task: ProviderTask): Promise<ProviderBooks>;
  /** How a bank transfer goes back to its buyer; null: no transfers are taken. */
  readonly refundAccounts: RefundAccountsOf | null;
  /** What a notification says. Whatever can be verified is; nothing in it is believed about money. */
  readNotification(notification: Notification): Promise<NotificationReading>;
}

/** A bank account of a buyer's own. */
export interface BankAccount {
  /** The provider's code of the bank. */
  readonly bank: string;
  readonly accountNumber: string;
  readonly holderName: string;
}

export interface RefundAccountsOf {
  readonly banks: readonly Bank[];
  /** So that only this provider's own code can read it: it is kept like this until the money has gone. */
  seal(account: BankAccount): Promise<string>;
}

export interface Notification {
  /** Exactly as it came: signatures are over bytes. */
  readonly body: string;
  readonly header: (name: string) => string | null;
  readonly now: number;
}

export type NotificationReading =
  | {
      readonly kind: "hint";
      /** Unique for ever: a repetition has the same. */
      readonly eventKey: string;
      readonly event: unknown;
      /** Whether the provider's signature was verified. Otherwise anybody may have written it. */
      readonly signed: boolean;
      /** The order it is about, or null where it is about none of ours. */
      readonly orderId: string | null;
      readonly verified: VerifiedHint | null;
      /** What it shows for being genuine, where only the order knows what it would have to show. */
      readonly proof: DepositProof | null;
    }
  | { readonly kind: "refused"; readonly why: "malformed" | "not-verified"; readonly reason: string };

/** The provider could not be asked: nothing was begun that a repetition would not find again. */
export class ProviderUnavailable extends Error {
  override readonly name = "ProviderUnavailable";
}

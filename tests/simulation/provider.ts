/** A payment provider in memory, with books of its own: the truth about money in a simulation. Answers can get lost. */
import type {
  PaymentOutcome,
  ProviderBooks,
  ProviderRefund,
  ProviderTask,
  RefundOutcome,
  RefundTask,
} from "../../durable-objects/performance/contract.ts";
import type { Random } from "./random.ts";
import { Transfers } from "./transfers.ts";
import { Violation } from "./violation.ts";

interface Account {
  captures: number;
  captured: number;
  refunded: number;
  given: ProviderRefund[];
}

export class SimulatedProvider {
  /** By the order id the provider knows: one attempt each. */
  readonly accounts = new Map<string, Account>();
  readonly transfers = new Transfers();
  readonly #decided = new Map<string, PaymentOutcome>();
  readonly #refunds = new Map<string, RefundOutcome>();
  readonly #random: Random;
  /** While true every answer arrives and nothing fails. */
  calm = false;
  /** Cut off: no question arrives, and half of the answers of those that did are lost. */
  away = false;
  readonly met = {
    lostAfterCharge: 0,
    lostBeforeCharge: 0,
    declined: 0,
    repeated: 0,
    lostRefund: 0,
    unasked: 0,
    badAccount: 0,
    nothingToRefund: 0,
  };

  constructor(random: Random) {
    this.#random = random;
  }

  confirm(task: ProviderTask, now: number): PaymentOutcome {
    const known = this.#decided.get(task.idempotencyKey);
    if (known !== undefined) this.met.repeated += 1;
    else if (!this.calm && this.#random.chance(this.away ? 0.5 : 0.1)) {
      this.met.lostBeforeCharge += 1;
      return { result: "unknown", reason: "connection lost" };
    }
    const outcome = known ?? this.#decide(task, now);
    if (!this.calm && (this.away || this.#random.chance(0.15))) {
      this.met.lostAfterCharge += 1;
      return { result: "unknown", reason: "answer lost" };
    }
    return outcome;
  }

  /** Money nobody here asked for (a browser, or a bank, was quicker), or null when this attempt is decided already. */
  chargeUnasked(task: ProviderTask, now: number): PaymentOutcome | null {
    if (this.#decided.has(task.idempotencyKey)) return null;
    this.met.unasked += 1;
    return this.#approve(task, now);
  }

  /** What became of a transfer; changes nothing. */
  read(task: ProviderTask, now: number): PaymentOutcome {
    if (!this.calm && (this.away || this.#random.chance(0.1))) return { result: "unknown", reason: "connection lost" };
    return this.transfers.outcome(task.providerOrderId, now) ?? { result: "unknown", reason: "nothing known" };
  }

  /** Closes the account, unless money has arrived. */
  conclude(task: ProviderTask, now: number): PaymentOutcome {
    if (!this.calm && this.away) return { result: "unknown", reason: "connection lost" };
    this.transfers.close(task.providerOrderId);
    if (!this.calm && this.#random.chance(0.15)) return { result: "unknown", reason: "answer lost" };
    return this.transfers.outcome(task.providerOrderId, now) ?? { result: "unknown", reason: "nothing known" };
  }

  /** A buyer's bank transfers: the books follow at once. */
  deposit(providerOrderId: string, now: number, late: boolean): boolean {
    const amount = this.transfers.deposit(providerOrderId, now, late);
    if (amount === null) return false;
    const account = this.#account(providerOrderId);
    account.captures += 1;
    account.captured += amount;
    return true;
  }

  /** The bank takes it back. */
  undo(providerOrderId: string): boolean {
    const account = this.#account(providerOrderId);
    // Of what has gone back to its buyer no bank takes anything.
    if (account.refunded > 0) return false;
    const amount = this.transfers.undo(providerOrderId);
    if (amount === null) return false;
    account.captures -= 1;
    account.captured -= amount;
    return true;
  }

  /** Its books of one attempt, for whoever compares. */
  look({ providerOrderId, method, paymentKey }: ProviderTask): ProviderBooks {
    const { captured, given } = this.#account(providerOrderId);
    return {
      result: "known",
      captured,
      paymentKey,
      transaction: null,
      method,
      at: 0,
      receiptUrl: null,
      refunds: given,
    };
  }

  refund(task: RefundTask, now: number): RefundOutcome {
    if (task.depositBy !== null && (task.account === null || task.account.endsWith("bad"))) {
      this.met.badAccount += 1;
      return { result: "account-refused", code: "INVALID_REFUND_ACCOUNT_NUMBER" };
    }
    let outcome = this.#refunds.get(task.idempotencyKey);
    if (outcome === undefined && this.transfers.isEmpty(task.providerOrderId)) {
      this.met.nothingToRefund += 1;
      return { result: "unknown", reason: "WAITING_FOR_DEPOSIT" };
    }
    if (outcome === undefined) {
      const account = this.#account(task.providerOrderId);
      account.refunded += task.amount;
      account.given.push({ transaction: task.idempotencyKey, amount: task.amount, at: now });
      if (account.refunded > account.captured)
        throw new Violation(`more goes back of ${task.providerOrderId} than came`);
      outcome = { result: "refunded", transaction: task.idempotencyKey, amount: task.amount, at: now };
      this.#refunds.set(task.idempotencyKey, outcome);
    }
    if (!this.calm && (this.away || this.#random.chance(0.2))) {
      this.met.lostRefund += 1;
      return { result: "unknown", reason: "answer lost" };
    }
    return outcome;
  }

  #decide(task: ProviderTask, now: number): PaymentOutcome {
    if (task.depositBy !== null) {
      this.transfers.openAccount(task, task.depositBy);
      const opened = this.transfers.outcome(task.providerOrderId, now) ?? {
        result: "unknown",
        reason: "nothing known",
      };
      this.#decided.set(task.idempotencyKey, opened);
      return opened;
    }
    if (!this.#random.chance(0.15)) return this.#approve(task, now);
    this.met.declined += 1;
    const outcome: PaymentOutcome = { result: "declined", code: "REJECT_CARD_PAYMENT", message: "refused" };
    this.#decided.set(task.idempotencyKey, outcome);
    return outcome;
  }

  #approve(task: ProviderTask, now: number): PaymentOutcome {
    const account = this.#account(task.providerOrderId);
    account.captures += 1;
    account.captured += task.amount;
    const transaction = `t-${task.providerOrderId}`;
    const { amount } = task;
    const outcome: PaymentOutcome = {
      result: "approved",
      transaction,
      amount,
      method: "카드",
      at: now,
      receiptUrl: null,
    };
    this.#decided.set(task.idempotencyKey, outcome);
    return outcome;
  }

  #account(providerOrderId: string): Account {
    let account = this.accounts.get(providerOrderId);
    if (account === undefined)
      this.accounts.set(providerOrderId, (account = { captures: 0, captured: 0, refunded: 0, given: [] }));
    return account;
  }
}

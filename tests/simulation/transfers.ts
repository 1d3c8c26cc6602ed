/** Accounts a provider in memory has opened for transfers: open until closed, and what was transferred to each. */
import { createHash } from "node:crypto";
import type { DepositAccount, PaymentOutcome, ProviderTask } from "../../durable-objects/performance/contract.ts";

interface Transfer {
  readonly account: DepositAccount;
  readonly amount: number;
  readonly method: string;
  state: "waiting" | "deposited" | "closed";
  deposits: number;
  undos: number;
}

export class Transfers {
  readonly #all = new Map<string, Transfer>();

  openAccount(task: ProviderTask, dueAt: number): void {
    const number = String(1_000 + this.#all.size);
    const bank = { code: "20", ko: "우리은행", en: "Woori Bank" };
    const secretHash = createHash("sha256").update(`secret of ${task.providerOrderId}`).digest("hex");
    const account = { bank, number, holder: null, dueAt, secretHash };
    this.#all.set(task.providerOrderId, {
      account,
      amount: task.amount,
      method: "가상계좌",
      state: "waiting",
      deposits: 0,
      undos: 0,
    });
  }

  /** Provider's order ids of accounts that can be paid into; `late`: of those a slow bank still pays into. */
  open(now: number, late: boolean): readonly string[] {
    return Array.from(this.#all)
      .filter(([, { state, account }]) => (late ? isClosed(state, account, now) : !isClosed(state, account, now)))
      .filter(([, { state }]) => state !== "deposited")
      .map(([id]) => id);
  }

  /** How much arrived; null: nothing could. */
  deposit(providerOrderId: string, now: number, late: boolean): number | null {
    const transfer = this.#all.get(providerOrderId);
    if (transfer === undefined || transfer.state === "deposited") return null;
    if (isClosed(transfer.state, transfer.account, now) !== late) return null;
    transfer.state = "deposited";
    transfer.deposits += 1;
    return transfer.amount;
  }

  undo(providerOrderId: string): number | null {
    const transfer = this.#all.get(providerOrderId);
    if (transfer?.state !== "deposited") return null;
    transfer.state = "waiting";
    transfer.undos += 1;
    return transfer.amount;
  }

  close(providerOrderId: string): void {
    const transfer = this.#all.get(providerOrderId);
    if (transfer?.state === "waiting") transfer.state = "closed";
  }

  /** Accounts that nobody has closed and nobody has paid into. */
  waiting(): readonly string[] {
    return Array.from(this.#all).flatMap(([id, { state }]) => (state === "waiting" ? [id] : []));
  }

  secretHash(providerOrderId: string): string | null {
    return this.#all.get(providerOrderId)?.account.secretHash ?? null;
  }

  /** Is what was transferred gone again? Then there is nothing to give back. */
  isEmpty(providerOrderId: string): boolean {
    const transfer = this.#all.get(providerOrderId);
    return transfer !== undefined && transfer.state !== "deposited";
  }

  /** How often money arrived, and how often it was taken back. */
  history(providerOrderId: string): { readonly deposits: number; readonly undos: number } {
    return this.#all.get(providerOrderId) ?? { deposits: 0, undos: 0 };
  }

  /** What the provider says of it; null: it was not paid by transfer. */
  outcome(providerOrderId: string, now: number): PaymentOutcome | null {
    const transfer = this.#all.get(providerOrderId);
    if (transfer === undefined) return null;
    const { account, amount, method, state, deposits } = transfer;
    if (state === "waiting") return { result: "awaiting-deposit", amount, account };
    if (state === "closed") return { result: "declined", code: "CANCELED", message: "closed" };
    const transaction = `t-${providerOrderId}-${deposits}`;
    return { result: "approved", transaction, amount, method, at: now, receiptUrl: null, account };
  }
}

function isClosed(state: Transfer["state"], account: DepositAccount, now: number): boolean {
  return state === "closed" || (state === "waiting" && account.dueAt <= now);
}

/** Saying where the money of a bank transfer goes back to. */
import { ask } from "../api.ts";
import { at, type Order, orderAnswer } from "./orders.ts";

export interface BankAccount {
  /** The provider's code of the bank. */
  readonly bank: string;
  readonly accountNumber: string;
  readonly holderName: string;
}

/** Idempotent by state: nothing of it is kept in the browser for another try. */
export async function giveRefundAccount(orderId: string, account: BankAccount): Promise<Order> {
  const path = at(orderId, "/refund-account");
  const question = { method: "POST", path, body: account, decode: orderAnswer, timeoutMs: 60_000 } as const;
  return (await ask(question)).order;
}

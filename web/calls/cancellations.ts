/** Giving an order back, or some of its seats: what it costs first. */
import { ask } from "../api.ts";
import { fields, listOf, number, oneOf, text } from "../decode.ts";
import { at, type Order, orderAnswer } from "./orders.ts";
import type { BankAccount } from "./refund-accounts.ts";

const because = oneOf("policy", "moved", "unpaid");

export interface Quote {
  readonly seats: readonly { readonly id: string; readonly price: number; readonly fee: number }[];
  /** `moved` and `unpaid` cost nothing. */
  readonly because: ReturnType<typeof because>;
}

const quote = fields<Quote>({ seats: listOf(fields({ id: text, price: number, fee: number })), because });

export async function quoteCancellation(orderId: string): Promise<Quote> {
  const decode = fields({ quote });
  return (await ask({ method: "GET", path: at(orderId, "/cancellation"), decode })).quote;
}

/**
 * `seats` null: all there are. `fee`: the one that was shown; another one is refused. `account`: where the money of a bank
 * transfer goes back to. Asking again is answered the same, so that nothing is kept for another try.
 */
export async function cancelOrder(
  orderId: string,
  seats: readonly string[] | null,
  fee: number,
  account: BankAccount | null,
): Promise<Order> {
  const body = { fee, ...(seats === null ? {} : { seats }), ...(account === null ? {} : { account }) };
  const question = {
    method: "POST",
    path: at(orderId, "/cancel"),
    body,
    decode: orderAnswer,
    timeoutMs: 60_000,
  } as const;
  return (await ask(question)).order;
}

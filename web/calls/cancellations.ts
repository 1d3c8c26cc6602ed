/** Giving an order back, or some of its seats: what it costs first. */
import { ask } from "../api.ts";
import { fields, listOf, number, oneOf, text } from "../decode.ts";
import { askIntended } from "./intended.ts";
import { at, type Order, orderAnswer } from "./orders.ts";

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

/** `seats` null: all there are. `fee`: the one that was shown; another one is refused. */
export async function cancelOrder(orderId: string, seats: readonly string[] | null, fee: number): Promise<Order> {
  const body = seats === null ? { fee } : { seats, fee };
  const question = { path: at(orderId, "/cancel"), body, decode: orderAnswer, timeoutMs: 60_000 };
  return (await askIntended(`cancel:${orderId}`, question)).order;
}

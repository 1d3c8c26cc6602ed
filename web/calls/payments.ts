/** Paying for an order: which ways there are, beginning one of them, and telling that the buyer has agreed. */
import { ask } from "../api.ts";
import { type Decoder, fields, listOf, nullable, number, oneOf, text } from "../decode.ts";
import { fallback } from "../decode-loosely.ts";
import { askIntended } from "./intended.ts";
import { at, type Order, order, orderAnswer } from "./orders.ts";

export interface Way {
  readonly provider: string;
  readonly methods: readonly string[];
  /** Null: any. */
  readonly currencies: readonly string[] | null;
  /** Where a bank transfer can go back to. */
  readonly refundBanks: readonly Bank[];
}

export interface Bank {
  readonly code: string;
  readonly ko: string;
  readonly en: string;
}

const bank = fields<Bank>({ code: text, ko: text, en: text });

const way = fields<Way>({
  provider: text,
  methods: listOf(text),
  currencies: nullable(listOf(text)),
  refundBanks: fallback(listOf(bank), []),
});

/** The providers that are on. */
export async function listWays(): Promise<readonly Way[]> {
  const decode = fields({ items: listOf(way) });
  return (await ask({ method: "GET", path: "/api/payments/providers", decode })).items;
}

/** Those that were switched off for the moment: nobody can begin a payment with them. */
export async function listSwitchedOff(): Promise<readonly string[]> {
  const decode = fields({ off: fallback(listOf(text), []) });
  return (await ask({ method: "GET", path: "/api/payments/providers", decode })).off;
}

/** What Toss's page needs; the amount is the server's. */
export interface TossCheckout {
  readonly sdkUrl: string;
  readonly clientKey: string;
  readonly customerKey: string;
  readonly method: string;
  readonly amount: { readonly currency: string; readonly value: number };
  readonly orderId: string;
  readonly orderName: string;
  readonly successUrl: string;
  readonly failUrl: string;
  /** Until when the account of a bank transfer is open. */
  readonly virtualAccount: { readonly dueDate: string } | null;
}

const tossCheckout = fields<TossCheckout>({
  sdkUrl: text,
  clientKey: text,
  customerKey: text,
  method: text,
  amount: fields({ currency: text, value: number }),
  orderId: text,
  orderName: text,
  successUrl: text,
  failUrl: text,
  virtualAccount: nullable(fields({ dueDate: text })),
});

/** What Stripe's element needs. */
export interface StripeCheckout {
  readonly sdkUrl: string;
  readonly publishableKey: string;
  readonly clientSecret: string;
  readonly returnUrl: string;
}

const stripeCheckout = fields<StripeCheckout>({
  sdkUrl: text,
  publishableKey: text,
  clientSecret: text,
  returnUrl: text,
});

export type Checkout =
  | { readonly provider: "toss"; readonly toss: TossCheckout }
  | { readonly provider: "stripe"; readonly stripe: StripeCheckout };

const checkout: Decoder<Checkout> = (value) => {
  const { provider } = fields({ provider: oneOf("toss", "stripe") })(value);
  if (provider === "toss") return { provider, toss: tossCheckout(value) };
  return { provider, stripe: stripeCheckout(value) };
};

export interface BegunPayment {
  readonly order: Order;
  /** Null: nothing has to be paid. */
  readonly checkout: Checkout | null;
}

/** Each press is a new attempt unless the answer to the last one was lost. */
export function beginPayment(orderId: string, provider: string, method: string): Promise<BegunPayment> {
  const decode = fields<BegunPayment>({ order, checkout: nullable(checkout) });
  return askIntended(`payment:${orderId}`, { path: at(orderId, "/payments"), body: { provider, method }, decode });
}

export async function confirmPayment(
  orderId: string,
  provider: string,
  paymentKey: string,
  amount: number,
): Promise<Order> {
  const body = { provider, paymentKey, amount };
  const path = at(orderId, "/payments/confirm");
  return (await askIntended(`confirm:${orderId}`, { path, body, decode: orderAnswer, timeoutMs: 60_000 })).order;
}

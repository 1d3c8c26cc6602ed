/** Which ways to pay fit an order, in the order in which they are offered. */
import type { Way } from "../calls/payments.ts";

export interface Choice {
  readonly name: string;
  readonly provider: string;
  readonly method: string;
  /** Which text names it. */
  readonly words: "wayTossCard" | "wayTossTransfer" | "wayStripeCard";
}

const known: readonly Choice[] = [
  { name: "toss-CARD", provider: "toss", method: "CARD", words: "wayTossCard" },
  { name: "toss-VIRTUAL_ACCOUNT", provider: "toss", method: "VIRTUAL_ACCOUNT", words: "wayTossTransfer" },
  { name: "stripe-CARD", provider: "stripe", method: "CARD", words: "wayStripeCard" },
];

/** Providers this page knows, that are on and take the order's currency. */
export function choicesFor(ways: readonly Way[], currency: string): readonly Choice[] {
  return known.filter(({ provider, method }) =>
    ways.some(
      (way) =>
        way.provider === provider &&
        way.methods.includes(method) &&
        (way.currencies === null || way.currencies.includes(currency)),
    ),
  );
}

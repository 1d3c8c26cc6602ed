/** What a payment provider calls itself, in every language. */
const names: Readonly<Record<string, string>> = { toss: "Toss Payments", stripe: "Stripe" };

export function providerName(provider: string): string {
  return names[provider] ?? provider;
}

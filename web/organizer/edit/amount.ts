/** Amounts as people type them. */
const MOST = 1_000_000_000;

/** Decimal digits of a currency's minor unit: 0 for won, 2 for dollars. */
export function minorDigits(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 0;
}

/** "110,000" and "19.99" in minor units; null for what is no amount of that currency. */
export function amountOf(typed: string, currency: string): number | null {
  const digits = minorDigits(currency);
  const match = /^(\d{1,3}(?:,\d{3})*|\d{1,12})(?:\.(\d+))?$/.exec(typed.trim());
  if (match === null) return null;
  const [, whole = "", part = ""] = match;
  if (part.length > digits) return null;
  // Digit by digit, because 19.99 × 100 is not 1999.
  const amount = Number(whole.replaceAll(",", "") + part.padEnd(digits, "0"));
  return amount <= MOST ? amount : null;
}

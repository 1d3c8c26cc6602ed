/**
 * What people call an order: twelve characters in three groups, to be read out, written down and typed. It follows from the id
 * alone, so that it is the same wherever an order is shown, and known while the records are down (docs/decisions/0049).
 * Postgres derives the same (`order_number` in migrations/).
 */
import { createHash } from "node:crypto";

/** Crockford's Base32: no I, L, O, U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGITS = 11;
/** A prime just below the alphabet's size: any character mistaken for another, or two swapped, shows, but for 0 and Z. */
const PRIME = 31;
const FORM = /^[0-9A-HJKMNP-TV-Z]{12}$/;

/** Of an order by its id, as it is shown: `7K3M-9QXD-0T4B`. The first 55 bits of the id's SHA-256, and a check character. */
export function orderNumber(orderId: string): string {
  const value = createHash("sha256").update(orderId).digest().readBigUInt64BE(0) >> 9n;
  const digits = Array.from({ length: DIGITS }, (_, index) => Number((value >> BigInt(50 - 5 * index)) & 31n));
  return grouped([...digits, checkOf(digits)].map((digit) => ALPHABET.charAt(digit)).join(""));
}

/**
 * What somebody typed, as it is shown; null: it is no order number, or one with a mistake in it. Case, blanks and hyphens do
 * not matter, and what looks like a digit is one.
 */
export function readOrderNumber(typed: string): string | null {
  const text = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  if (!FORM.test(text)) return null;
  const digits = Array.from(text, (character) => ALPHABET.indexOf(character));
  return digits[DIGITS] === checkOf(digits.slice(0, DIGITS)) ? grouped(text) : null;
}

function checkOf(digits: readonly number[]): number {
  return digits.reduce((sum, digit, index) => sum + (index + 1) * digit, 0) % PRIME;
}

function grouped(text: string): string {
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}

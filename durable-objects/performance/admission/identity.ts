/**
 * Identities and how they are computed. Nothing is stored to make or check a code or a signature: every secret is derived
 * from the performance's entry key (entry.ts), each under a name of its own, so that none tells anything about another.
 *
 * A code is 100 bits in Crockford's base 32 (no I, L, O, U): 10 bits of batch, 20 of index, 70 of HMAC-SHA-256 over both.
 * Guessing one takes 2^70 tries on average, for as long as the rate limits allow.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Verifier } from "../identity-contract.ts";
import { ENTRY_BYTES } from "./entry.ts";

export const CODES_PER_BATCH_MAX = 10_000;
export const BATCHES_MAX = 1_000;
const INDEX_BITS = 20n;
const MAC_BITS = 70n;
const CODE_LENGTH = 20;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** What people write for a digit that looks like it. */
const MEANT: Readonly<Record<string, string>> = { O: "0", I: "1", L: "1" };
/** Longer than any way to write a code down: nothing more is looked at. */
const WRITTEN_LENGTH_MAX = 64;
/** As long as a question lives: nobody who is at the verifier when its secret changes has to start again. */
export const SECRET_OVERLAP_MS = 10 * 60_000;
const CODE_MARK = "7070636f64650000";

export interface Code {
  readonly batch: number;
  readonly index: number;
}

/** A code as it is printed: five groups of four. Batches count from 1, indices from 0. */
export function makeCode(entryKey: string, { batch, index }: Code): string {
  const serial = (BigInt(batch) << INDEX_BITS) | BigInt(index);
  let rest = (serial << MAC_BITS) | macOf(entryKey, serial);
  let text = "";
  for (let at = 0; at < CODE_LENGTH; at++) {
    text = `${ALPHABET[Number(rest & 31n)] ?? ""}${at % 4 === 0 && at > 0 ? "-" : ""}${text}`;
    rest >>= 5n;
  }
  return text;
}

/**
 * What code a text is, or null when it is none of this performance's. However it is written (small letters, other spaces
 * and dashes, the wide letters of an Asian keyboard), one code is one code; a letter that only looks right is none.
 */
export function readCode(entryKey: string, written: string): Code | null {
  if (written.length > WRITTEN_LENGTH_MAX) return null;
  const text = written
    .normalize("NFKC")
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}]/gu, "");
  if (text.length !== CODE_LENGTH) return null;
  let value = 0n;
  for (const letter of text) {
    const digit = ALPHABET.indexOf(MEANT[letter] ?? letter);
    if (digit < 0) return null;
    value = (value << 5n) | BigInt(digit);
  }
  const serial = value >> MAC_BITS;
  const mac = value & ((1n << MAC_BITS) - 1n);
  if (!timingSafeEqual(bytesOf(mac), bytesOf(macOf(entryKey, serial)))) return null;
  return { batch: Number(serial >> INDEX_BITS), index: Number(serial & ((1n << INDEX_BITS) - 1n)) };
}

/** The identity of a code: its serial, behind a mark. Without the key nobody can turn it into the code. */
export function codeIdentity({ batch, index }: Code): string {
  return CODE_MARK + batch.toString(16).padStart(8, "0") + index.toString(16).padStart(8, "0");
}

/** The code an identity stands for, or null. */
export function codeOfIdentity(identity: string): Code | null {
  if (!identity.startsWith(CODE_MARK)) return null;
  return { batch: Number.parseInt(identity.slice(16, 24), 16), index: Number.parseInt(identity.slice(24, 32), 16) };
}

/** The pseudonym of a verifier's subject: what the verifier calls somebody is not kept. */
export function subjectIdentity(entryKey: string, subject: string): string {
  return derived(entryKey, `ticketping-subject-v1 ${subject}`).subarray(0, ENTRY_BYTES).toString("hex");
}

/** The secret that a verifier and we sign with, as it is shown to the organiser. */
export function verifierSecret(entryKey: string, version: number): string {
  return `tpv_${derived(entryKey, `ticketping-verifier-v1 ${version}`).toString("base64url")}`;
}

/**
 * The secrets that a signature may be made with: the one in use, and for ten minutes after it was made the one before it.
 * Never one more, so that a second change within that time ends the first secret at once.
 */
export function acceptedSecrets(entryKey: string, { version, since }: Verifier, nowMs: number): readonly string[] {
  const current = verifierSecret(entryKey, version);
  const overlaps = version > 1 && nowMs - since < SECRET_OVERLAP_MS;
  return overlaps ? [current, verifierSecret(entryKey, version - 1)] : [current];
}

function macOf(entryKey: string, serial: bigint): bigint {
  const mac = derived(entryKey, `ticketping-code-v1 ${serial}`).subarray(0, 9).toString("hex");
  return BigInt(`0x${mac}`) >> (72n - MAC_BITS);
}

function bytesOf(mac: bigint): Buffer {
  return Buffer.from(mac.toString(16).padStart(18, "0"), "hex");
}

function derived(entryKey: string, name: string): Buffer {
  return createHmac("sha256", Buffer.from(entryKey, "hex")).update(name).digest();
}

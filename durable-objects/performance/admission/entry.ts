/**
 * A member's pseudonym in one performance's queue: the first 16 bytes of HMAC-SHA-256(performance key, member id), as 32
 * hex digits. The key differs per performance, so that published lists link nobody across shows.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

export const ENTRY_BYTES = 16;

type Keyed = ReturnType<typeof hmac.create>;

/** The hash with a performance's key taken in: every request needs an entry, and starting over took most of its time. */
const keyed = new Map<string, Keyed>();
const KEYS_KEPT = 1_000;

/** `entryKey` in hex digits. */
export function entryOf(entryKey: string, member: string): string {
  const hash = keyedBy(entryKey).clone().update(utf8ToBytes(member)).digest();
  return bytesToHex(hash.subarray(0, ENTRY_BYTES));
}

function keyedBy(entryKey: string): Keyed {
  const known = keyed.get(entryKey);
  if (known !== undefined) return known;
  const made = hmac.create(sha256, hexToBytes(entryKey));
  if (keyed.size >= KEYS_KEPT) keyed.clear();
  keyed.set(entryKey, made);
  return made;
}

/** The lobby an entry always meets: entries are uniformly distributed, so their first 32 bits are a fair hash. */
export function lobbyOf(entry: string, lobbies: number): number {
  return Number.parseInt(entry.slice(0, 8), 16) % lobbies;
}

/** Every command names an entry: read here digit by digit, several times cheaper than a Buffer and a copy of it. */
export function entryBytes(entry: string): Uint8Array {
  const bytes = new Uint8Array(ENTRY_BYTES);
  for (let at = 0; at < ENTRY_BYTES; at++) {
    bytes[at] = (digit(entry.charCodeAt(at * 2)) << 4) | digit(entry.charCodeAt(at * 2 + 1));
  }
  return bytes;
}

/** Value of an ASCII hex digit of either case. */
function digit(code: number): number {
  return (code & 15) + (code > 57 ? 9 : 0);
}

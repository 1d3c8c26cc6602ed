/**
 * A member's pseudonym in one performance's queue: the first 16 bytes of HMAC-SHA-256(performance key, member id), as 32
 * hex digits. The key differs per performance, so that published lists link nobody across shows.
 */
import { createHmac } from "node:crypto";

export const ENTRY_BYTES = 16;

export function entryOf(entryKey: string, member: string): string {
  return createHmac("sha256", Buffer.from(entryKey, "hex"))
    .update(member)
    .digest("hex")
    .slice(0, ENTRY_BYTES * 2);
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

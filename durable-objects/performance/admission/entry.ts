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

export function entryBytes(entry: string): Uint8Array {
  return new Uint8Array(Buffer.from(entry, "hex"));
}

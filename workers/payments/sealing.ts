/**
 * Bank accounts that money goes back to, sealed: AES-256-GCM under a key derived from the provider's own secret key, for nobody
 * but the provider is ever told (docs/decisions/0034). Objects keep and hand on what they cannot read. With another secret key
 * of the provider older seals cannot be opened any more, and the account is asked for again.
 */
import { z } from "zod";
import type { BankAccount } from "./provider.ts";

const NONCE_BYTES = 12;
const PURPOSE = "ticketping refund account v1";
const shape = z.object({ bank: z.string(), accountNumber: z.string(), holderName: z.string() });

export async function sealAccount(secretKey: string, account: BankAccount): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const plain = new TextEncoder().encode(JSON.stringify(account));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await keyOf(secretKey), plain);
  return Buffer.concat([nonce, new Uint8Array(sealed)]).toString("base64url");
}

/** Null: sealed under another key, or damaged. */
export async function openAccount(secretKey: string, sealed: string): Promise<BankAccount | null> {
  const bytes = new Uint8Array(Buffer.from(sealed, "base64url"));
  try {
    const iv = bytes.slice(0, NONCE_BYTES);
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv },
      await keyOf(secretKey),
      bytes.slice(NONCE_BYTES),
    );
    return shape.parse(JSON.parse(new TextDecoder().decode(plain)));
  } catch {
    return null;
  }
}

async function keyOf(secretKey: string): Promise<CryptoKey> {
  const bytes = new TextEncoder();
  const secret = await crypto.subtle.importKey("raw", bytes.encode(secretKey), "HKDF", false, ["deriveKey"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: bytes.encode(PURPOSE) };
  return crypto.subtle.deriveKey(derivation, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

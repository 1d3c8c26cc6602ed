/**
 * Signing keys. Each purpose (sessions, passes, tickets) has a private JWK set of its own as a secret: the first key signs,
 * all of them verify, so that a key is rotated by putting the new one in front and dropping the old one when its last
 * token has expired.
 *
 * Imported keys are kept per isolate. What is kept is the finished value, never a promise: a promise that belongs to one
 * request must not be awaited by another.
 */
import { importJWK } from "jose";
import { z } from "zod";
import type { Environment } from "../../environment.ts";

const base64url32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const privateKey = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  kid: z.string().min(1).max(64),
  x: base64url32,
  d: base64url32,
});

const privateKeys = z
  .object({ keys: z.array(privateKey).min(1).max(8) })
  .refine(({ keys }) => new Set(keys.map((key) => key.kid)).size === keys.length, "two keys share a kid");

export interface PublicKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly kid: string;
  readonly x: string;
  readonly use: "sig";
  readonly alg: "EdDSA";
}

export interface KeySet {
  readonly signing: { readonly kid: string; readonly key: CryptoKey };
  readonly verifying: ReadonlyMap<string, CryptoKey>;
  readonly published: readonly PublicKey[];
}

/** More sets than there are purposes only occur in tests; the bound keeps a misuse from growing without end. */
const KEPT = 16;
const imported = new Map<string, KeySet>();

/** Parses and imports a private JWK set. A malformed one is a broken deployment: it throws without quoting the secret. */
export async function keySet(json: string): Promise<KeySet> {
  const known = imported.get(json);
  if (known !== undefined) return known;
  const keys = parseKeys(json);
  const verifying = new Map<string, CryptoKey>();
  let signing: KeySet["signing"] | null = null;
  for (const { kty, crv, kid, x, d } of keys) {
    verifying.set(kid, await importKey({ kty, crv, x }));
    signing ??= { kid, key: await importKey({ kty, crv, x, d }) };
  }
  if (signing === null) throw new Error("a key set is empty");
  const set: KeySet = {
    signing,
    verifying,
    published: keys.map(({ kty, crv, kid, x }) => ({ kty, crv, kid, x, use: "sig", alg: "EdDSA" })),
  };
  if (imported.size >= KEPT) imported.clear();
  imported.set(json, set);
  return set;
}

/** The ids of all keys, by what they are for: for the audit log. */
export async function keysInUse(
  env: Pick<Environment, "SESSION_KEYS" | "PASS_KEYS" | "TICKET_KEYS">,
): Promise<readonly { readonly purpose: string; readonly kid: string }[]> {
  const purposes = { sessions: env.SESSION_KEYS, passes: env.PASS_KEYS, tickets: env.TICKET_KEYS };
  const sets = await Promise.all(
    Object.entries(purposes).map(async ([purpose, json]) => ({ purpose, set: await keySet(json) })),
  );
  return sets.flatMap(({ purpose, set }) => set.published.map(({ kid }) => ({ purpose, kid })));
}

function parseKeys(json: string): z.infer<typeof privateKeys>["keys"] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error("a key set is not JSON");
  }
  const parsed = privateKeys.safeParse(value);
  if (!parsed.success) throw new Error("a key set is not a list of private Ed25519 keys with distinct kids");
  return parsed.data.keys;
}

async function importKey(jwk: { kty: "OKP"; crv: "Ed25519"; x: string; d?: string }): Promise<CryptoKey> {
  const key = await importJWK(jwk, "EdDSA");
  if (key instanceof Uint8Array) throw new Error("an Ed25519 key was imported as a secret");
  return key;
}

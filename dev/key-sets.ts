/**
 * Private key sets as the Worker reads them (the first key signs, all of them verify), and how one is replaced without
 * anybody noticing: first it stands by, so that every isolate and every verifier outside knows it; then it signs; the one
 * before it goes when its last token has expired.
 */
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { z } from "zod";
import { Failure } from "./failure.ts";

const key = z.looseObject({
  kid: z.string().min(1),
  x: z.string(),
  d: z.string(),
  /** When it was made, and since when another signs in its place; ISO 8601. Sets of earlier versions lack both. */
  made: z.string().optional(),
  replaced: z.string().optional(),
});
const keySetFile = z.object({ keys: z.array(key).min(1) });
export type Key = z.infer<typeof key>;
export type KeySetFile = z.infer<typeof keySetFile>;

export const keyNames = ["SESSION_KEYS", "PASS_KEYS", "TICKET_KEYS"] as const;
export type KeyName = (typeof keyNames)[number];

const DAY_MS = 86_400_000;

/**
 * How long a replaced key still has tokens out: refresh tokens live 7 days; queue tickets, without an end of their own, as
 * long as a sale, for which 30 days are taken (their cookies'). Tickets are good until the last show: nobody here knows when.
 */
const overlapMs: Readonly<Record<KeyName, number | null>> = {
  SESSION_KEYS: 7 * DAY_MS,
  PASS_KEYS: 30 * DAY_MS,
  TICKET_KEYS: null,
};

export function readKeySet(json: string, name: string): KeySetFile {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Failure(`${name} is not JSON.`);
  }
  const parsed = keySetFile.safeParse(value);
  if (!parsed.success) throw new Failure(`${name} is not a set of private keys.`);
  return parsed.data;
}

/** A private Ed25519 key, named by its thumbprint. */
export async function makeKey(now: Date): Promise<Key> {
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = (await calculateJwkThumbprint(jwk)).slice(0, 16);
  return key.parse({ ...jwk, kid, alg: "EdDSA", use: "sig", made: now.toISOString() });
}

/** The one behind the signing key that has never signed, or null. */
export function standbyOf({ keys }: KeySetFile): Key | null {
  return keys.slice(1).find(({ made, replaced }) => made !== undefined && replaced === undefined) ?? null;
}

/** Verifies from now on, and signs nothing yet. */
export function withStandby(set: KeySetFile, added: Key): KeySetFile {
  const standby = standbyOf(set);
  if (standby !== null) throw new Failure(`${standby.kid} stands by already: rotate makes it the signing key.`);
  return { keys: [...set.keys, added] };
}

/** The standby signs from now on; the one it replaces goes on verifying. */
export function rotated(set: KeySetFile, now: Date): KeySetFile {
  const standby = standbyOf(set);
  const [signing, ...others] = set.keys;
  if (standby === null || signing === undefined)
    throw new Failure("No key stands by: add one first, and deploy it, so that everybody knows it before it signs.");
  return {
    keys: [standby, { ...signing, replaced: now.toISOString() }, ...others.filter(({ kid }) => kid !== standby.kid)],
  };
}

/** Without the keys whose last token has expired; with `kid`, without that one, whatever is still out. */
export function retired(name: KeyName, set: KeySetFile, now: Date, kid: string | null): KeySetFile {
  const [signing] = set.keys;
  if (kid !== null && kid === signing?.kid) throw new Failure(`${kid} is the signing key: rotate first.`);
  if (kid !== null && !set.keys.some((one) => one.kid === kid)) throw new Failure(`${name} has no key ${kid}.`);
  const keys = set.keys.filter((one) => (kid === null ? !hasOutlived(name, one, now) : one.kid !== kid));
  if (keys.length === set.keys.length)
    throw new Failure(`No key of ${name} has outlived its tokens yet. Naming one (--kid) retires it even so.`);
  return { keys };
}

/**
 * Somebody else has it: from now on nothing it signed opens anything. If it signed, the standby does from now on, or where
 * none stands by the fresh one. What ends with it is in `endsWith`.
 */
export function revoked(name: KeyName, set: KeySetFile, kid: string, fresh: Key): KeySetFile {
  if (!set.keys.some((one) => one.kid === kid)) throw new Failure(`${name} has no key ${kid}.`);
  const left = set.keys.filter((one) => one.kid !== kid);
  if (set.keys[0]?.kid !== kid) return { keys: left };
  const next = standbyOf(set) ?? fresh;
  return { keys: [next, ...left.filter((one) => one.kid !== next.kid)] };
}

/** What everybody notices whose token was signed by a key that was revoked. */
export const endsWith: Readonly<Record<KeyName, string>> = {
  SESSION_KEYS: "Everybody who signed in under it has to sign in again; places in queues, holds and orders stay.",
  PASS_KEYS:
    "Booking passes and queue tickets signed by it open nothing. Nobody loses a place: joining or entering again, signed in, gives new ones.",
  TICKET_KEYS:
    "QR codes signed by it, also printed ones, open no door. Holders open their ticket again; codes for typing still work.",
};

function hasOutlived(name: KeyName, { replaced }: Key, now: Date): boolean {
  const overlap = overlapMs[name];
  return replaced !== undefined && overlap !== null && Date.parse(replaced) + overlap <= now.getTime();
}

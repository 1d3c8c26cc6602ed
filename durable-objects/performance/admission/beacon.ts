/**
 * A public randomness beacon (drand, scheme bls-unchained-g1-rfc9380): whoever hands over a round is not trusted, the
 * signature decides. Facts: https://drand.love/docs/specification
 */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { BeaconChain } from "../contract.ts";

const DST = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** drand's quicknet: a round every three seconds. */
export const QUICKNET: BeaconChain = {
  hash: "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
  publicKey:
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
  genesis: 1_692_803_367,
  periodSeconds: 3,
};

/** The first round that is due at or after a time (milliseconds). */
export function roundAt(chain: BeaconChain, time: number): number {
  return Math.max(1, Math.ceil((time / 1_000 - chain.genesis) / chain.periodSeconds) + 1);
}

/** When a round is due, in milliseconds. */
export function roundTime(chain: BeaconChain, round: number): number {
  return (chain.genesis + (round - 1) * chain.periodSeconds) * 1_000;
}

/** The randomness of a round (hex), or null if the signature is not that round's: then it is nobody's word. */
export function verifiedRandomness(chain: BeaconChain, round: number, signature: string): string | null {
  try {
    const number = new Uint8Array(8);
    new DataView(number.buffer).setBigUint64(0, BigInt(round));
    const scheme = bls12_381.shortSignatures;
    const message = scheme.hash(sha256(number), DST);
    const bytes = hexToBytes(signature);
    return scheme.verify(bytes, message, hexToBytes(chain.publicKey)) ? bytesToHex(sha256(bytes)) : null;
  } catch {
    return null; // not a point, not hex: not a signature
  }
}

/**
 * A stand-in for drand on a laptop without internet: a chain of its own with its own key, the same scheme, rounds of today.
 * The whole path of a draw, verification included, runs against it. Its key is kept, so that rounds stay verifiable.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { roundTime } from "../durable-objects/performance/admission/beacon.ts";
import type { BeaconChain } from "../durable-objects/performance/contract.ts";

const DST = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
const stored = z.object({ secret: z.string().regex(/^[0-9a-f]{64}$/), genesis: z.number().int() });

export interface RunningBeacon {
  readonly url: string;
  readonly chain: BeaconChain;
  close(): Promise<void>;
}

export async function startBeacon({ port, file }: { port: number; file: string }): Promise<RunningBeacon> {
  const { secret, genesis } = keyOf(file);
  const scheme = bls12_381.shortSignatures;
  const publicKey = scheme.getPublicKey(hexToBytes(secret)).toHex();
  const hash = bytesToHex(sha256(hexToBytes(publicKey)));
  const chain: BeaconChain = { hash, publicKey, genesis, periodSeconds: 3 };
  const server = createServer((request, response) => {
    const match = /^\/([0-9a-f]{64})\/public\/([1-9]\d{0,14})$/.exec(request.url ?? "");
    const round = Number(match?.[2]);
    // A round that is not due yet is known to nobody: that is the point of a beacon.
    const known = match?.[1] === hash && roundTime(chain, round) <= Date.now();
    const body = known ? { round, ...signed(secret, round) } : { error: "no such round yet" };
    response.writeHead(known ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    chain,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

function signed(secret: string, round: number): { randomness: string; signature: string } {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(round));
  const scheme = bls12_381.shortSignatures;
  const signature = scheme.sign(scheme.hash(sha256(number), DST), hexToBytes(secret)).toBytes();
  return { randomness: bytesToHex(sha256(signature)), signature: bytesToHex(signature) };
}

function keyOf(file: string): z.infer<typeof stored> {
  if (existsSync(file)) return stored.parse(JSON.parse(readFileSync(file, "utf8")));
  // The top bits are cleared so that the number lies below the group's order.
  const secret = `0${randomBytes(32).toString("hex").slice(1)}`;
  const key = { secret, genesis: Math.floor(Date.now() / 1_000) - 60 };
  writeFileSync(file, JSON.stringify(key), { mode: 0o600 });
  return key;
}

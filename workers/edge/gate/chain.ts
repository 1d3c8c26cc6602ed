/** The randomness beacon in use: drand's quicknet, or a stand-in of a laptop that brings a chain of its own. */
import { z } from "zod";
import { QUICKNET } from "../../../durable-objects/performance/admission/beacon.ts";
import type { BeaconChain } from "../../../durable-objects/performance/contract.ts";
import type { Environment } from "../../environment.ts";

const hex = (bytes: number): z.ZodString => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const chain = z.object({
  hash: hex(32),
  publicKey: hex(96),
  genesis: z.number().int().positive(),
  periodSeconds: z.number().int().positive(),
});

export function beaconChain(env: Environment): BeaconChain {
  return env.BEACON_CHAIN === undefined ? QUICKNET : chain.parse(JSON.parse(env.BEACON_CHAIN));
}

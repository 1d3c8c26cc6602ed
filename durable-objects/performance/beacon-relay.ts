/** Relays of a randomness beacon (drand's HTTP API). Nothing a relay says is believed: the rule checks the signature. */
import { z } from "zod";
import { roundTime } from "./admission/beacon.ts";
import { beaconDue } from "./admission/drawing.ts";
import type { PerformanceState } from "./state.ts";

const RELAY_TIMEOUT_MS = 3_000;
const answer = z.looseObject({ signature: z.string().regex(/^[0-9a-f]{96}$/) });

/** The signature of a round from the first relay that has it, or null: then it is asked for again later. */
async function fetchSignature(relays: string, chain: string, round: number): Promise<string | null> {
  for (const relay of relays.split(",")) {
    try {
      const url = new URL(`/${chain}/public/${round}`, relay.trim());
      const response = await fetch(url, { signal: AbortSignal.timeout(RELAY_TIMEOUT_MS) });
      const parsed = answer.safeParse(response.ok ? await response.json() : null);
      if (parsed.success) return parsed.data.signature;
    } catch {
      // A relay that is away is one of several.
    }
  }
  return null;
}

/** The signature a draw waits for, if it is due by now and a relay has it. */
export async function signatureDue(state: PerformanceState, relays: string, now: number): Promise<string | null> {
  const beacon = state.settings?.beacon ?? null;
  if (beacon === null || beaconDue(state, now) === null || roundTime(beacon.chain, beacon.round) > now) return null;
  return fetchSignature(relays, beacon.chain.hash, beacon.round);
}

/** Relays of a randomness beacon (drand's HTTP API). Nothing a relay says is believed: the rule checks the signature. */
import { z } from "zod";

const RELAY_TIMEOUT_MS = 3_000;
const answer = z.looseObject({ signature: z.string().regex(/^[0-9a-f]{96}$/) });

/** The signature of a round from the first relay that has it, or null: then it is asked for again later. */
export async function fetchSignature(relays: string, chain: string, round: number): Promise<string | null> {
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

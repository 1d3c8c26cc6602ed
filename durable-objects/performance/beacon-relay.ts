/** Relays of a randomness beacon (drand's HTTP API). Nothing a relay says is believed: the rule checks the signature. */
import { z } from "zod";
import { roundTime } from "./admission/beacon.ts";
import { beaconDue } from "./admission/drawing.ts";
import { boundedJson } from "../bounded-answer.ts";
import type { Guard } from "../guard.ts";
import type { Signal } from "../in-time.ts";
import type { PerformanceState } from "./state.ts";

const RELAY_TIMEOUT_MS = 3_000;
/** A round is some three hundred bytes. */
const ANSWER_BYTES = 16 * 1_024;
const answer = z.looseObject({ signature: z.string().regex(/^[0-9a-f]{96}$/) });

/**
 * The signature of a round from the first relay that has it, or null: then it is asked for again later. All are asked at
 * once, for one that hangs may not keep a sale from its opening; one that fails is left in peace for a moment.
 */
async function fetchSignature(guard: Guard, relays: string, path: string): Promise<string | null> {
  const asked = relays.split(",").map(async (part) => {
    const relay = part.trim();
    const ask = (signal: Signal): Promise<RelayAnswer> => askRelay(new URL(path, relay), signal);
    const { body } = await guard.ask("beacon", RELAY_TIMEOUT_MS, ask, { which: relay, isTrouble });
    return answer.parse(body).signature;
  });
  // Without any there is no signature: a relay that is away, or has no such round yet, is one of several.
  return Promise.any(asked).catch(() => null);
}

interface RelayAnswer {
  readonly status: number;
  /** Null: it has no such round yet. */
  readonly body: unknown;
}

async function askRelay(url: URL, signal: Signal): Promise<RelayAnswer> {
  const response = await fetch(url, { signal: signal() });
  const { ok, status } = response;
  if (!ok) await response.body?.cancel();
  return { status, body: ok ? await boundedJson(response, ANSWER_BYTES) : null };
}

function isTrouble({ status }: RelayAnswer): boolean {
  return status >= 500 || status === 429;
}

/** The signature a draw waits for, if it is due by now and a relay has it. */
export async function signatureDue(
  guard: Guard,
  state: PerformanceState,
  relays: string,
  now: number,
): Promise<string | null> {
  const beacon = state.settings?.beacon ?? null;
  if (beacon === null || beaconDue(state, now) === null || roundTime(beacon.chain, beacon.round) > now) return null;
  return fetchSignature(guard, relays, `/${beacon.chain.hash}/public/${beacon.round}`);
}

/** How the order of a queue comes about: its public facts, the sealed list, the keys of receipts. */
import { ask, jittered, sleep, Unreachable } from "../api.ts";
import { fallback } from "../decode-loosely.ts";
import { type Decoder, fields, listOf, nullable, number, oneOf, ShapeError, text, time } from "../decode.ts";

export interface BeaconFacts {
  readonly chain: {
    readonly hash: string;
    readonly publicKey: string;
    readonly genesis: number;
    readonly periodSeconds: number;
  };
  readonly round: number;
}

export interface SealedFacts {
  readonly n: number;
  readonly root: string;
  readonly segments: number;
  readonly at: number;
}

export interface DrawnFacts {
  readonly secret: string;
  readonly signature: string | null;
  readonly randomness: string;
  readonly seed: string;
  readonly at: number;
}

/** When the beacon's round becomes public. */
export function dueAt({ chain, round }: BeaconFacts): number {
  return (chain.genesis + (round - 1) * chain.periodSeconds) * 1000;
}

/** Byte strings are lower-case hex throughout. */
export interface DrawFacts {
  readonly performanceId: string;
  readonly method: "arrival" | "draw";
  /** What everybody on the list has shown. */
  readonly verification: "codes" | "verifier" | null;
  readonly lanes: readonly { readonly id: string; readonly share: number }[];
  readonly commitment: string | null;
  readonly beacon: BeaconFacts | null;
  readonly beaconUntil: number | null;
  readonly sealed: SealedFacts | null;
  readonly drawn: DrawnFacts | null;
}

const hex: Decoder<string> = (value) => {
  const digits = text(value);
  if (!/^([0-9a-f]{2})+$/.test(digits)) throw new ShapeError("expected hex");
  return digits;
};

const amount: Decoder<number> = (value) => {
  const found = number(value);
  if (!Number.isSafeInteger(found) || found < 0) throw new ShapeError("expected a count");
  return found;
};

export const readDrawFacts = fields<DrawFacts>({
  performanceId: text,
  method: oneOf("arrival", "draw"),
  verification: fallback(nullable(oneOf("codes", "verifier")), null),
  lanes: listOf(fields({ id: text, share: number })),
  commitment: nullable(hex),
  beacon: nullable(
    fields<BeaconFacts>({
      chain: fields({ hash: hex, publicKey: hex, genesis: number, periodSeconds: number }),
      round: amount,
    }),
  ),
  beaconUntil: nullable(time),
  sealed: nullable(fields<SealedFacts>({ n: amount, root: hex, segments: amount, at: time })),
  drawn: nullable(fields<DrawnFacts>({ secret: hex, signature: nullable(hex), randomness: hex, seed: hex, at: time })),
});

const at = (performanceId: string, rest: string): string =>
  `/api/performances/${encodeURIComponent(performanceId)}/draw${rest}`;

export function readDraw(performanceId: string): Promise<DrawFacts> {
  return ask({ method: "GET", path: at(performanceId, ""), decode: readDrawFacts });
}

const triesMax = 4;

/** Bytes, not JSON; never changing, so the browser may keep them. */
export async function readSegment(performanceId: string, index: number): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(at(performanceId, `/segments/${index}`), { signal: AbortSignal.timeout(30_000) });
      if (!response.ok) throw new Unreachable(`status ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      if (attempt >= triesMax) throw new Unreachable(error instanceof Error ? error.message : "no answer");
      await sleep(jittered(500 * 2 ** attempt));
    }
  }
}

/** An Ed25519 key as published; `x` is base64url. */
export interface SigningKey {
  readonly kid: string;
  readonly x: string;
}

export async function readSigningKeys(): Promise<readonly SigningKey[]> {
  const decode = fields({ keys: listOf(fields<SigningKey>({ kid: text, x: text })) });
  return (await ask({ method: "GET", path: "/.well-known/jwks.json", decode })).keys;
}

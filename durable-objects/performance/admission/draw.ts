/**
 * The draw: who joined while gathering gets a place by a seeded Fisher–Yates shuffle that anybody can compute again. Runs
 * in the object, in a browser and in a script alike, from public data alone:
 *
 *     root  = chain of SHA-256 over the list of entries, in segments of 1,024 (published when the list is sealed)
 *     seed  = SHA-256("ticketping-draw-v1" ‖ performance ‖ secret ‖ beacon ‖ root ‖ N), every part of fixed width
 *     order = Fisher–Yates over 0 … N−1, indices by rejection sampling on a ChaCha20 keystream (key: seed, nonce: zeros)
 *
 * The secret is committed to (its SHA-256 is published) before anybody joins, and the beacon is a round of a public
 * randomness beacon named beforehand: whoever knows the one cannot choose the other.
 */
import { chacha20 } from "@noble/ciphers/chacha.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

/** Entries per segment of the published list; the last one may be shorter. */
export const SEGMENT_ENTRIES = 1_024;
/** Stands in for the beacon where the organiser chose none, or where it stayed away beyond the published time. */
export const NO_BEACON = "00".repeat(32);

const LIST_DOMAIN = utf8ToBytes("ticketping-list-v1");
const DRAW_DOMAIN = utf8ToBytes("ticketping-draw-v1");

/** What the secret is committed to as, before anybody joins. Hex in, hex out. */
export function commitmentOf(secret: string): string {
  return bytesToHex(sha256(hexToBytes(secret)));
}

/** The chain's value before the first segment. */
function listStart(performanceId: string): Uint8Array {
  return sha256(concatBytes(LIST_DOMAIN, uuidBytes(performanceId)));
}

/** The chain's value after one more segment (16 bytes an entry): the checkpoint at that segment's end. */
function listNext(chain: Uint8Array, segment: Uint8Array): Uint8Array {
  return sha256(concatBytes(chain, segment));
}

/** The root of a whole list, as hex. */
export function listRoot(performanceId: string, segments: Iterable<Uint8Array>): string {
  let chain = listStart(performanceId);
  for (const segment of segments) chain = listNext(chain, segment);
  return bytesToHex(chain);
}

export interface DrawInputs {
  readonly performanceId: string;
  /** 32 bytes each, as hex. */
  readonly secret: string;
  readonly beacon: string;
  readonly root: string;
  /** Entries that take part. */
  readonly n: number;
}

/** The seed, as hex. Throws on a part of the wrong width: a shorter secret must not pass for a longer one. */
export function drawSeed({ performanceId, secret, beacon, root, n }: DrawInputs): string {
  const count = new Uint8Array(8);
  new DataView(count.buffer).setBigUint64(0, BigInt(n));
  const parts = [DRAW_DOMAIN, uuidBytes(performanceId), wide(secret), wide(beacon), wide(root), count];
  return bytesToHex(sha256(concatBytes(...parts)));
}

/** Place → number. A million places take well under a second. */
export function drawOrder(seed: string, n: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, number) => number);
  const random = keystream(wide(seed), n);
  for (let last = n - 1; last > 0; last--) {
    const other = below(random, last + 1);
    const number = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = number;
  }
  return order;
}

/** Number → place. */
export function placesOf(order: Uint32Array): Uint32Array {
  const places = new Uint32Array(order.length);
  for (let place = 0; place < order.length; place++) places[order[place] ?? 0] = place;
  return places;
}

/** Uniform in [0, range): values beyond the last full multiple are drawn again, or small places would be likelier. */
function below(random: () => number, range: number): number {
  const limit = 2 ** 32 - (2 ** 32 % range);
  for (;;) {
    const value = random();
    if (value < limit) return value % range;
  }
}

const CHUNK_BLOCKS = 1_024;
const BLOCK_BYTES = 64;

/**
 * Little-endian 32-bit words of the ChaCha20 keystream, block counter from zero. `words`: about how many will be asked for. An
 * object draws again whenever it starts: fifty people need four blocks of it, and not a thousand.
 */
function keystream(key: Uint8Array, words: number): () => number {
  const nonce = new Uint8Array(12);
  const blocks = Math.max(1, Math.min(CHUNK_BLOCKS, Math.ceil((words * 4) / BLOCK_BYTES)));
  const zeros = new Uint8Array(blocks * BLOCK_BYTES);
  let counter = 0;
  let view = new DataView(new ArrayBuffer(0));
  let offset = 0;
  return () => {
    if (offset >= view.byteLength) {
      view = new DataView(chacha20(key, nonce, zeros, undefined, counter).buffer);
      counter += blocks;
      offset = 0;
    }
    const word = view.getUint32(offset, true);
    offset += 4;
    return word;
  };
}

function uuidBytes(id: string): Uint8Array {
  const bytes = hexToBytes(id.replaceAll("-", ""));
  if (bytes.length !== 16) throw new Error("a performance id has 16 bytes");
  return bytes;
}

function wide(hex: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes.length !== 32) throw new Error("a part of the seed has 32 bytes");
  return bytes;
}

/**
 * npm run verify-draw: computes a draw again from public data alone. Every step is printed; the first one that does not fit
 * ends it with exit code 1.
 */
import { createRemoteJWKSet, jwtVerify } from "jose";
import { z } from "zod";
import { verifiedRandomness } from "../durable-objects/performance/admission/beacon.ts";
import {
  commitmentOf,
  drawOrder,
  drawSeed,
  listRoot,
  NO_BEACON,
  placesOf,
  SEGMENT_ENTRIES,
} from "../durable-objects/performance/admission/draw.ts";
import { command, Misuse } from "./command.ts";
import { Failure } from "./failure.ts";

const hex = z.string().regex(/^([0-9a-f]{2})+$/);
const chain = z.object({ hash: hex, publicKey: hex, genesis: z.number(), periodSeconds: z.number() });
const draw = z.object({
  performanceId: z.uuid(),
  method: z.enum(["arrival", "draw"]),
  commitment: hex.nullable(),
  lanes: z.array(z.object({ id: z.string(), share: z.number() })).min(1),
  beacon: z.object({ chain, round: z.number() }).nullable(),
  sealed: z.object({ n: z.number(), root: hex, segments: z.number() }).nullable(),
  drawn: z.object({ secret: hex, signature: hex.nullable(), randomness: hex, seed: hex }).nullable(),
});
const receiptClaims = z.object({
  sub: hex,
  performance: z.uuid(),
  number: z.number(),
  iat: z.number(),
  lane: z.number().optional(),
});
const ENTRY_BYTES = 16;

const usage = `npm run verify-draw -- URL [RECEIPT]
  URL        of the draw, such as http://127.0.0.1:8787/api/performances/ID/draw
  RECEIPT    what joining answered: which place that person was drawn to is then told as well`;

await command(usage, async ([url, receipt]) => {
  if (url === undefined || !URL.canParse(url)) throw new Misuse("Say which draw: its URL.");
  await verify(new URL(url), receipt);
});

async function verify(url: URL, receipt: string | undefined): Promise<void> {
  const view = draw.parse(await (await fetched(url)).json());
  if (view.method === "arrival") return say("There is no draw: first come, first served.");
  const { sealed, drawn } = view;
  if (sealed === null || drawn === null) throw new Failure("The order has not been drawn yet.");
  must(commitmentOf(drawn.secret) === view.commitment, "the secret is the one that was committed to");
  const randomness = verifiedBeacon(view.beacon, drawn.signature);
  must(randomness === drawn.randomness, "the beacon's randomness is the one that was used");
  const segments: Uint8Array[] = [];
  for (let index = 0; index < sealed.segments; index++) {
    const response = await fetched(new URL(`${url.pathname}/segments/${index}`, url));
    segments.push(new Uint8Array(await response.arrayBuffer()));
  }
  const bytes = segments.reduce((sum, segment) => sum + segment.length, 0);
  must(bytes === sealed.n * listedBytes(view.lanes.length), `the list has ${sealed.n} entries`);
  must(listRoot(view.performanceId, segments) === sealed.root, "the list is the one that was sealed");
  const { performanceId } = view;
  const seed = drawSeed({ performanceId, secret: drawn.secret, beacon: randomness, root: sealed.root, n: sealed.n });
  must(seed === drawn.seed, "the seed follows from secret, beacon and list");
  const places = placesOf(drawOrder(seed, sealed.n));
  say(`✓ ${places.length} places computed again`);
  if (view.lanes.length > 1) say(`✓ the list says who is in which lane: ${view.lanes.map(shareOf).join(", ")}`);
  if (receipt !== undefined) await placeOf(receipt, url, view, segments, places);
}

/** An entry, and with more than one lane a byte for its own (at the end of the segment). */
function listedBytes(lanes: number): number {
  return lanes > 1 ? ENTRY_BYTES + 1 : ENTRY_BYTES;
}

function shareOf({ id, share }: { readonly id: string; readonly share: number }): string {
  return `${id} ${share} %`;
}

function verifiedBeacon(beacon: z.infer<typeof draw>["beacon"], signature: string | null): string {
  if (beacon === null) {
    say("! No beacon was named: the operator, who knew the secret, could have influenced the order.");
    return NO_BEACON;
  }
  if (signature === null) {
    say("! The beacon's round did not arrive in the published time: the draw went on without it.");
    return NO_BEACON;
  }
  const randomness = verifiedRandomness(beacon.chain, beacon.round, signature);
  must(randomness !== null, `round ${beacon.round} of the beacon is genuine`);
  return randomness ?? NO_BEACON;
}

async function placeOf(
  receipt: string,
  url: URL,
  { performanceId, lanes }: z.infer<typeof draw>,
  segments: readonly Uint8Array[],
  places: Uint32Array,
): Promise<void> {
  const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", url));
  const options = { algorithms: ["EdDSA"], typ: "queue-receipt+jwt", audience: "ticketping:receipt" };
  const verified = await jwtVerify(receipt, keys, options).catch(() => null);
  must(verified !== null, "the receipt is signed");
  const { sub, performance, number, iat, lane = 0 } = receiptClaims.parse(verified?.payload);
  must(performance === performanceId, "the receipt is for this performance");
  if (number >= places.length) return say(`Number ${number} came after the list was sealed: place ${number}.`);
  const segment = Buffer.from(segments[Math.floor(number / SEGMENT_ENTRIES)] ?? []);
  const at = number % SEGMENT_ENTRIES;
  const listed = segment.subarray(at * ENTRY_BYTES, (at + 1) * ENTRY_BYTES).toString("hex");
  must(listed === sub, `the list has the receipt's entry at number ${number}`);
  if (lanes.length > 1) {
    const entries = segment.length / listedBytes(lanes.length);
    must(
      segment[entries * ENTRY_BYTES + at] === lane,
      `the list has it in the receipt's lane, ${lanes[lane]?.id ?? lane}`,
    );
  }
  say(`✓ joined ${new Date(iat * 1_000).toISOString()} as number ${number}, drawn to place ${places[number]}`);
}

async function fetched(url: URL): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Failure(`${url.href} answered ${response.status}.`);
  return response;
}

function must(fits: boolean, sentence: string): void {
  if (!fits) throw new Failure(`It is not true that ${sentence}.`);
  say(`✓ ${sentence}`);
}

function say(line: string): void {
  console.log(line);
}

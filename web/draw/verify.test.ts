import { ed25519 } from "@noble/curves/ed25519.js";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import {
  commitmentOf,
  drawOrder,
  drawSeed,
  listRoot,
  NO_BEACON,
  placesOf,
} from "../../durable-objects/performance/admission/draw.ts";
import { dueAt, type DrawFacts, type SigningKey } from "../calls/draw.ts";
import { entryAt } from "./list.ts";
import type { Finding, Own } from "./steps.ts";
import { verdictOf } from "./steps.ts";
import { verify } from "./verify.ts";

const performanceId = "00000000-0000-4000-8000-000000000001";
const secret = "42".repeat(32);
const n = 2_500;
const list = Uint8Array.from(
  { length: n * 16 },
  (_, index) => sha256(Uint8Array.of(index >> 16, index >> 8, index))[0] ?? 0,
);
const segments = [0, 1, 2].map((index) => list.slice(index * 16_384, (index + 1) * 16_384));
const root = listRoot(performanceId, segments);

/** A beacon of our own: genuine signatures, but not the well-known chain. */
const scheme = bls12_381.shortSignatures;
const beaconKey = new Uint8Array(32).fill(7);
const chain = {
  hash: "aa".repeat(32),
  publicKey: scheme.getPublicKey(beaconKey).toHex(),
  genesis: 1_000,
  periodSeconds: 3,
};
const beacon = { chain, round: 9 };
const roundBytes = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 9);
const message = scheme.hash(sha256(roundBytes), "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_");
const signature = scheme.sign(message, beaconKey).toHex();
const randomness = bytesToHex(sha256(scheme.sign(message, beaconKey).toBytes()));

const receiptKey = new Uint8Array(32).fill(5);
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const keys: readonly SigningKey[] = [{ kid: "k", x: base64url(ed25519.getPublicKey(receiptKey)) }];

function receiptOf(number: number, changes: Record<string, unknown> = {}): string {
  const part = (value: unknown): string => base64url(new TextEncoder().encode(JSON.stringify(value)));
  const claims = { sub: entryAt(list, number) ?? "ab".repeat(16), performance: performanceId, number, iat: 1_000 };
  const head = part({ alg: "EdDSA", typ: "queue-receipt+jwt", kid: "k" });
  const signed = `${head}.${part({ ...claims, aud: "ticketping:receipt", ...changes })}`;
  return `${signed}.${base64url(ed25519.sign(new TextEncoder().encode(signed), receiptKey))}`;
}

function factsWith(used: string, changes: Partial<DrawFacts> = {}): DrawFacts {
  const seed = drawSeed({ performanceId, secret, beacon: used, root, n });
  return {
    performanceId,
    method: "draw",
    verification: null,
    lanes: [{ id: "general", share: 100 }],
    commitment: commitmentOf(secret),
    beacon,
    beaconUntil: null,
    sealed: { n, root, segments: 3, at: dueAt(beacon) - 1 },
    drawn: { secret, signature, randomness: used, seed, at: dueAt(beacon) + 1 },
    ...changes,
  };
}

const facts = factsWith(randomness);
const drawn = facts.drawn ?? never();
const sealed = facts.sealed ?? never();

function never(): never {
  throw new Error("the facts are incomplete");
}

interface Outcome {
  readonly findings: readonly Finding[];
  readonly marks: Readonly<Record<string, string>>;
  readonly own: Own | null;
}

async function run(
  given: DrawFacts,
  receipt: string | null = null,
  segment: (index: number) => Promise<Uint8Array> = async (index) => segments[index] ?? new Uint8Array(),
): Promise<Outcome> {
  const findings: Finding[] = [];
  const own = await verify(
    { facts: given, receipt, segment, keys: async () => keys },
    {
      begins: () => undefined,
      progress: () => undefined,
      finds: (finding) => findings.push(finding),
      breathe: async () => undefined,
    },
  );
  const said = findings.map(({ step, mark, remark }) => [step, remark === undefined ? mark : `${mark}: ${remark}`]);
  return { findings, marks: Object.fromEntries(said), own };
}

describe("checking a draw", () => {
  it("finds an honest one to fit, and says that the beacon is not the well-known one", async () => {
    const { marks, findings, own } = await run(facts, receiptOf(3));
    expect(marks).toEqual({
      secret: "fits",
      beacon: "careful: unknownChain",
      timing: "fits",
      list: "fits",
      distinct: "fits",
      root: "fits",
      seed: "fits",
      order: "fits",
      receipt: "fits",
    });
    expect(verdictOf(findings)).toBe("careful");
    const place = placesOf(drawOrder(drawn.seed, n))[3];
    expect(own).toEqual({ number: 3, place, joinedAt: 1_000_000, late: false });
  });

  it("takes zeros where no beacon was named or it stayed away, and only zeros", async () => {
    const none = factsWith(NO_BEACON, { beacon: null });
    const quiet = { ...none, drawn: { ...drawn, ...none.drawn, signature: null } };
    expect((await run(quiet)).marks).toMatchObject({
      beacon: "careful: noBeacon",
      timing: "open",
      seed: "fits",
    });
    expect((await run({ ...quiet, beacon })).marks).toMatchObject({ beacon: "careful: lateBeacon", seed: "fits" });
    const chosen = { ...facts, drawn: { ...drawn, signature: null } };
    expect((await run(chosen)).marks).toMatchObject({ beacon: "differs", seed: "differs", order: "open: needsOther" });
  });

  it.each([
    ["secret", { drawn: { ...drawn, secret: "43".repeat(32) } }, { secret: "differs", seed: "differs" }],
    ["short secret", { drawn: { ...drawn, secret: "42" } }, { secret: "differs", seed: "differs" }],
    ["beacon round", { beacon: { chain, round: 10 } }, { beacon: "differs", seed: "open: needsOther" }],
    ["sealing after the round", { sealed: { ...sealed, at: dueAt(beacon) } }, { timing: "careful: earlyRound" }],
    ["root", { sealed: { ...sealed, root: "00".repeat(32) } }, { root: "differs", seed: "differs" }],
    ["length", { sealed: { ...sealed, n: n - 1 } }, { list: "differs", root: "open: needsOther", seed: "differs" }],
    ["seed", { drawn: { ...drawn, seed: "00".repeat(32) } }, { seed: "differs", order: "open: needsOther" }],
  ] as const)("notices another %s", async (_, changes, expected) => {
    const { marks, findings } = await run({ ...facts, ...changes });
    expect(marks).toMatchObject(expected);
    if (!("timing" in expected)) expect(verdictOf(findings)).toBe("differs");
  });

  it("notices an entry that is in the list twice", async () => {
    const twice = segments.map((segment) => segment.slice());
    twice[2]?.set(list.subarray(0, 16), 32);
    const { marks } = await run(facts, null, async (index) => twice[index] ?? new Uint8Array());
    expect(marks).toMatchObject({ distinct: "differs", root: "differs" });
  });

  it("tells a list that cannot be had from one that does not fit", async () => {
    const { marks, findings } = await run(facts, receiptOf(3), () => Promise.reject(new Error("offline")));
    expect(marks).toMatchObject({ list: "broken: unreachable", root: "open: needsOther", order: "fits" });
    expect(marks["receipt"]).toBe("open: needsOther");
    expect(verdictOf(findings)).toBe("broken");
  });

  it("checks what there is before the draw", async () => {
    const { marks, findings, own } = await run({ ...facts, drawn: null }, receiptOf(3));
    expect(marks).toMatchObject({ secret: "open: notDrawn", root: "fits", order: "open: notDrawn", receipt: "fits" });
    expect(verdictOf(findings)).toBe("open");
    expect(own).toMatchObject({ number: 3, place: null });
    expect((await run({ ...facts, sealed: null, drawn: null })).marks).toMatchObject({ list: "open: notDrawn" });
  });
});

describe("a receipt", () => {
  it.each([
    ["none", null, "open: noReceipt"],
    ["garbage", "a.b.c", "differs: badReceipt"],
    [
      "one with another body",
      receiptOf(3).replace(/\..*\./, `.${receiptOf(4).split(".")[1] ?? ""}.`),
      "differs: badReceipt",
    ],
    ["one for another kind", receiptOf(3, { aud: "ticketping:pass" }), "differs: badReceipt"],
    ["one for another show", receiptOf(3, { performance: "else" }), "differs: otherShow"],
    ["one with another entry", receiptOf(3, { sub: "00".repeat(16) }), "differs: otherEntry"],
  ])("of %s", async (_, receipt, expected) => {
    expect((await run(facts, receipt)).marks["receipt"]).toBe(expected);
  });

  it("of somebody who came after the sealing keeps the order of coming", async () => {
    const { own } = await run(facts, receiptOf(n + 4));
    expect(own).toMatchObject({ number: n + 4, place: n + 4, late: true });
  });
});

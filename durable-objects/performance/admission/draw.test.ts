import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { QUICKNET, roundAt, roundTime, verifiedRandomness } from "./beacon.ts";
import { commitmentOf, drawOrder, drawSeed, listRoot, NO_BEACON, placesOf } from "./draw.ts";

const PERFORMANCE = "00000000-0000-4000-8000-000000000001";
const inputs = { performanceId: PERFORMANCE, secret: "11".repeat(32), beacon: NO_BEACON, root: "22".repeat(32), n: 3 };

describe("the draw", () => {
  test("gives everybody exactly one place", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), fc.integer(), (n, salt) => {
        const seed = commitmentOf(Math.abs(salt).toString(16).padStart(64, "0"));
        const order = drawOrder(seed, n);
        expect(Array.from(order).toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, number) => number));
        const places = placesOf(order);
        for (let place = 0; place < n; place++) expect(places[order[place] ?? 0]).toBe(place);
      }),
      { numRuns: 50 },
    );
  });

  test("is the same for the same inputs, and another for any other", () => {
    const seed = drawSeed(inputs);
    expect(drawSeed({ ...inputs })).toBe(seed);
    const others = [
      { performanceId: PERFORMANCE.replace("1", "2") },
      { secret: "12".repeat(32) },
      { beacon: "01".repeat(32) },
      { root: "23".repeat(32) },
      { n: 4 },
    ];
    for (const other of others) expect(drawSeed({ ...inputs, ...other })).not.toBe(seed);
  });

  test("refuses parts of another width: a boundary must not move between two parts", () => {
    expect(() => drawSeed({ ...inputs, secret: "11" })).toThrow("32 bytes");
    expect(() => drawSeed({ ...inputs, performanceId: "00" })).toThrow("16 bytes");
  });

  test("favours no place: every number is about equally often first", () => {
    const first = new Map<number, number>();
    for (let run = 0; run < 6_000; run++) {
      const order = drawOrder(commitmentOf(run.toString(16).padStart(64, "0")), 6);
      first.set(order[0] ?? -1, (first.get(order[0] ?? -1) ?? 0) + 1);
    }
    // Six numbers, 6,000 draws: 1,000 each, standard deviation 29. The seeds are fixed, so this never flickers.
    for (const count of first.values()) expect(Math.abs(count - 1_000)).toBeLessThan(120);
  });

  test("the list's root changes with any entry, any order, any cut", () => {
    const segment = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
    const root = listRoot(PERFORMANCE, [segment(1), segment(2)]);
    expect(listRoot(PERFORMANCE, [segment(2), segment(1)])).not.toBe(root);
    expect(listRoot(PERFORMANCE, [segment(1)])).not.toBe(root);
    expect(listRoot(PERFORMANCE, [segment(1), segment(3)])).not.toBe(root);
  });
});

describe("the beacon", () => {
  // Two real rounds of quicknet.
  const rounds = [
    {
      round: 657_413,
      signature: "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
      randomness: "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
    },
    {
      round: 10_024_141,
      signature: "8c87caf26bb4f5e9fdfad5ddf739ff8683344f8cf04a8c381225ff067557b5d9d51937eed765fcef21971bf5ddef44bb",
      randomness: "08622adf60800b20ad45b39792a6fe32cb4bf428925550921b01ac3843e714e6",
    },
  ] as const;

  test("real rounds are taken", () => {
    for (const { round, signature, randomness } of rounds) {
      expect(verifiedRandomness(QUICKNET, round, signature)).toBe(randomness);
    }
  });

  test("a flipped bit, another round's signature, and nonsense are not", () => {
    const [{ round, signature }, other] = rounds;
    const flipped = signature.replace("713", "712");
    for (const wrong of [flipped, other.signature, "", "zz", "00".repeat(48)]) {
      expect(verifiedRandomness(QUICKNET, round, wrong)).toBeNull();
    }
    expect(verifiedRandomness(QUICKNET, round + 1, signature)).toBeNull();
  });

  test("the round of a time is the first one due at or after it", () => {
    const time = Date.UTC(2026, 10, 22, 12);
    const round = roundAt(QUICKNET, time);
    expect(roundTime(QUICKNET, round)).toBeGreaterThanOrEqual(time);
    expect(roundTime(QUICKNET, round - 1)).toBeLessThan(time);
  });
});

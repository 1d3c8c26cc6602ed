import { describe, expect, it } from "vitest";
import { download, entriesOf, entryAt, hasTwice, joined, laneAt } from "./list.ts";

const entry = (value: number): Uint8Array => new Uint8Array(16).fill(value);

describe("the sealed list", () => {
  it("arrives in order whatever comes first, and tells how much has", async () => {
    const told: number[] = [];
    const read = async (index: number): Promise<Uint8Array> => {
      await new Promise((resolve) => setTimeout(resolve, index === 0 ? 20 : 1));
      return new Uint8Array(index === 2 ? 16 : 16_384).fill(index);
    };
    const segments = await download({ n: 2_049, count: 3, laned: false, read, progress: (done) => told.push(done) });
    expect(segments?.map((segment) => segment[0])).toEqual([0, 1, 2]);
    expect(told).toEqual([1 / 3, 2 / 3, 1]);
  });

  it("is refused when its parts have other sizes than they should", async () => {
    const progress = (): void => undefined;
    const read = async (): Promise<Uint8Array> => new Uint8Array(16);
    expect(await download({ n: 2, count: 1, laned: false, read, progress })).toBeNull();
    expect(await download({ n: 1_025, count: 1, laned: false, read, progress })).toBeNull();
    expect(await download({ n: 0, count: 0, laned: false, read, progress })).toEqual([]);
  });

  it("with lanes has a byte for each entry's at the end", async () => {
    const segment = joined([entry(1), entry(2), Uint8Array.of(0, 1)]);
    const segments = await download({
      n: 2,
      count: 1,
      laned: true,
      read: async () => segment,
      progress: () => undefined,
    });
    expect(segments).not.toBeNull();
    expect(entryAt(joined(entriesOf([segment], true)), 1)).toBe("02".repeat(16));
    expect([laneAt([segment], 0), laneAt([segment], 1)]).toEqual([0, 1]);
    expect(
      await download({ n: 2, count: 1, laned: false, read: async () => segment, progress: () => undefined }),
    ).toBeNull();
  });

  it("is looked into by number", () => {
    const list = joined([entry(1), joined([entry(2), entry(255)])]);
    expect(entryAt(list, 2)).toBe("ff".repeat(16));
    expect(entryAt(list, 3)).toBeNull();
  });

  it("shows whether an entry is in it twice, also when first words agree", () => {
    const near = entry(2);
    near[15] = 9;
    expect(hasTwice(joined([entry(1), entry(2), near]))).toBe(false);
    expect(hasTwice(joined([entry(1), entry(2), near, entry(2)]))).toBe(true);
    expect(hasTwice(new Uint8Array())).toBe(false);
  });
});

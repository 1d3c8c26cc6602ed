import { describe, expect, it } from "vitest";
import { RecordsUnavailable } from "../records/database.ts";
import { StaleCache } from "./stale-cache.ts";

const limits = { freshMs: 5_000, staleMs: 3_600_000, entries: 2 };
const down = (): Promise<never> => Promise.reject(new RecordsUnavailable());

describe("the stale cache", () => {
  it("loads once while fresh and again afterwards", async () => {
    const cache = new StaleCache<number>(limits);
    let time = 0;
    let loads = 0;
    const load = (): Promise<number> => Promise.resolve((loads += 1));
    const get = (at: number): Promise<number> => ((time = at), cache.get("a", load, () => time));
    expect([await get(0), await get(4_999), await get(5_000)]).toEqual([1, 1, 2]);
  });

  it("answers with the old copy during an outage, for an hour", async () => {
    const cache = new StaleCache<string>(limits);
    await cache.get(
      "a",
      () => Promise.resolve("copy"),
      () => 0,
    );
    expect(await cache.get("a", down, () => 10_000)).toBe("copy");
    expect(await cache.get("a", down, () => 3_600_000)).toBe("copy");
    await expect(cache.get("a", down, () => 3_600_001)).rejects.toThrow(RecordsUnavailable);
    await expect(cache.get("b", down, () => 0)).rejects.toThrow(RecordsUnavailable);
  });

  it("does not hide other failures", async () => {
    const cache = new StaleCache<string>(limits);
    await cache.get(
      "a",
      () => Promise.resolve("copy"),
      () => 0,
    );
    await expect(
      cache.get(
        "a",
        () => Promise.reject(new Error("not-found")),
        () => 10_000,
      ),
    ).rejects.toThrow("not-found");
  });

  it("lets one request load while the others take the copy", async () => {
    const cache = new StaleCache<number>(limits);
    await cache.get(
      "a",
      () => Promise.resolve(1),
      () => 0,
    );
    let release: (value: number) => void = () => undefined;
    const slow = cache.get(
      "a",
      () => new Promise<number>((resolve) => (release = resolve)),
      () => 6_000,
    );
    expect(
      await cache.get(
        "a",
        () => Promise.resolve(3),
        () => 6_001,
      ),
    ).toBe(1);
    release(2);
    expect(await slow).toBe(2);
    expect(
      await cache.get(
        "a",
        () => Promise.resolve(3),
        () => 6_002,
      ),
    ).toBe(2);
  });

  it("keeps no more entries than it may", async () => {
    const cache = new StaleCache<string>(limits);
    for (const key of ["a", "b", "c"])
      await cache.get(
        key,
        () => Promise.resolve(key),
        () => 0,
      );
    await expect(cache.get("a", down, () => 1)).rejects.toThrow(RecordsUnavailable);
    expect(await cache.get("c", down, () => 1)).toBe("c");
  });
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Book, overall, type State } from "./health.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A look that answers when told to. */
function slowLook(): { readonly looks: PromiseWithResolvers<State>[]; readonly look: () => Promise<State> } {
  const looks: PromiseWithResolvers<State>[] = [];
  const look = (): Promise<State> => {
    const answer = Promise.withResolvers<State>();
    looks.push(answer);
    return answer.promise;
  };
  return { looks, look };
}

test("a crowd that comes before anything is known makes one look, and all are told what it found", async () => {
  const book = new Book();
  const { looks, look } = slowLook();
  const crowd = Promise.all(Array.from({ length: 500 }, () => book.state("postgres", 5_000, look)));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(looks).toHaveLength(1);
  looks[0]?.resolve("down");
  await vi.advanceTimersByTimeAsync(100);
  expect(new Set(await crowd)).toEqual(new Set(["down"]));
  expect(looks).toHaveLength(1);
});

test("who comes while somebody looks again is told what was found before", async () => {
  const book = new Book();
  const { looks, look } = slowLook();
  const first = book.state("toss", 5_000, look);
  looks[0]?.resolve("ok");
  await first;
  await vi.advanceTimersByTimeAsync(5_000);
  const second = book.state("toss", 5_000, look);
  expect(await book.state("toss", 5_000, look)).toBe("ok");
  looks[1]?.resolve("down");
  expect(await second).toBe("down");
  expect(await book.state("toss", 5_000, look)).toBe("down");
  expect(looks).toHaveLength(2);
});

test("a look that never ends, or throws, is not the last one", async () => {
  const book = new Book();
  const { looks, look } = slowLook();
  void book.state("meter", 5_000, look);
  const waiting = book.state("meter", 5_000, look);
  await vi.advanceTimersByTimeAsync(10_100);
  expect(looks).toHaveLength(2);
  looks[1]?.reject(new Error("thrown"));
  await expect(waiting).rejects.toThrow("thrown");
  const last = book.state("meter", 5_000, look);
  looks[2]?.resolve("ok");
  expect(await last).toBe("ok");
});

test("only objects that do not answer stop a sale; anything else degrades it", () => {
  const well = { performances: "ok", postgres: "ok", events: "ok", meter: "ok", toss: "ok" } as const;
  expect(overall(well, true)).toBe("ok");
  expect(overall({ ...well, performances: "down" }, true)).toBe("down");
  expect(overall({ postgres: "ok" }, true)).toBe("down");
  for (const part of ["postgres", "events", "meter", "toss"] as const)
    expect(overall({ ...well, [part]: "down" }, true)).toBe("degraded");
  expect(overall({ ...well, toss: "degraded" }, true)).toBe("degraded");
  expect(overall(well, false)).toBe("degraded");
});

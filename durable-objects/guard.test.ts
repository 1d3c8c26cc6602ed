/** What an object's guard does with those it asks: relays that hang, lobbies that fail, and money that is asked about anyway. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PAUSE_MAX_MS } from "./breaker.ts";
import { Guard, NotAsked } from "./guard.ts";
import { TooLate } from "./in-time.ts";
import { CallCounts } from "./performance/call-counts.ts";
import { tellLobbies } from "./performance/personal-news.ts";
import { emptyState } from "./performance/state.ts";
import { publishRequest } from "../tests/simulation/charts.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const hangs = (): Promise<never> => new Promise(() => undefined);

async function outcomeOf(asked: Promise<unknown>): Promise<string> {
  const ended = asked.then(
    () => "ok",
    (error: unknown) => (error instanceof Error ? error.name : "thrown"),
  );
  await vi.advanceTimersByTimeAsync(1_000);
  return ended;
}

describe("an object's guard", () => {
  it("ends a call at its deadline, stops asking one that fails, asks the others, and tries again", async () => {
    const counts = new CallCounts();
    const guard = new Guard(counts);
    const outcomes: string[] = [];
    for (let call = 0; call < 6; call++) {
      outcomes.push(await outcomeOf(guard.ask("lobby", 1_000, hangs, { which: "a" })));
    }
    expect(outcomes).toEqual([...Array<string>(5).fill(TooLate.name), NotAsked.name]);
    expect(await outcomeOf(guard.ask("lobby", 1_000, () => Promise.resolve(1), { which: "b" }))).toBe("ok");
    await vi.advanceTimersByTimeAsync(PAUSE_MAX_MS);
    expect(await outcomeOf(guard.ask("lobby", 1_000, () => Promise.resolve(1), { which: "a" }))).toBe("ok");
    expect(counts.read()).toMatchObject({ ended: { lobby: { late: 5, refused: 1, ok: 2 } }, openings: { lobby: 1 } });
  });

  it("asks about money whatever happened before", async () => {
    const counts = new CallCounts();
    const guard = new Guard(counts);
    for (let call = 0; call < 20; call++) await outcomeOf(guard.ask("payments", 1_000, hangs, { regardless: true }));
    expect(counts.read().ended).toEqual({ payments: { late: 20 } });
  });

  it("leaves a lobby in peace that has failed too often, and goes on telling the other", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const counts = new CallCounts();
    const guard = new Guard(counts);
    const told: string[] = [];
    const state = { performanceId: "p", settings: { ...publishRequest().settings, lobbies: 1, bookingLobbies: 1 } };
    const lobbies = {
      getByName: (name: string) => ({
        news: () => {
          told.push(name);
          return name.includes("queue") ? Promise.reject(new Error("gone")) : Promise.resolve();
        },
      }),
    };
    const news = [
      { entry: "ab".repeat(16), standing: { state: "none", number: null, place: null, lane: 0, until: null } },
    ];
    for (let push = 0; push < 12; push++)
      await tellLobbies(guard, lobbies, { ...emptyState("p"), ...state }, news as never);
    expect(told.filter((name) => name.includes("queue"))).toHaveLength(5);
    expect(told.filter((name) => name.includes("booking"))).toHaveLength(12);
    expect(counts.read().ended).toEqual({ lobby: { failed: 5, refused: 7, ok: 12 } });
  });
});

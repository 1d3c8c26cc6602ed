import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Guard } from "../guard.ts";
import { publishRequest } from "../../tests/simulation/charts.ts";
import { Customer, Room } from "../../tests/rules/room.ts";
import { lobbyName } from "../lobby/contract.ts";
import { CallCounts } from "./call-counts.ts";
import type { SeatDelta } from "./contract.ts";
import { tellLobbies } from "./personal-news.ts";
import { SeatNews } from "./seats/news.ts";
import { PUSH_EVERY_MS, Watchers } from "./watchers.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a lobby is told of the first change at once, and of a storm a few times a second, each time everything", async () => {
  const room = new Room({ maxSeatsPerMember: 50 });
  const told: SeatDelta[] = [];
  const watchers = new Watchers(new Guard(new CallCounts()), {
    getByName: () => ({
      seatNews: (deltas) => {
        told.push(...deltas);
        return Promise.resolve();
      },
    }),
  });
  const news = new SeatNews();
  const ctx = { waitUntil: () => undefined };
  watchers.seen(0, room.now);
  const ann = new Customer(room, 1);
  const seats = ["r1s1", "r1s2", "r1s3", "r1s4", "r1s5", "r2s1", "r2s2", "r2s3", "r2s4", "r2s5"];
  for (const [index, seat] of seats.entries()) {
    ann.hold(seat);
    expect(news.note(room.object.state, room.object.lastChanges)).toBe(true);
    watchers.push(room.object.state, news, room.now, ctx);
    if (index === 0) expect(told.map(({ changes }) => changes)).toEqual([[[0, 0, 2]]]);
    await vi.advanceTimersByTimeAsync(PUSH_EVERY_MS / 5);
  }
  await vi.advanceTimersByTimeAsync(PUSH_EVERY_MS);
  // Ten changes in two pauses' time.
  expect(told.length).toBeLessThanOrEqual(4);
  for (const [index, { from }] of told.entries()) if (index > 0) expect(from).toBe(told[index - 1]?.to);
  const heard = new Set(told.flatMap(({ changes }) => changes.map(([, seat]) => seat)));
  expect(heard.size).toBe(seats.length);
  expect(told.at(-1)?.to).toBe(room.object.state.boards.values().next().value?.version);
  // Once it has been quiet, the next change is told at once again.
  await vi.advanceTimersByTimeAsync(PUSH_EVERY_MS * 2);
  const before = told.length;
  ann.hold("r3s1");
  news.note(room.object.state, room.object.lastChanges);
  watchers.push(room.object.state, news, room.now, ctx);
  expect(told.length).toBe(before + 1);
});

test("a lobby that takes no personal news is not asked to take seat news either: it is one lobby", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  const room = new Room({ maxSeatsPerMember: 50 });
  const guard = new Guard(new CallCounts());
  const told: string[] = [];
  const lobbies = {
    getByName: (name: string) => ({
      news: () => Promise.reject(new Error("gone")),
      seatNews: () => {
        told.push(name);
        return Promise.resolve();
      },
    }),
  };
  const { performanceId } = room.object.state;
  const settings = { ...publishRequest().settings, lobbies: 1, bookingLobbies: 1 };
  const standing = { state: "none", number: null, place: null, lane: 0, until: null };
  const news = [{ entry: "ab".repeat(16), standing }] as never;
  for (let push = 0; push < 5; push++) await tellLobbies(guard, lobbies, { performanceId, settings }, news);
  const seatNews = new SeatNews();
  const watchers = new Watchers(guard, lobbies);
  for (const index of [0, 1]) watchers.seen(index, room.now);
  new Customer(room, 1).hold("r1s1");
  seatNews.note(room.object.state, room.object.lastChanges);
  watchers.push(room.object.state, seatNews, room.now, { waitUntil: () => undefined });
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual([lobbyName(performanceId, "booking", 1)]);
  vi.restoreAllMocks();
});

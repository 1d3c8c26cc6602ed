import { describe, expect, it } from "vitest";
import { readQueueFrame } from "./queue.ts";

const status = {
  phase: "gathering",
  now: 1,
  gatherAt: 0,
  openAt: 9,
  joined: 12,
  draw: { n: null, seed: null },
  front: 0,
  sessions: 0,
  capacity: 10,
  ratePerMinute: 60,
  flowPerMinute: 0,
  waits: [[0, 1, 4]],
  ahead: [],
  lanes: [],
  seatsLeft: { R: 3 },
  seatsReturnAt: null,
  notice: null,
};
const state = { state: "waiting", number: 4, place: null, lane: 0, until: null, pollAfterSeconds: 10 };

describe("a frame", () => {
  it("tells whether there is a draw and how many have come", () => {
    const frame = readQueueFrame({ type: "status", status });
    expect(frame).toMatchObject({ status: { joined: 12, draw: { n: null } } });
    expect(readQueueFrame({ type: "status", status: { ...status, draw: null } })).toMatchObject({
      status: { draw: null },
    });
  });

  it("of one's own state has a receipt only as the answer to joining", () => {
    const plain = readQueueFrame({ type: "state", ...state, status });
    expect(plain).toMatchObject({ state: { receipt: null } });
    const told = readQueueFrame({ type: "state", ...state, status, receipt: "a.b.c" });
    expect(told).toMatchObject({ state: { receipt: "a.b.c" } });
  });

  it("of another kind is passed over", () => {
    expect(readQueueFrame({ type: "closing", reason: "deploy" })).toEqual({ type: "other" });
  });
});

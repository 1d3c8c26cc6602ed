/** Holds where people get in each other's way: two dates, time that runs out, orders that are not paid, a half sold stadium. */
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { entryBytes } from "../../durable-objects/performance/admission/entry.ts";
import type { HoldWish, Refusal, Reply } from "../../durable-objects/performance/contract.ts";
import { Board, SEAT } from "../../durable-objects/performance/seats/board.ts";
import type { Chart } from "../../durable-objects/performance/seats/chart.ts";
import { stadiumChart } from "../../dev/charts/stadium.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import { PERFORMANCE_ID, publishRequest, SCHEDULE_ID, schedulePlan } from "../simulation/charts.ts";
import { checkState, digest } from "../simulation/invariants.ts";
import { SimulatedObject } from "../simulation/object.ts";
import { seeded } from "../simulation/random.ts";
import { entry, member, START } from "./room.ts";

const SECOND = "00000000-0000-4000-8000-0000000000a2";
const [ann, ben] = [1, 2];
let now = START;
let keys = 0;
let object: SimulatedObject;

/** A hall of another date: two sections, and no seat of the first. */
const studio: Chart = {
  ...gridChart(1, 2, "소극장"),
  sections: ["L", "R"].map((id) => ({
    id,
    name: id,
    rows: [{ label: "1", seats: [1, 2].map((n) => ({ id: `${id}${n}`, label: `${n}`, grade: "S", x: n, y: 0 })) }],
  })),
};

beforeEach(() => {
  now = START;
  object = new SimulatedObject(PERFORMANCE_ID, () => now);
  const request = publishRequest({ bookingSeconds: 3_600 }, gridChart(2, 5));
  object.publish({ ...request, schedules: [...request.schedules, schedulePlan(studio, SECOND)] });
  for (const index of [ann, ben]) {
    object.ask({ kind: "join", entries: entryBytes(entry(index)) });
    object.ask({ kind: "enter", entry: entry(index), member: member(index) });
  }
});

const key = () => ({ id: `k${(keys += 1)}`, hash: "h" });
const who = (index: number) => ({ entry: entry(index), member: member(index), epoch: 0 });
const hold = (index: number, wish: HoldWish, scheduleId = SCHEDULE_ID): Reply =>
  object.ask({ kind: "hold", ...who(index), scheduleId, ...wish, key: key() });
const release = (index: number, holdId: string): Reply =>
  object.ask({ kind: "release", member: member(index), holdId });
const order = (index: number, holdId: string): Reply =>
  object.ask({ kind: "place-order", ...who(index), holdId, key: key() });

function refusal(reply: Reply): Refusal {
  if (reply.ok) throw new Error(`not refused: ${JSON.stringify(reply)}`);
  return reply.refusal;
}

function holdId(reply: Reply): string {
  if (!reply.ok || reply.kind !== "hold") throw new Error(`no hold: ${JSON.stringify(reply)}`);
  return reply.hold.id;
}

const statusOf = (id: string, scheduleId = SCHEDULE_ID): number | undefined => {
  const board = object.state.boards.get(scheduleId);
  return board?.status[board.position(id) ?? -1];
};

describe("two dates", () => {
  test("know their own seats only, and nothing of one gets into a hold of the other", () => {
    const before = digest(object.state);
    expect(refusal(hold(ann, { seats: ["L1"] }))).toEqual({ code: "unknown-seat", evidence: { seat: "L1" } });
    expect(refusal(hold(ann, { seats: ["r1s1"] }, SECOND))).toEqual({
      code: "unknown-seat",
      evidence: { seat: "r1s1" },
    });
    // One that is there and one that is not: neither is held.
    expect(refusal(hold(ann, { seats: ["r1s1", "R1"] })).code).toBe("unknown-seat");
    expect(digest(object.state)).toBe(before);
    const own = holdId(hold(ann, { seats: ["r1s1"] }));
    expect(refusal(hold(ann, { seats: ["L1"], addTo: own }, SECOND)).code).toBe("hold-not-found");
    expect([statusOf("r1s1"), statusOf("L1", SECOND)]).toEqual([SEAT.held, SEAT.free]);
  });

  test("share the limit of a member", () => {
    hold(ann, { seats: ["r1s1", "r1s2", "r1s3"] });
    expect(refusal(hold(ann, { seats: ["L1", "L2"] }, SECOND))).toEqual({
      code: "seat-limit-reached",
      evidence: { limit: 4, have: 3 },
    });
    expect(hold(ann, { seats: ["L1"] }, SECOND).ok).toBe(true);
  });
});

describe("refused with evidence, and nothing has changed:", () => {
  test("seats of a section that is blocked", () => {
    const action = { do: "block", scheduleId: SECOND, reason: "조명", sections: ["L"] } as const;
    expect(object.ask({ kind: "operate", operator: "op", action }).ok).toBe(true);
    const before = digest(object.state);
    expect(refusal(hold(ann, { seats: ["L2", "R1"] }, SECOND))).toEqual({
      code: "seats-blocked",
      evidence: { seats: ["L2"] },
    });
    expect(digest(object.state)).toBe(before);
  });

  test("seats in somebody else's hold", () => {
    hold(ann, { seats: ["r1s1", "r1s2"] });
    const before = digest(object.state);
    const { code, evidence } = refusal(hold(ben, { seats: ["r1s2", "r1s3"] }));
    expect([code, evidence?.["seats"]]).toEqual(["seats-taken", ["r1s2"]]);
    expect(digest(object.state)).toBe(before);
  });
});

describe("when the time of a hold has run out", () => {
  test("releasing it late frees nobody else's, and it is neither ordered nor grown", () => {
    const late = holdId(hold(ann, { seats: ["r1s1"] }));
    now += 300_000;
    const fresh = holdId(hold(ben, { seats: ["r1s1"] }));
    const before = digest(object.state);
    expect(refusal(release(ann, late)).code).toBe("hold-not-found");
    expect(refusal(release(ann, fresh)).code).toBe("hold-not-found");
    expect(refusal(order(ann, late)).code).toBe("hold-not-found");
    expect(refusal(hold(ann, { seats: ["r1s2"], addTo: late })).code).toBe("hold-not-found");
    expect(digest(object.state)).toBe(before);
    expect(statusOf("r1s1")).toBe(SEAT.held);
  });
});

describe("a hold that became an order", () => {
  test("cannot be released, and the order that nobody pays ends by itself and leaves the seat to the next", () => {
    const id = holdId(hold(ann, { seats: ["r1s1"] }));
    const placed = order(ann, id);
    if (!placed.ok || placed.kind !== "order") throw new Error("no order");
    expect(refusal(release(ann, id)).code).toBe("hold-not-found");
    expect(refusal(hold(ben, { seats: ["r1s1"] })).code).toBe("seats-taken");
    now += 480_000;
    const next = holdId(hold(ben, { seats: ["r1s1"] }));
    expect(object.orders.get(placed.order.id)?.status).toBe("expired");
    expect(order(ben, next).ok).toBe(true);
    checkState(object.state, object.orders);
  });

  test("is one order, whoever asks how often and under which key", () => {
    const id = holdId(hold(ann, { seats: ["r1s1"] }));
    const [first, second] = object.execute(
      [1, 2].map(() => ({ kind: "place-order", ...who(ann), holdId: id, key: key() }) as const),
    );
    expect(first).toMatchObject({ ok: true, kind: "order" });
    expect(second).toEqual(first);
    expect(object.orders.size).toBe(1);
  });
});

test("a snapshot of a half sold stadium, in no order, takes less than two bits a place on the wire", () => {
  const prices = { R: 4, S: 3, A: 2, B: 1, 스탠딩: 2 };
  const board = new Board({ ...schedulePlan(stadiumChart), prices });
  const random = seeded(7);
  for (let position = 0; position < board.size; position++) {
    const state = random.below(8);
    if (state >= 4) board.set(position, state === 7 ? SEAT.held : SEAT.sold, 1);
  }
  const snapshot = gzipSync(JSON.stringify(board.snapshot()));
  expect(snapshot.length * 8).toBeLessThan(2 * board.size);
  expect(snapshot.length).toBeLessThan(20_000);
});

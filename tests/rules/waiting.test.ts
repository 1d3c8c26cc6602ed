/** The waiting room's rules: the draw, absence, return, pause, revocation. */
import { describe, expect, test } from "vitest";
import { drawOrder, drawSeed, listRoot, NO_BEACON } from "../../durable-objects/performance/admission/draw.ts";
import { QUICKNET, roundAt } from "../../durable-objects/performance/admission/beacon.ts";
import { entryBytes, entryOf } from "../../durable-objects/performance/admission/entry.ts";
import { segmentOf, viewDraw } from "../../durable-objects/performance/admission/drawing.ts";
import type { Command, PerformanceSettings, Reply, Standing } from "../../durable-objects/performance/contract.ts";
import { PERFORMANCE_ID, publishRequest, SCHEDULE_ID } from "../simulation/charts.ts";
import { SimulatedObject } from "../simulation/object.ts";

const KEY = "ef".repeat(32);
const START = Date.UTC(2026, 10, 22);
const member = (index: number): string => `${String(index).padStart(8, "0")}-0000-4000-8000-000000000000`;
const entry = (index: number): string => entryOf(KEY, member(index));

class Room {
  now = START;
  readonly object: SimulatedObject;

  constructor(settings: Partial<PerformanceSettings>) {
    this.object = new SimulatedObject(PERFORMANCE_ID, () => this.now);
    this.object.publish(publishRequest(settings));
  }

  join(index: number): Reply {
    return this.object.ask({ kind: "join", entries: entryBytes(entry(index)) });
  }

  standing(index: number): Standing {
    const reply = this.object.ask({ kind: "look", entry: entry(index) });
    if (!reply.ok || reply.kind !== "standing") throw new Error("no standing");
    return reply.standing;
  }

  present(...indices: readonly number[]): void {
    const numbers = Uint32Array.from(indices, (index) => this.standing(index).number ?? 0);
    this.object.execute([], { full: false, numbers, leaseSeconds: Uint16Array.from(indices, () => 45) });
  }

  operate(action: Extract<Command, { kind: "operate" }>["action"]): Reply {
    return this.object.ask({ kind: "operate", operator: "op", action });
  }
}

const gathering = { gatherAt: START, openAt: START + 600_000, capacity: 2 };

describe("a gathering and its draw", () => {
  test("before the draw nobody who takes part has a place; after it everybody's is the public recomputation", () => {
    const room = new Room(gathering);
    for (let index = 0; index < 40; index++) room.join(index);
    expect(room.standing(7)).toMatchObject({ state: "waiting", number: 7, place: null });
    const committed = viewDraw(room.object.state);
    expect(committed).toMatchObject({ method: "draw", sealed: null, drawn: null });
    room.now = START + 541_000;
    room.join(40); // after sealing: behind the draw
    expect(viewDraw(room.object.state)).toMatchObject({ sealed: { n: 40, segments: 1 }, drawn: null });
    expect(room.standing(40).place).toBe(40);
    room.now = START + 590_000;
    room.present(...Array.from({ length: 41 }, (_, index) => index));
    room.now = START + 600_000;
    room.object.execute([]);
    const view = viewDraw(room.object.state);
    const segment = segmentOf(room.object.state, 0) ?? new Uint8Array();
    const root = listRoot(PERFORMANCE_ID, [segment]);
    expect(view.sealed?.root).toBe(root);
    const secret = view.drawn?.secret ?? "";
    const seed = drawSeed({ performanceId: PERFORMANCE_ID, secret, beacon: NO_BEACON, root, n: 40 });
    const order = drawOrder(seed, 40);
    for (let place = 0; place < 40; place++) expect(room.standing(order[place] ?? -1).place).toBe(place);
    expect(room.standing(order[0] ?? -1).state).toBe("admitted");
    expect(room.standing(order[1] ?? -1).state).toBe("admitted");
    expect(room.standing(order[2] ?? -1).state).toBe("waiting");
  });

  test("the secret is nowhere to be seen before the draw, and a restart changes neither it nor the places", () => {
    const room = new Room(gathering);
    for (let index = 0; index < 10; index++) room.join(index);
    const secret = room.object.state.draw?.secret ?? "";
    expect(JSON.stringify([viewDraw(room.object.state), room.object.status()])).not.toContain(secret);
    room.object.restart();
    room.now = START + 600_000;
    const places = Array.from({ length: 10 }, (_, index) => room.standing(index).place);
    expect(viewDraw(room.object.state).drawn?.secret).toBe(secret);
    room.object.restart();
    expect(Array.from({ length: 10 }, (_, index) => room.standing(index).place)).toEqual(places);
  });

  test("leaving while gathering and joining again revives the number; later it is a new one", () => {
    const room = new Room(gathering);
    room.join(0);
    room.join(1);
    room.object.ask({ kind: "leave", entry: entry(0) });
    expect(room.standing(0).state).toBe("none");
    room.join(0);
    expect(room.standing(0).number).toBe(0);
    room.now = START + 600_000;
    room.object.ask({ kind: "leave", entry: entry(1) });
    room.join(1);
    expect(room.standing(1).number).toBe(2);
  });

  test("the opening waits for the named beacon round, for ten minutes and no longer", () => {
    const round = roundAt(QUICKNET, START + 600_000);
    const room = new Room({ ...gathering, beacon: { chain: QUICKNET, round } });
    room.join(0);
    room.now = START + 700_000;
    expect(room.object.ask({ kind: "beacon", signature: "00".repeat(48) }).ok).toBe(false);
    expect(room.object.status().phase).toBe("sealed");
    expect(viewDraw(room.object.state).drawn).toBeNull();
    room.now = START + 1_200_000;
    expect(room.standing(0).place).toBe(0);
    expect(viewDraw(room.object.state).drawn).toMatchObject({ signature: null, randomness: NO_BEACON });
  });

  test("joining is refused when too many wait for the seats that are left, and when the person was revoked", () => {
    const room = new Room({ capacity: 0, queueLimitFactor: 1 }); // fifty seats: fifty may wait
    for (let index = 0; index < 50; index++) expect(room.join(index)).toMatchObject({ refused: [] });
    expect(room.join(50)).toMatchObject({ ok: true, refused: [[0, "queue-limit-reached"]] });
    expect(room.standing(50).state).toBe("none");
    expect(room.join(7)).toMatchObject({ refused: [] }); // who has a place keeps it
    const open = new Room({ capacity: 1 });
    open.operate({ do: "revoke", entry: entry(1) });
    expect(open.join(1)).toMatchObject({ refused: [[0, "member-revoked"]] });
  });

  test("nobody joins before the gathering, after the close, or when all is sold", () => {
    const room = new Room({ ...gathering, gatherAt: START + 1_000 });
    expect(room.join(0)).toMatchObject({ refusal: { code: "not-open-yet" } });
    room.now = START + 700_000;
    room.operate({ do: "close" });
    expect(room.join(0)).toMatchObject({ refusal: { code: "performance-closed" } });
  });
});

describe("absence", () => {
  test("the absent are passed over at once, keep the place for the grace, and go first when they are back", () => {
    const room = new Room({ capacity: 1, absenceGraceSeconds: 300 });
    for (const index of [0, 1, 2, 3]) room.join(index);
    room.now += 50_000; // leases of the join have run out; 0 is admitted still
    room.present(2, 3);
    room.object.ask({ kind: "leave", entry: entry(0) });
    expect(room.standing(1).state).toBe("passed-over");
    expect(room.standing(2).state).toBe("admitted");
    room.present(1);
    room.object.ask({ kind: "leave", entry: entry(2) });
    expect(room.standing(1).state).toBe("admitted");
    expect(room.standing(3).state).toBe("waiting");
  });

  test("after the grace return means a new number", () => {
    const room = new Room({ capacity: 1, absenceGraceSeconds: 60 });
    for (const index of [0, 1]) room.join(index);
    room.now += 50_000;
    room.object.ask({ kind: "leave", entry: entry(0) });
    expect(room.standing(1).state).toBe("passed-over");
    room.now += 61_000;
    expect(room.standing(1).state).toBe("ended");
    room.join(1);
    expect(room.standing(1).number).toBe(2);
  });

  test("the grace stands still while sales are paused, also over a restart", () => {
    const room = new Room({ capacity: 1, absenceGraceSeconds: 60 });
    for (const index of [0, 1]) room.join(index);
    room.now += 50_000;
    room.object.ask({ kind: "leave", entry: entry(0) });
    room.now += 10_000;
    room.operate({ do: "pause" });
    room.now += 3_600_000;
    room.object.restart();
    expect(room.standing(1).state).toBe("passed-over");
    room.operate({ do: "resume" });
    room.now += 45_000;
    expect(room.standing(1).state).toBe("passed-over");
    room.now += 6_000;
    expect(room.standing(1).state).toBe("ended");
  });

  test("somebody back after a missed show-up counts by presence again, and misses once more for good", () => {
    const room = new Room({ capacity: 1 });
    room.join(0);
    room.now += 61_000;
    room.join(0);
    room.object.restart();
    room.present(0);
    expect(room.standing(0).state).toBe("admitted");
    room.now += 61_000;
    expect(room.standing(0).state).toBe("ended");
  });
});

describe("both limits", () => {
  test("no more admissions in any sixty seconds than the rate, and the next one exactly when it is due", () => {
    const room = new Room({ capacity: 100, ratePerMinute: 3 });
    for (let index = 0; index < 5; index++) {
      room.now += 1_000;
      room.join(index);
    }
    const first = START + 1_000;
    expect([0, 1, 2, 3, 4].map((index) => room.standing(index).state)).toEqual([
      "admitted",
      "admitted",
      "admitted",
      "waiting",
      "waiting",
    ]);
    room.now = first + 40_000;
    room.present(3, 4);
    room.now = first + 59_999;
    expect(room.standing(3).state).toBe("waiting");
    room.now = first + 60_000;
    expect(room.standing(3).state).toBe("admitted");
    expect(room.standing(4).state).toBe("waiting");
  });

  test("lowering a limit evicts nobody", () => {
    const room = new Room({ capacity: 3 });
    for (const index of [0, 1, 2]) room.join(index);
    room.operate({ do: "limits", capacity: 1 });
    expect(room.object.status().sessions).toBe(3);
  });
});

describe("revocation", () => {
  test("a wave: every session ends, and a pass of the old epoch opens nothing even in a new session", () => {
    const room = new Room({ capacity: 5 });
    room.join(0);
    room.object.ask({ kind: "enter", entry: entry(0), member: member(0) });
    room.operate({ do: "revoke-all" });
    room.join(0);
    room.object.ask({ kind: "enter", entry: entry(0), member: member(0) });
    const hold = (epoch: number): Reply =>
      room.object.ask({
        kind: "hold",
        entry: entry(0),
        member: member(0),
        epoch,
        scheduleId: SCHEDULE_ID,
        seats: ["r1s1"],
        key: { id: `k${epoch}`, hash: "h" },
      });
    expect(hold(0)).toMatchObject({ refusal: { code: "session-ended" } });
    expect(hold(1).ok).toBe(true);
  });

  test("one member: the session ends, and entering again is refused", () => {
    const room = new Room({ capacity: 5 });
    room.join(0);
    room.operate({ do: "revoke", entry: entry(0) });
    expect(room.object.ask({ kind: "enter", entry: entry(0), member: member(0) })).toMatchObject({
      refusal: { code: "member-revoked" },
    });
  });
});

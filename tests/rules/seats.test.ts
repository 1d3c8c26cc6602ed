/** Everything a hold may ask for, and everything it may not: through the rules and the real storage code. */
import { beforeEach, describe, expect, test } from "vitest";
import { entryBytes, entryOf } from "../../durable-objects/performance/admission/entry.ts";
import type { HoldWish, PerformanceSettings, Reply, SeatAction } from "../../durable-objects/performance/contract.ts";
import type { Chart } from "../../durable-objects/performance/seats/chart.ts";
import { codeHash } from "../../durable-objects/performance/seats/code.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import { PERFORMANCE_ID, publishRequest, SCHEDULE_ID } from "../simulation/charts.ts";
import { digest } from "../simulation/invariants.ts";
import { SimulatedObject } from "../simulation/object.ts";

const KEY = "ab".repeat(32);
const ann = "11111111-1111-4111-8111-111111111111";
const ben = "22222222-2222-4222-8222-222222222222";
const START = Date.UTC(2026, 10, 22);
let now = START;
let keys = 0;
let object: SimulatedObject;

/** Two rows of five with wheelchair spaces in front, and a floor for twelve hundred. */
function chart(): Chart {
  const grid = gridChart(3, 6);
  return {
    ...grid,
    grades: ["S", "A", "B"],
    sections: grid.sections.map((section) => ({
      ...section,
      rows: section.rows.map((row) => ({
        ...row,
        seats: row.seats.map((seat) => {
          if (seat.id === "r3s1") return { ...seat, attributes: ["wheelchair" as const] };
          return seat.id === "r3s2" ? { ...seat, attributes: ["companion" as const] } : seat;
        }),
      })),
    })),
    zones: [
      { id: "F", name: "스탠딩 가", grade: "B", capacity: 1_200 },
      { id: "G", name: "스탠딩 나", grade: "B", capacity: 3 },
    ],
  };
}

function open(settings: Partial<PerformanceSettings> = {}): void {
  now = START;
  object = new SimulatedObject(PERFORMANCE_ID, () => now);
  object.publish(publishRequest({ bookingSeconds: 3_600, ...settings }, chart()));
  for (const member of [ann, ben]) {
    const entry = entryOf(KEY, member);
    object.ask({ kind: "join", entries: entryBytes(entry) });
    object.ask({ kind: "enter", entry, member });
  }
}

beforeEach(() => open());

function hold(member: string, wish: HoldWish, scheduleId = SCHEDULE_ID): Reply {
  keys += 1;
  const key = { id: `${member}|hold|${keys}`, hash: JSON.stringify(wish) };
  return object.ask({ kind: "hold", epoch: 0, entry: entryOf(KEY, member), member, scheduleId, ...wish, key });
}

function held(reply: Reply): Extract<Reply, { kind: "hold" }> {
  if (!reply.ok || reply.kind !== "hold") throw new Error(`no hold: ${JSON.stringify(reply)}`);
  return reply;
}

const places = (reply: Reply): readonly string[] => held(reply).hold.seats.map(({ id }) => id);

function refusal(reply: Reply): Extract<Reply, { ok: false }>["refusal"] {
  if (reply.ok) throw new Error(`not refused: ${JSON.stringify(reply)}`);
  return reply.refusal;
}

function operate(action: SeatAction): Reply {
  return object.ask({ kind: "operate", operator: "operator", action });
}

const statusOf = (id: string): number | undefined => {
  const board = object.state.boards.get(SCHEDULE_ID);
  return board?.status[board.position(id) ?? -1];
};
const zonesNow = () => object.state.boards.get(SCHEDULE_ID)?.snapshot().zones;
const afterRestart = (): void => {
  const before = digest(object.state);
  object.restart();
  expect(digest(object.state)).toBe(before);
};

describe("places to stand", () => {
  test("are asked for by number, and are the first that are free", () => {
    expect(places(hold(ann, { zones: [{ zone: "F", count: 2 }] }))).toEqual(["F.1", "F.2"]);
    const second = held(hold(ben, { seats: ["r1s1"], zones: [{ zone: "F", count: 1 }] }));
    expect(second.hold).toMatchObject({ amount: 180_000 });
    expect(second.hold.seats[1]).toEqual({
      id: "F.3",
      section: "스탠딩 가",
      row: "",
      label: "3",
      grade: "B",
      price: 70_000,
    });
    expect(zonesNow()).toEqual([
      { id: "F", free: 1_197 },
      { id: "G", free: 3 },
    ]);
    afterRestart();
    object.ask({ kind: "release", member: ann, holdId: "h1" });
    expect(places(hold(ann, { zones: [{ zone: "F", count: 3 }] }))).toEqual(["F.1", "F.2", "F.4"]);
  });

  test("are full when they are, and another zone with room is named", () => {
    hold(ann, { zones: [{ zone: "G", count: 2 }] });
    expect(refusal(hold(ben, { zones: [{ zone: "G", count: 2 }] }))).toEqual({
      code: "zone-full",
      evidence: { zone: "G", free: 1, alternative: { zone: "F", count: 2 } },
    });
    expect(object.state.holds.size).toBe(1);
  });

  test("become an order with a stable place each, and count by grade", () => {
    const { hold: made } = held(hold(ann, { zones: [{ zone: "G", count: 2 }] }));
    const entry = entryOf(KEY, ann);
    const reply = object.ask({
      kind: "place-order",
      epoch: 0,
      entry,
      member: ann,
      holdId: made.id,
      key: { id: "o", hash: "" },
    });
    expect(reply.ok && reply.kind === "order" && reply.order.seats.map(({ id }) => id)).toEqual(["G.1", "G.2"]);
    expect(object.status().seatsLeft).toEqual({ S: 6, A: 6, B: 6 + 1_203 - 2 });
    afterRestart();
  });

  test("are told of by their number when they change", () => {
    const reply = object.execute([], null);
    expect(reply).toEqual([]);
    expect(refusal(hold(ann, { seats: ["F.1"] })).code).toBe("unknown-seat");
  });
});

describe("a hold", () => {
  test("grows, and its time stays as it was", () => {
    const first = held(hold(ann, { seats: ["r1s1"] })).hold;
    now += 200_000;
    const grown = held(hold(ann, { seats: ["r1s2"], zones: [{ zone: "F", count: 1 }], addTo: first.id })).hold;
    expect(grown).toMatchObject({ id: first.id, expiresAt: first.expiresAt, amount: 110_000 * 2 + 70_000 });
    expect(object.state.seatsOfMember.get(ann)).toBe(3);
    afterRestart();
    expect(refusal(hold(ann, { seats: ["r1s3", "r1s4"], addTo: first.id })).code).toBe("seat-limit-reached");
    now = first.expiresAt;
    expect(refusal(hold(ann, { seats: ["r1s3"], addTo: first.id })).code).toBe("hold-not-found");
    expect([statusOf("r1s1"), statusOf("r1s2"), statusOf("F.1")]).toEqual([0, 0, 0]);
    expect(object.state.seatsOfMember.get(ann)).toBeUndefined();
  });

  test("of somebody else is not grown by anybody", () => {
    const { hold: anns } = held(hold(ann, { seats: ["r1s1"] }));
    const before = digest(object.state);
    expect(refusal(hold(ben, { seats: ["r1s2"], addTo: anns.id })).code).toBe("hold-not-found");
    expect(digest(object.state)).toBe(before);
  });

  test("that has expired is taken over in place, in the commit of the next one", () => {
    hold(ann, { seats: ["r1s1", "r1s2"] });
    now += 300_000;
    expect(places(hold(ben, { seats: ["r1s1", "r1s2"] }))).toEqual(["r1s1", "r1s2"]);
    expect(object.lastChanges.map(({ kind }) => kind)).toEqual(["hold-ended", "held", "replied"]);
  });

  test("that comes too late is told which seats are gone, and what is nearest to them", () => {
    hold(ann, { seats: ["r1s2", "r1s3"] });
    expect(refusal(hold(ben, { seats: ["r1s3", "r1s4"] }))).toMatchObject({
      code: "seats-taken",
      evidence: {
        seats: ["r1s3"],
        alternative: { sameGrade: true, amount: 220_000, seats: [{ id: "r1s4" }, { id: "r1s5" }] },
      },
    });
    hold(ben, { seats: ["r1s4", "r1s5", "r1s6", "r1s1"] });
    expect(refusal(hold(ann, { seats: ["r1s4", "r1s5"] }))).toMatchObject({
      evidence: { alternative: { sameGrade: false, seats: [{ id: "r2s4" }, { id: "r2s5" }] } },
    });
  });

  test("of the best there is says why; a price range and a grade are kept to", () => {
    const best = held(hold(ann, { best: { count: 2 } }));
    expect(best.hold.seats.map(({ id }) => id)).toEqual(["r1s3", "r1s4"]);
    expect(best.why).toMatchObject({ section: "1층", row: "1", restrictedView: false });
    expect(places(hold(ben, { best: { count: 2, maxPrice: 90_000, minPrice: 80_000 } }))).toEqual(["r2s3", "r2s4"]);
    expect(places(hold(ben, { best: { count: 1, grade: "B" } }))).toEqual(["r3s3"]);
    expect(refusal(hold(ann, { best: { count: 2, grade: "VIP" } }))).toEqual({
      code: "unknown-grade",
      evidence: { grade: "VIP", grades: ["S", "A", "B"] },
    });
  });

  test("of more together than there are is told how many there are", () => {
    open({ maxSeatsPerMember: 10 });
    expect(refusal(hold(ann, { best: { count: 7, grade: "S" } }))).toEqual({
      code: "not-together",
      evidence: { count: 7, together: 6, free: 6 },
    });
  });
});

describe("accessible seats", () => {
  test("are kept for those who need them", () => {
    expect(refusal(hold(ann, { seats: ["r3s1", "r3s3"] }))).toEqual({
      code: "seats-accessible-only",
      evidence: { seats: ["r3s1"], releasedAt: null },
    });
    expect(places(hold(ann, { seats: ["r3s1", "r3s2"], accessible: true }))).toEqual(["r3s1", "r3s2"]);
    object.ask({ kind: "release", member: ann, holdId: "h1" });
    expect(places(hold(ann, { best: { count: 2 }, accessible: true }))).toEqual(["r3s1", "r3s2"]);
    expect(refusal(hold(ben, { best: { count: 2 }, accessible: true })).code).toBe("not-together");
  });

  test("are given up by nobody who wants the best, even when nothing else is left", () => {
    open({ maxSeatsPerMember: 20 });
    hold(ann, { seats: [1, 2].flatMap((row) => [1, 2, 3, 4, 5, 6].map((seat) => `r${row}s${seat}`)) });
    hold(ann, { seats: ["r3s3", "r3s4", "r3s5", "r3s6"] });
    expect(refusal(hold(ben, { best: { count: 1, grade: "S" } }))).toMatchObject({ code: "not-together" });
    expect(places(hold(ben, { best: { count: 2, grade: "B" } }))).toEqual(["F.1", "F.2"]);
  });

  test("are seats like all others from the published moment on, or when the organiser says so", () => {
    open({ accessibleReleaseAt: START + 1_000 });
    expect(refusal(hold(ann, { seats: ["r3s1"] })).evidence).toMatchObject({ releasedAt: "2026-11-22T00:00:01.000Z" });
    now += 1_000;
    expect(places(hold(ann, { seats: ["r3s1"] }))).toEqual(["r3s1"]);
    open();
    expect(operate({ do: "release-accessible" }).ok).toBe(true);
    expect(operate({ do: "release-accessible" }).ok).toBe(true);
    afterRestart();
    expect(places(hold(ann, { seats: ["r3s2"] }))).toEqual(["r3s2"]);
    expect(audited()).toEqual(["release-accessible"]);
  });
});

function audited(): readonly string[] {
  return object.outbox.take(now).flatMap(({ event }) => (event.type === "operator-acted" ? [event.action] : []));
}

describe("no single seat left, where the performance has the rule", () => {
  test("refuses what leaves one, names it, and lets the only possible purchase through", () => {
    open({ noSingleSeats: true, maxSeatsPerMember: 10 });
    expect(refusal(hold(ann, { seats: ["r1s2", "r1s3"] }))).toEqual({
      code: "single-seat-left",
      evidence: { seats: ["r1s1"] },
    });
    expect(places(hold(ann, { seats: ["r1s3", "r1s4"] }))).toEqual(["r1s3", "r1s4"]);
    hold(ann, { seats: ["r1s5", "r1s6"] });
    // Two S seats are left, side by side: somebody who wants one must be able to have one.
    expect(places(hold(ben, { seats: ["r1s1"] }))).toEqual(["r1s1"]);
  });

  test("is not there where it is not wanted", () => {
    expect(places(hold(ann, { seats: ["r1s2", "r1s3"] }))).toEqual(["r1s2", "r1s3"]);
  });
});

describe("blocked seats", () => {
  const block = (wish: Partial<Extract<SeatAction, { do: "block" }>>): Reply =>
    operate({ do: "block", scheduleId: SCHEDULE_ID, reason: "카메라", ...wish });

  test("are out of the sale, all or none, until they are freed, and every change is in the log", () => {
    expect(block({ seats: ["r1s1", "r1s2"], zones: [{ zone: "G", count: 1 }] })).toMatchObject({
      ok: true,
      block: {
        number: 1,
        reason: "카메라",
        channel: null,
        taken: 0,
        places: [{ id: "r1s1" }, { id: "r1s2" }, { id: "G.3" }],
      },
    });
    expect([statusOf("r1s1"), statusOf("G.3"), zonesNow()?.[1]?.free]).toEqual([1, 1, 2]);
    expect(refusal(hold(ann, { seats: ["r1s1", "r1s3"] }))).toEqual({
      code: "seats-blocked",
      evidence: { seats: ["r1s1"] },
    });
    expect(refusal(block({ seats: ["r1s2", "r1s3"] }))).toEqual({ code: "seats-taken", evidence: { seats: ["r1s2"] } });
    afterRestart();
    expect(operate({ do: "unblock", block: 1, seats: ["r1s1"] })).toMatchObject({
      block: { places: [{ id: "r1s2" }, { id: "G.3" }] },
    });
    expect(operate({ do: "unblock", block: 1 })).toMatchObject({ block: { places: [] } });
    expect(object.state.blocks.size).toBe(0);
    expect([statusOf("r1s1"), statusOf("r1s2"), statusOf("G.3")]).toEqual([0, 0, 0]);
    afterRestart();
    expect(audited()).toEqual(["block", "unblock", "unblock"]);
    expect(refusal(operate({ do: "unblock", block: 1 })).code).toBe("block-not-found");
  });

  test("asked for twice are one block", () => {
    block({ sections: ["F"], reason: "x" });
    const before = digest(object.state);
    expect(refusal(block({ sections: ["F"], reason: "x" })).code).toBe("seat-limit-reached");
    expect(block({ seats: ["r2s1"] })).toMatchObject({ block: { number: 1 } });
    expect(block({ seats: ["r2s1"] })).toMatchObject({ block: { number: 1 } });
    expect(digest(object.state)).not.toBe(before);
    expect(audited()).toEqual(["block"]);
  });

  test("granted to a code are had by whoever knows it, and come back into the block", () => {
    block({ seats: ["r1s3", "r1s4"] });
    operate({ do: "grant", block: 1, channel: "팬클럽", codeHash: codeHash("비밀번호 하나") });
    expect(refusal(hold(ann, { seats: ["r1s3"] })).code).toBe("seats-blocked");
    expect(refusal(hold(ann, { seats: ["r1s3"], code: "틀린 번호" })).code).toBe("code-not-valid");
    expect(places(hold(ann, { best: { count: 2 } }))).not.toContain("r1s3");
    const fans = held(hold(ben, { best: { count: 2 }, code: "비밀번호 하나" })).hold;
    expect(fans.seats.map(({ id }) => id)).toEqual(["r1s3", "r1s4"]);
    afterRestart();
    object.ask({ kind: "release", member: ben, holdId: fans.id });
    expect([statusOf("r1s3"), statusOf("r1s4")]).toEqual([1, 1]);
    const again = held(hold(ben, { seats: ["r1s3"], code: "비밀번호 하나" })).hold;
    operate({ do: "unblock", block: 1 });
    expect([statusOf("r1s3"), statusOf("r1s4")]).toEqual([2, 0]);
    object.ask({ kind: "release", member: ben, holdId: again.id });
    expect(statusOf("r1s3")).toBe(0);
    expect(JSON.stringify(object.outbox.take(now))).not.toContain("비밀번호");
  });

  test("that are granted keep the sale open until they are had; others do not", () => {
    const plan = publishRequest({ maxSeatsPerMember: 10 }, gridChart(1, 2));
    const free = plan.schedules.map((schedule) => ({ ...schedule, prices: { S: 0 } }));
    object = new SimulatedObject(PERFORMANCE_ID, () => now);
    object.publish({ ...plan, schedules: free });
    const entry = entryOf(KEY, ann);
    object.ask({ kind: "join", entries: entryBytes(entry) });
    object.ask({ kind: "enter", entry, member: ann });
    block({ seats: ["r1s1"] });
    operate({ do: "grant", block: 1, channel: "후원사", codeHash: codeHash("12345678") });
    const { hold: made } = held(hold(ann, { seats: ["r1s2"] }));
    const order = object.ask({
      kind: "place-order",
      epoch: 0,
      entry,
      member: ann,
      holdId: made.id,
      key: { id: "o", hash: "" },
    });
    const orderId = order.ok && order.kind === "order" ? order.order.id : "";
    const key = { id: "p", hash: "" };
    object.ask({ kind: "begin-payment", member: ann, orderId, provider: "free", method: "FREE", key });
    expect([statusOf("r1s2"), object.state.phase]).toEqual([5, "open"]);
    operate({ do: "grant", block: 1, channel: null, codeHash: null });
    expect(object.state.phase).toBe("soldout");
  });
});

describe("refused, and nothing has changed:", () => {
  const cases: readonly (readonly [string, () => Reply, string])[] = [
    [
      "seats of another schedule",
      () => hold(ann, { seats: ["r1s1"] }, "00000000-0000-4000-8000-0000000000ff"),
      "unknown-schedule",
    ],
    ["the same seat twice", () => hold(ann, { seats: ["r1s1", "r1s1"] }), "duplicate-seat"],
    ["the same zone twice", () => hold(ann, { zones: [{ zone: "F", count: 1 }, { zone: "F", count: 1 }] }), "duplicate-seat"], // prettier-ignore
    ["no seat", () => hold(ann, { seats: [] }), "no-seats"],
    ["nothing at all", () => hold(ann, {}), "no-seats"],
    ["none of a zone", () => hold(ann, { zones: [{ zone: "F", count: 0 }] }), "no-seats"],
    ["a thousand seats", () => hold(ann, { zones: [{ zone: "F", count: 1_000 }] }), "seat-limit-reached"],
    ["the best thousand", () => hold(ann, { best: { count: 1_000 } }), "seat-limit-reached"],
    ["a seat that does not exist", () => hold(ann, { seats: ["__proto__"] }), "unknown-seat"],
    ["a zone that does not exist", () => hold(ann, { zones: [{ zone: "constructor", count: 1 }] }), "unknown-seat"],
    ["a standing place by its id", () => hold(ann, { seats: ["F.7"] }), "unknown-seat"],
    ["a grade that does not exist", () => hold(ann, { best: { count: 1, grade: "toString" } }), "unknown-grade"],
    ["prices that nothing has", () => hold(ann, { best: { count: 1, minPrice: 1, maxPrice: 2 } }), "not-together"],
    ["a code of nothing", () => hold(ann, { seats: ["r1s1"], code: "12345678" }), "code-not-valid"],
    ["into a hold that does not exist", () => hold(ann, { seats: ["r1s1"], addTo: "h99" }), "hold-not-found"],
    ["into what is no hold", () => hold(ann, { seats: ["r1s1"], addTo: "__proto__" }), "hold-not-found"],
    ["a block of nothing", () => operate({ do: "block", scheduleId: SCHEDULE_ID, reason: "x" }), "no-seats"],
    ["a block without a reason", () => operate({ do: "block", scheduleId: SCHEDULE_ID, reason: " ", seats: ["r1s1"] }), "settings-invalid"], // prettier-ignore
    ["a block of a section that is not there", () => operate({ do: "block", scheduleId: SCHEDULE_ID, reason: "x", sections: ["Z"] }), "unknown-seat"], // prettier-ignore
    ["a grant of no block", () => operate({ do: "grant", block: 9, channel: null, codeHash: null }), "block-not-found"],
  ];
  test.each(cases)("%s", (_name, ask, code) => {
    const before = digest(object.state);
    expect(refusal(ask()).code).toBe(code);
    expect(digest(object.state)).toBe(before);
  });

  test("anything after the session's end, whose hold it ever was", () => {
    const { hold: made } = held(hold(ann, { seats: ["r1s1"] }));
    now = START + 3_600_000;
    expect(refusal(hold(ann, { seats: ["r1s2"], addTo: made.id })).code).toBe("session-ended");
    expect(object.state.holds.size).toBe(0);
  });
});

/** The waiting room's rules: the draw, absence, return, pause, revocation. */
import { describe, expect, test } from "vitest";
import { drawOrder, drawSeed, listRoot, NO_BEACON } from "../../durable-objects/performance/admission/draw.ts";
import { QUICKNET, roundAt } from "../../durable-objects/performance/admission/beacon.ts";
import { segmentOf, viewDraw } from "../../durable-objects/performance/admission/drawing.ts";
import type { Reply } from "../../durable-objects/performance/contract.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import { PERFORMANCE_ID, SCHEDULE_ID } from "../simulation/charts.ts";
import { Customer, entry, member, Room, START } from "./room.ts";

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

  test("nobody joins before the gathering, or after the close", () => {
    const room = new Room({ ...gathering, gatherAt: START + 1_000 });
    expect(room.join(0)).toMatchObject({ refusal: { code: "not-open-yet" } });
    room.now = START + 700_000;
    room.operate({ do: "close" });
    expect(room.join(0)).toMatchObject({ refusal: { code: "performance-closed" } });
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
    room.join(3);
    const leave = (index: number): Reply => room.object.ask({ kind: "leave", entry: entry(index) });
    leave(0);
    leave(1);
    expect([room.object.status().sessions, room.standing(3).state]).toEqual([1, "waiting"]);
    leave(2);
    expect(room.standing(3).state).toBe("admitted");
  });

  test("raising a limit lets in whom it lets in, in the same commit", () => {
    const room = new Room({ capacity: 1, ratePerMinute: 2 });
    for (const index of [0, 1, 2]) room.join(index);
    room.operate({ do: "limits", capacity: 10 });
    expect([1, 2].map((index) => room.standing(index).state)).toEqual(["admitted", "waiting"]);
    room.operate({ do: "limits", ratePerMinute: 10 });
    expect(room.standing(2).state).toBe("admitted");
  });
});

describe("the sale's own end", () => {
  test("the clock closes it: no joining, no hold, no order after it, but a begun payment finishes", () => {
    const room = new Room({ capacity: 5, closeAt: START + 120_000 });
    const payer = new Customer(room, 0);
    const orderId = payer.order(payer.hold("r1s1"));
    payer.begin(orderId);
    const late = new Customer(room, 1);
    const holdId = late.hold("r1s2");
    room.now = START + 120_000;
    expect(room.join(2)).toMatchObject({ refusal: { code: "performance-closed" } });
    expect(late.tryHold("r1s3")).toMatchObject({ refusal: { code: "performance-closed" } });
    expect(late.tryOrder(holdId)).toMatchObject({ refusal: { code: "performance-closed" } });
    expect(payer.pay(orderId)).toMatchObject({ ok: true, order: { status: "paid" } });
  });

  test("a house sold empty is sold out in that commit: joining is refused, who waits stays out, a returned seat opens it", () => {
    const room = new Room({ capacity: 3 }, gridChart(1, 2));
    const buyers = [new Customer(room, 0), new Customer(room, 1)];
    room.operate({ do: "limits", capacity: 0 });
    room.join(2);
    const orders = buyers.map((buyer, index) => buyer.order(buyer.hold(`r1s${index + 1}`)));
    for (const [index, buyer] of buyers.entries()) {
      buyer.begin(orders[index] ?? "");
      buyer.pay(orders[index] ?? "");
    }
    expect(room.object.status()).toMatchObject({ phase: "soldout", seatsLeft: { S: 0 } });
    expect(room.join(3)).toMatchObject({ refusal: { code: "sold-out" } });
    room.operate({ do: "limits", capacity: 5 });
    room.present(2);
    expect(room.standing(2).state).toBe("waiting");
    buyers[0]?.cancel(orders[0] ?? "");
    expect(room.object.status().phase).toBe("open");
    expect(room.standing(2).state).toBe("admitted");
  });

  test("entering twice does not prolong the session", () => {
    const room = new Room({ capacity: 1 });
    room.join(0);
    const enter = (): Reply => room.object.ask({ kind: "enter", entry: entry(0), member: member(0) });
    const first = enter();
    room.now += 300_000;
    expect(enter()).toEqual(first);
    room.now += 300_000;
    expect(enter()).toMatchObject({ refusal: { code: "session-ended" } });
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

  test("one who waits: the place is over, nobody else's changes, and one fewer is ahead of those behind", () => {
    const room = new Room({ capacity: 1 });
    for (let index = 0; index < 5; index++) room.join(index);
    const ahead = (index: number): number => room.object.state.line.ahead(room.standing(index).place ?? -1, 0);
    expect([1, 2, 3, 4].map(ahead)).toEqual([0, 1, 2, 3]);
    room.operate({ do: "revoke", entry: entry(2) });
    for (const restarted of [false, true]) {
      if (restarted) room.object.restart();
      expect(room.standing(2)).toMatchObject({ state: "ended", revoked: true });
      expect(room.join(2)).toMatchObject({ refused: [[0, "member-revoked"]] });
      expect([1, 3, 4].map((index) => room.standing(index).place)).toEqual([1, 3, 4]);
      expect([1, 3, 4].map(ahead)).toEqual([0, 1, 2]);
      expect(room.object.state.line.waiting).toBe(3);
    }
    room.present(1, 3, 4);
    room.now += 60_000;
    room.present(1, 3, 4);
    room.operate({ do: "limits", capacity: 3 });
    expect([1, 2, 3, 4].map((index) => room.standing(index).state)).toEqual([
      "admitted",
      "ended",
      "admitted",
      "admitted",
    ]);
  });

  test("one who was passed over: the grace is over at once, and a sign of life brings nobody back", () => {
    const room = new Room({ capacity: 0 });
    for (let index = 0; index < 3; index++) room.join(index);
    room.now += 60_000;
    room.present(2);
    room.operate({ do: "limits", capacity: 1 });
    expect([1, 2].map((index) => room.standing(index).state)).toEqual(["passed-over", "admitted"]);
    room.operate({ do: "revoke", entry: entry(1) });
    room.present(0, 1);
    room.operate({ do: "limits", capacity: 3 });
    for (const restarted of [false, true]) {
      if (restarted) room.object.restart();
      expect(room.standing(1)).toMatchObject({ state: "ended", revoked: true });
      expect(room.standing(0).state).toBe("admitted");
    }
  });

  test("one who gathers: the draw is over the same list, and passes their place by", () => {
    const room = new Room(gathering);
    for (let index = 0; index < 10; index++) room.join(index);
    room.operate({ do: "revoke", entry: entry(3) });
    room.object.restart();
    expect(room.join(3)).toMatchObject({ refused: [[0, "member-revoked"]] });
    room.now = START + 599_000;
    room.present(...Array.from({ length: 10 }, (_, index) => index));
    room.now = START + 600_000;
    room.operate({ do: "limits", capacity: 9 });
    expect(viewDraw(room.object.state).sealed).toMatchObject({ n: 10 });
    const standings = Array.from({ length: 10 }, (_, index) => room.standing(index));
    expect(standings.map(({ state }) => state)).toEqual(
      standings.map((_, index) => (index === 3 ? "ended" : "admitted")),
    );
    expect(new Set(standings.map(({ place }) => place)).size).toBe(10);
  });
});

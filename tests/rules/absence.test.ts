/** The waiting room's rules about absence: passed over, the grace, return, missed show-ups, new numbers. */
import { describe, expect, test } from "vitest";
import { entry, Room } from "./room.ts";

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
    for (const index of [0, 1, 2]) room.join(index);
    room.now += 50_000;
    room.present(2);
    room.object.ask({ kind: "leave", entry: entry(0) });
    expect(room.standing(1).state).toBe("passed-over");
    room.now += 61_000;
    expect(room.standing(1).state).toBe("ended");
    room.join(1);
    expect(room.standing(1).number).toBe(3);
  });

  test("nobody is passed over while nobody is there to gain by it", () => {
    const room = new Room({ capacity: 1 });
    for (const index of [0, 1, 2]) room.join(index);
    room.now += 50_000; // everybody's lease has run out
    room.object.ask({ kind: "leave", entry: entry(0) });
    expect([1, 2].map((index) => room.standing(index).state)).toEqual(["waiting", "waiting"]);
    expect(room.object.status()).toMatchObject({ waiting: 2, present: 0 });
    room.present(2, 1);
    expect(room.standing(1).state).toBe("admitted");
    expect(room.object.status()).toMatchObject({ waiting: 1, present: 1 });
  });

  test("after leaving, one new number per cooldown, also over a restart", () => {
    const room = new Room({ capacity: 0, rejoinSeconds: 60 });
    room.join(0);
    room.object.ask({ kind: "leave", entry: entry(0) });
    expect(room.join(0)).toMatchObject({ numbers: Uint32Array.of(1), refused: [] });
    room.object.ask({ kind: "leave", entry: entry(0) });
    room.now += 20_000;
    expect(room.join(0)).toMatchObject({ refused: [[0, "rejoined-too-soon", 40]] });
    room.object.restart();
    expect(room.join(0)).toMatchObject({ refused: [[0, "rejoined-too-soon", 40]] });
    expect(room.join(1)).toMatchObject({ numbers: Uint32Array.of(2), refused: [] });
    room.now += 40_000;
    expect(room.join(0)).toMatchObject({ numbers: Uint32Array.of(3), refused: [] });
  });

  test("the grace stands still while sales are paused, also over a restart", () => {
    const room = new Room({ capacity: 1, absenceGraceSeconds: 60 });
    for (const index of [0, 1, 2]) room.join(index);
    room.now += 50_000;
    room.present(2);
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

import { describe, expect, it } from "vitest";
import type { SeatSnapshot } from "../performance/contract.ts";
import { Copies, followed } from "./copies.ts";

const snapshot: SeatSnapshot = {
  scheduleId: "s",
  version: 5,
  chart: 1,
  sections: [
    { id: "A", statuses: "0000" },
    { id: "B", statuses: "00" },
  ],
  zones: [{ id: "F", free: 9 }],
};

describe("a lobby's copy of the seats", () => {
  it("follows what changes, and costs the object one call a second however much does", async () => {
    let calls = 0;
    const never = (): never => {
      throw new Error("not asked for");
    };
    const copies = new Copies(() => ({
      schedule: never,
      draw: never,
      drawSegment: never,
      seats: () => {
        calls += 1;
        return Promise.resolve(snapshot);
      },
    }));
    await copies.seats("s", 1_000);
    for (let version = 5; version < 200; version++) {
      const changes = [[1, version % 2, 2] as const];
      copies.seatsChanged({ scheduleId: "s", from: version, to: version + 1, changes, zones: [[0, 200 - version]] });
      expect((await copies.seats("s", 1_000 + version))?.version).toBe(version + 1);
    }
    expect(calls).toBe(1);
    expect(await copies.seats("s", 1_500)).toMatchObject({ sections: [{ statuses: "0000" }, { statuses: "22" }] });
    await copies.seats("s", 2_001);
    expect(calls).toBe(2);
  });

  it("stays as it is where a change is old, or does not follow", () => {
    const changes = [[0, 1, 5] as const];
    expect(followed(snapshot, { scheduleId: "s", from: 4, to: 5, changes, zones: [] })).toBe(snapshot);
    expect(followed(snapshot, { scheduleId: "s", from: 6, to: 7, changes, zones: [] })).toBe(snapshot);
    expect(followed(snapshot, { scheduleId: "s", from: 3, to: 6, changes, zones: [] })).toMatchObject({
      version: 6,
      sections: [{ statuses: "0500" }, { statuses: "00" }],
      zones: [{ free: 9 }],
    });
  });
});

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
    const copies = new Copies((ask) =>
      ask({
        schedule: never,
        draw: never,
        drawSegment: never,
        seats: () => {
          calls += 1;
          return Promise.resolve(snapshot);
        },
      }),
    );
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

  it("is asked for anew when the news are of another chart, and so is the chart by whoever has heard of it", async () => {
    let chart = 1;
    let calls = 0;
    const never = (): never => {
      throw new Error("not asked for");
    };
    const view = { id: "s", startsAt: 0, hallName: "", timeZone: "Asia/Seoul", prices: {}, currency: "KRW" };
    const plan = { version: 2 as const, name: "", sections: [] };
    const copies = new Copies((ask) =>
      ask({
        draw: never,
        drawSegment: never,
        schedule: () => {
          calls += 1;
          return Promise.resolve({ ...view, chart: plan, chartVersion: chart });
        },
        seats: () => Promise.resolve({ ...snapshot, chart }),
      }),
    );
    await copies.seats("s", 1_000);
    await copies.schedule("s", 1_000);
    chart = 2;
    const news = { scheduleId: "s", chart, from: 6, to: 6, changes: [], zones: [] };
    expect(followed(snapshot, { ...news, from: 5 })).toBe(snapshot);
    copies.seatsChanged(news);
    await copies.seats("s", 1_100);
    expect(await copies.seats("s", 1_200)).toMatchObject({ chart: 2 });
    // Within a second nobody makes it ask again; whoever has not heard of a new one gets the copy.
    expect(await copies.schedule("s", 1_500, 2)).toMatchObject({ chartVersion: 1 });
    expect(await copies.schedule("s", 9_000)).toMatchObject({ chartVersion: 1 });
    expect(calls).toBe(1);
    const both = await Promise.all([copies.schedule("s", 9_000, 2), copies.schedule("s", 9_000, 2)]);
    expect(both).toMatchObject([{ chartVersion: 2 }, { chartVersion: 2 }]);
    expect(await copies.schedule("s", 9_001, 999)).toMatchObject({ chartVersion: 2 });
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

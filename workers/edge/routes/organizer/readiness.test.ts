import { describe, expect, it } from "vitest";
import { QUICKNET } from "../../../../durable-objects/performance/admission/beacon.ts";
import type { Chart } from "../../../../durable-objects/performance/seats/chart.ts";
import { readiness, settingDefaults } from "./readiness.ts";
import type { PlannedHall, PublishableDraft } from "./readiness.ts";
import { KOREAN_LADDER } from "../../../../durable-objects/performance/order-policy.ts";

const seats = [
  { id: "1", label: "1", grade: "R", x: 0, y: 0 },
  { id: "2", label: "2", grade: "S", x: 1, y: 0 },
];
const chart: Chart = { version: 1, name: "Hall", sections: [{ id: "A", name: "A", rows: [{ label: "1", seats }] }] };
const hall: PlannedHall = { id: "hall", name: "Hall", timeZone: "Asia/Seoul", chart, grades: ["R", "S"] };
const dates = [{ id: "date", hallId: "hall", startsAt: new Date(9_000) }];
const draft: PublishableDraft = {
  id: "performance",
  title: "Show",
  runTimeMinutes: 100,
  ageRating: "8+",
  hallId: "hall",
  currency: "KRW",
  prices: { R: 110_000, S: 90_000, VIP: 150_000 },
  settings: { openAt: 1_000, closeAt: 5_000, capacity: 50 },
};

function missing(change: Partial<PublishableDraft>, ...rest: [typeof dates?, PlannedHall[]?]): readonly string[] {
  const [when = dates, halls = [hall]] = rest;
  const result = readiness({ ...draft, ...change }, when, halls, QUICKNET);
  return result.ready ? [] : result.missing.map(({ field }) => field);
}

describe("readiness to publish", () => {
  it("fills what the draft leaves open, and prices only the grades there are", () => {
    const result = readiness(draft, dates, [hall], QUICKNET);
    expect(result.ready && result.request).toEqual({
      performanceId: "performance",
      settings: {
        beacon: null,
        accessibleReleaseAt: null,
        ...settingDefaults,
        cancellation: KOREAN_LADDER,
        title: "Show",
        currency: "KRW",
        gatherAt: null,
        openAt: 1_000,
        closeAt: 5_000,
        capacity: 50,
      },
      schedules: [
        {
          id: "date",
          startsAt: 9_000,
          hallName: "Hall",
          timeZone: "Asia/Seoul",
          chart,
          prices: { R: 110_000, S: 90_000 },
        },
      ],
    });
  });

  it("asks for the same whatever order the settings were given in", () => {
    const turned = { capacity: 50, closeAt: 5_000, openAt: 1_000 };
    const text = (settings: typeof turned): string =>
      JSON.stringify(readiness({ ...draft, settings }, dates, [hall], QUICKNET));
    expect(text(turned)).toBe(text({ openAt: 1_000, closeAt: 5_000, capacity: 50 }));
  });

  it("names everything that is missing, at once", () => {
    const empty = { hallId: null, runTimeMinutes: null, ageRating: null, currency: null, prices: {}, settings: {} };
    expect(missing(empty, [])).toEqual([
      "hallId",
      "runTimeMinutes",
      "ageRating",
      "currency",
      "settings.openAt",
      "settings.closeAt",
      "settings.capacity",
      "schedules",
    ]);
  });

  it("wants a price for every grade on the charts, and a hall for every date", () => {
    expect(missing({ prices: { R: 1 } })).toEqual(["prices.S"]);
    expect(missing({ prices: {} }, [...dates, { id: "second", hallId: "gone", startsAt: new Date(1) }])).toEqual([
      "schedules.second.hallId",
      "prices.R",
      "prices.S",
    ]);
    expect(missing({ prices: { R: 0, S: 0 } })).toEqual([]);
  });

  it("wants the times in order", () => {
    expect(missing({ settings: { gatherAt: 1_000, openAt: 1_000, closeAt: 1_000, capacity: 1 } })).toEqual([
      "settings.closeAt",
      "settings.gatherAt",
    ]);
  });
});

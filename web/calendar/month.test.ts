import { describe, expect, it } from "vitest";
import { dayByKey, dayOf, shiftDay, shiftMonth, weeksOf } from "./month.ts";

describe("a month", () => {
  it("has its days in weeks of seven, empty where another month's would be", () => {
    const weeks = weeksOf({ year: 2026, month: 12 });
    expect(weeks[0]).toEqual([null, null, "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-05"]);
    expect(weeks.at(-1)).toEqual(["2026-12-27", "2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31", null, null]);
    expect(weeksOf({ year: 2026, month: 12 }, 1)[0]?.[0]).toBeNull();
    expect(weeksOf({ year: 2028, month: 2 }).flat().filter(Boolean)).toHaveLength(29);
    expect(weeksOf({ year: 2026, month: 2 })).toHaveLength(4);
  });

  it("is followed and preceded by others, over the year's end", () => {
    expect(shiftMonth({ year: 2026, month: 12 }, 1)).toEqual({ year: 2027, month: 1 });
    expect(shiftMonth({ year: 2026, month: 1 }, -1)).toEqual({ year: 2025, month: 12 });
    expect(shiftDay("2026-12-31", 1)).toBe("2027-01-01");
  });
});

describe("a day", () => {
  it("is the venue's, whatever the reader's is", () => {
    const moment = Date.parse("2026-12-24T16:00:00Z");
    expect(dayOf(moment, "Asia/Seoul")).toBe("2026-12-25");
    expect(dayOf(moment, "America/New_York")).toBe("2026-12-24");
  });
  it.each([
    ["ArrowLeft", "2026-12-01", "2026-11-30"],
    ["ArrowDown", "2026-12-28", "2027-01-04"],
    ["PageDown", "2027-01-31", "2027-02-28"],
    ["PageUp", "2026-03-31", "2026-02-28"],
    ["Enter", "2026-12-01", null],
  ])("is left by %s from %s to %s", (key, from, to) => {
    expect(dayByKey(key, from)).toBe(to);
  });
});

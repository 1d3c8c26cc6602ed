import { describe, expect, it } from "vitest";
import { momentOf, wallText } from "./zoned.ts";

describe("the venue's wall clock", () => {
  it("says when it is, and back", () => {
    const moment = Date.parse("2026-12-24T10:30:00Z");
    expect(wallText(moment, "Asia/Seoul")).toBe("2026-12-24T19:30");
    expect(momentOf("2026-12-24T19:30", "Asia/Seoul")).toBe(moment);
    expect(momentOf("2026-12-24T05:30", "America/New_York")).toBe(moment);
    expect(wallText(Date.parse("2026-12-23T15:00:00Z"), "Asia/Seoul")).toBe("2026-12-24T00:00");
  });

  it("skips an hour in spring, and shows one twice in autumn", () => {
    // Berlin 2027: 28 March 02:00 becomes 03:00; 31 October 03:00 becomes 02:00.
    expect(momentOf("2027-03-28T02:30", "Europe/Berlin")).toBe(Date.parse("2027-03-28T01:30:00Z"));
    expect(momentOf("2027-03-28T03:30", "Europe/Berlin")).toBe(Date.parse("2027-03-28T01:30:00Z"));
    expect(momentOf("2027-10-31T02:30", "Europe/Berlin")).toBe(Date.parse("2027-10-31T00:30:00Z"));
    expect(momentOf("2027-10-31T03:30", "Europe/Berlin")).toBe(Date.parse("2027-10-31T02:30:00Z"));
  });

  it("fits itself for every half hour of a year, wherever the clock changes", () => {
    for (const zone of ["Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]) {
      for (let ms = Date.UTC(2027, 0, 1); ms < Date.UTC(2028, 0, 1); ms += 11 * 1_800_000) {
        const text = wallText(ms, zone);
        const back = momentOf(text, zone);
        expect([zone, text, back === null ? null : wallText(back, zone)]).toEqual([zone, text, text]);
      }
    }
  });

  it.each(["", "2026-12-24", "2026-13-01T00:00", "2026-02-30T10:00", "tomorrow", "2026-12-24T25:00"])(
    "shows nothing for %j",
    (text) => {
      expect(momentOf(text, "Asia/Seoul")).toBeNull();
    },
  );
});

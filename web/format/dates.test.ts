import { afterEach, describe, expect, it } from "vitest";
import { dateRangeText, dateTimeText, readersTimeText } from "./dates.ts";

const before = process.env["TZ"];
const evening = Date.parse("2026-11-30T11:00:00Z");

afterEach(() => {
  if (before === undefined) delete process.env["TZ"];
  else process.env["TZ"] = before;
});

/** The reader's own clock. */
function reader(zone: string): void {
  process.env["TZ"] = zone;
}

describe("a date of a show", () => {
  it.each(["Asia/Seoul", "UTC", "America/Los_Angeles"])(
    "is the venue's for a reader in %s, and names its zone elsewhere",
    (zone) => {
      reader(zone);
      const [korean, english] = [dateTimeText(evening, "Asia/Seoul", "ko"), dateTimeText(evening, "Asia/Seoul", "en")];
      expect(korean).toContain("2026년 11월 30일 (월) 오후 8:00");
      expect(english.replaceAll("\u202f", " ")).toContain("Mon, Nov 30, 2026, 8:00 PM");
      const elsewhere = zone !== "Asia/Seoul";
      expect([korean.includes("GMT+9"), english.includes("GMT+9")]).toEqual([elsewhere, elsewhere]);
    },
  );

  it("is said on the reader's own clock too, where that shows something else", () => {
    reader("Asia/Tokyo");
    expect(readersTimeText(evening, "Asia/Seoul", "ko")).toBeNull();
    reader("Europe/Berlin");
    expect(readersTimeText(evening, "Asia/Seoul", "ko")).toBe("11월 30일 (월) 오후 12:00");
    expect(readersTimeText(evening, "Asia/Seoul", "en")?.replaceAll("\u202f", " ")).toBe("Mon, Nov 30, 12:00 PM");
  });

  it("is another day at the venue than where the reader is, when it is so", () => {
    reader("America/Los_Angeles");
    const morning = Date.parse("2026-11-30T22:00:00Z");
    expect(dateRangeText(morning, morning, "Asia/Seoul", "ko")).toContain("12. 1.");
    expect(dateRangeText(morning, morning, "Europe/London", "en")).toContain("11/30/2026");
  });

  it("of several days is a range, and of one day that day", () => {
    const day = 86_400_000;
    expect(dateRangeText(evening, evening + 2 * day, "Asia/Seoul", "en").replaceAll("\u2009", " ")).toContain("–");
    expect(dateRangeText(evening, evening + 60_000, "Asia/Seoul", "en")).toBe("Mon, 11/30/2026");
  });
});

import { describe, expect, it } from "vitest";
import { seatsPerPerson, slotSeconds, type Situation, whatIf } from "./what-if.ts";

const now: Situation = {
  waiting: 1_000,
  sessions: 100,
  admitted: 600,
  flowPerMinute: 50,
  seatsFree: 500,
  seatsSold: 1_000,
  bookingSeconds: 600,
};

describe("other limits", () => {
  it("let people in as fast as slots come free, and no faster than the rate", () => {
    expect(slotSeconds(now)).toBe(120);
    expect(whatIf(now, { capacity: 100, ratePerMinute: 6_000 }).perMinute).toBe(50);
    expect(whatIf(now, { capacity: 200, ratePerMinute: 6_000 }).perMinute).toBe(100);
    expect(whatIf(now, { capacity: 200, ratePerMinute: 60 }).perMinute).toBe(60);
  });

  it("say when the last seat goes, and how long the last person waits who gets one", () => {
    expect(seatsPerPerson(now)).toBe(2);
    expect(whatIf(now, { capacity: 100, ratePerMinute: 6_000 })).toEqual({
      perMinute: 50,
      soldOutMinutes: 5,
      lastWaitMinutes: 5,
      served: 250,
    });
    // Twice the capacity: a hundred come in at once, the other 150 at twice the pace.
    expect(whatIf(now, { capacity: 200, ratePerMinute: 6_000 }).soldOutMinutes).toBe(1.5);
  });

  it("do not promise a sold-out house that those who wait cannot fill", () => {
    const few = { ...now, waiting: 100 };
    expect(whatIf(few, { capacity: 100, ratePerMinute: 6_000 })).toEqual({
      perMinute: 50,
      soldOutMinutes: null,
      lastWaitMinutes: 2,
      served: 100,
    });
    expect(whatIf({ ...now, seatsFree: 0 }, { capacity: 100, ratePerMinute: 50 })).toMatchObject({
      soldOutMinutes: null,
      served: 0,
    });
  });

  it("of zero stop everything", () => {
    const nothing = { perMinute: 0, soldOutMinutes: null, lastWaitMinutes: null, served: 0 };
    expect(whatIf(now, { capacity: 0, ratePerMinute: 50 })).toEqual(nothing);
    expect(whatIf(now, { capacity: 50, ratePerMinute: 0 })).toEqual(nothing);
  });

  it("rest on assumptions while little has been measured, and never on a division by nothing", () => {
    const fresh = { ...now, sessions: 0, admitted: 0, flowPerMinute: 0, seatsSold: 0 };
    expect(slotSeconds(fresh)).toBe(240);
    expect(seatsPerPerson(fresh)).toBe(1.5);
    for (const sessions of [0, 1, 50]) {
      for (const flowPerMinute of [0, 1, 500]) {
        const forecast = whatIf({ ...fresh, sessions, flowPerMinute }, { capacity: 50, ratePerMinute: 600 });
        expect(Object.values(forecast).every((value) => value === null || Number.isFinite(value))).toBe(true);
      }
    }
  });
});

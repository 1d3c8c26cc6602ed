/** What a breaker promises, whatever has happened: it never opens for little, and never stays shut. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admit, closedBreaker, FAILURES_LEAST, PAUSE_MAX_MS, report, WINDOW_MS, type Breaker } from "./breaker.ts";

const TRY_MS = 4_000;
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Calls that begin, and end some steps later, at times that may even go back. */
const step = fc.record({
  /** Milliseconds since the step before. */
  passed: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: -5_000, max: 20_000 })),
  well: fc.boolean(),
  /** So many steps later it ends; calls overlap. */
  lasts: fc.integer({ min: 0, max: 6 }),
  chance,
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Plays steps; `seen` is told of every admission and of the state it left. */
function play(
  steps: readonly Step[],
  seen: (admitted: boolean, breaker: Breaker, now: number) => void = () => undefined,
): { readonly breaker: Breaker; readonly now: number } {
  let now = 1_000_000;
  let breaker = closedBreaker(now);
  const under: { endsAt: number; era: number; step: Step }[] = [];
  for (const [index, one] of steps.entries()) {
    now += one.passed;
    for (const call of under.filter(({ endsAt }) => endsAt === index)) {
      breaker = report(breaker, call.era, call.step.well, now, call.step.chance);
    }
    const admission = admit(breaker, now, TRY_MS);
    breaker = admission.breaker;
    if (admission.admitted) {
      if (one.lasts === 0) breaker = report(breaker, breaker.era, one.well, now, one.chance);
      else under.push({ endsAt: index + one.lasts, era: breaker.era, step: one });
    }
    seen(admission.admitted, breaker, now);
  }
  return { breaker, now };
}

describe("a breaker", () => {
  it("lets somebody through again within the longest pause and a try, whatever has happened", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 0, max: 60_000 }), (steps, later) => {
        const { breaker, now } = play(steps);
        // From any moment on, earlier ones of a clock that was set back included.
        const from = now - 30_000 + later;
        const moments = [from, from + PAUSE_MAX_MS, from + PAUSE_MAX_MS + TRY_MS];
        expect(moments.some((moment) => admit(breaker, moment, TRY_MS).admitted)).toBe(true);
      }),
    );
  });

  it("closes as soon as a call that was let through goes well", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), chance, (steps, luck) => {
        const { breaker, now } = play(steps);
        const admission = admit(breaker, now + PAUSE_MAX_MS + TRY_MS, TRY_MS);
        const after = report(admission.breaker, admission.breaker.era, true, now + PAUSE_MAX_MS + TRY_MS, luck);
        expect(admission.admitted).toBe(true);
        expect(after.state).toBe("closed");
      }),
    );
  });

  it("is not opened by a few calls that fail, however slow they are", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let left = FAILURES_LEAST - 1;
        const few = steps.map((one) => (one.well || left-- > 0 ? one : { ...one, well: true }));
        play(few, (admitted) => expect(admitted).toBe(true));
      }),
    );
  });

  it("is not opened while at least half of the calls go well", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, step), { maxLength: 100 }), (pairs) => {
        const mixed = pairs.flatMap(([first, second]) => [
          { ...first, well: true, lasts: 0, passed: Math.abs(first.passed) % WINDOW_MS },
          // At the same moment, so that both fall into one window.
          { ...second, well: false, lasts: 0, passed: 0 },
        ]);
        play(mixed, (admitted) => expect(admitted).toBe(true));
      }),
    );
  });

  it("opens when everything fails, and then lets one call through at a time", () => {
    fc.assert(
      fc.property(
        chance,
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 30, maxLength: 200 }),
        (luck, gaps) => {
          let now = 5_000;
          let breaker = closedBreaker(now);
          for (let call = 0; call < FAILURES_LEAST; call++) breaker = report(breaker, breaker.era, false, now, luck);
          expect(breaker.state).toBe("open");
          let lastTry = Number.NEGATIVE_INFINITY;
          for (const gap of gaps) {
            now += gap;
            const admission = admit(breaker, now, TRY_MS);
            breaker = admission.breaker;
            if (!admission.admitted) continue;
            // Nobody answers the one before: only when it must be lost does the next one go.
            expect(now - lastTry).toBeGreaterThanOrEqual(TRY_MS);
            lastTry = now;
          }
        },
      ),
    );
  });

  it("does not take the late failures of a crowd for news", () => {
    let breaker = closedBreaker(0);
    for (let call = 0; call < FAILURES_LEAST; call++) breaker = report(breaker, 0, false, 100, 0.5);
    const { breaker: trying } = admit(breaker, 5_100, TRY_MS);
    expect(trying.state).toBe("trying");
    // Another hundred calls of the time before fail by and by, while one is under way to see.
    let after = trying;
    for (let call = 0; call < 100; call++) after = report(after, 0, false, 5_200, 0.5);
    expect(after).toBe(trying);
    expect(report(after, trying.era, true, 5_300, 0.5).state).toBe("closed");
  });

  it("believes a call that was made although it is open, when it goes well and only then", () => {
    let breaker = closedBreaker(0);
    for (let call = 0; call < FAILURES_LEAST; call++) breaker = report(breaker, 0, false, 0, 0.5);
    expect(report(breaker, breaker.era, false, 100, 0.5)).toBe(breaker);
    expect(report(breaker, breaker.era, true, 100, 0.5).state).toBe("closed");
  });
});

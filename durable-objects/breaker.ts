/**
 * A circuit breaker: whether something that fails is still to be asked. Pure: time and chance are arguments, states are
 * values. One isolate's breaker knows only what that isolate has met.
 *
 * - It opens when most of the calls of a window failed, and at least FAILURES_LEAST of them: one slow call opens nothing.
 * - Open, it refuses for a short pause; then one call at a time is let through to see. The pause doubles up to PAUSE_MAX_MS
 *   while that fails, so that nothing stays refused for longer than that, whatever has happened and however the clock jumps.
 * - A call belongs to the era it began in. Calls of a crowd that fail one after the other say nothing about a later era.
 */
export const WINDOW_MS = 10_000;
export const FAILURES_LEAST = 5;
const PAUSE_FIRST_MS = 500;
export const PAUSE_MAX_MS = 5_000;

export type Breaker =
  | {
      readonly state: "closed";
      readonly era: number;
      /** Beginning of the window. */
      readonly since: number;
      readonly calls: number;
      readonly failures: number;
    }
  /** Refuses from `since` until `until`. */
  | {
      readonly state: "open";
      readonly era: number;
      readonly since: number;
      readonly until: number;
      readonly pauseMs: number;
    }
  /** One call is under way to see; it is taken for lost at `until`, and the next one goes. */
  | {
      readonly state: "trying";
      readonly era: number;
      readonly since: number;
      readonly until: number;
      readonly pauseMs: number;
    };

export type Admission =
  | { readonly admitted: true; readonly breaker: Breaker }
  | { readonly admitted: false; readonly breaker: Breaker; readonly waitMs: number };

export function closedBreaker(now: number, era = 0): Breaker {
  return { state: "closed", era, since: now, calls: 0, failures: 0 };
}

/** Whether a call may be made now. `tryMs`: how long a call takes at most. The call's era is the one of the breaker answered. */
export function admit(breaker: Breaker, now: number, tryMs: number): Admission {
  if (breaker.state === "closed") return { admitted: true, breaker };
  const { since, until, pauseMs, era } = breaker;
  // A clock that was set back must not make the pause longer.
  if (now >= since && now < until) return { admitted: false, breaker, waitMs: until - now };
  return {
    admitted: true,
    breaker: { state: "trying", era: era + 1, since: now, until: now + tryMs, pauseMs },
  };
}

/**
 * What became of a call that began in an era. `chance` in [0, 1) spreads the pauses of many isolates: from three quarters to
 * five quarters of their length.
 */
export function report(breaker: Breaker, era: number, well: boolean, now: number, chance: number): Breaker {
  if (breaker.era !== era) return breaker;
  if (breaker.state !== "closed") {
    if (well) return closedBreaker(now, era + 1);
    // Only a try that fails prolongs anything: a call that was made although it is open changes nothing by failing.
    return breaker.state === "open" ? breaker : opened(era, now, Math.min(breaker.pauseMs * 2, PAUSE_MAX_MS), chance);
  }
  const fresh = now < breaker.since || now - breaker.since >= WINDOW_MS;
  const calls = (fresh ? 0 : breaker.calls) + 1;
  const failures = (fresh ? 0 : breaker.failures) + (well ? 0 : 1);
  if (failures >= FAILURES_LEAST && failures * 2 > calls) return opened(era, now, PAUSE_FIRST_MS, chance);
  return { state: "closed", era, since: fresh ? now : breaker.since, calls, failures };
}

function opened(era: number, now: number, pauseMs: number, chance: number): Breaker {
  const length = Math.min(pauseMs * (0.75 + chance / 2), PAUSE_MAX_MS);
  return { state: "open", era: era + 1, since: now, until: now + length, pauseMs };
}

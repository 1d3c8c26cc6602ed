/**
 * The one way out, of objects and of the Worker: every call of something that may be slow, gone or overloaded goes through
 * a guard, with a deadline, a breaker, one repetition where repeating is safe, and a count of how it ended. Breakers live in
 * memory: an object's are its own, the Worker's are those of an isolate (workers/calls/guard.ts).
 */
import { admit, closedBreaker, report, type Breaker } from "./breaker.ts";
import { inTime, TooLate, type Signal } from "./in-time.ts";

/** It has failed too often a moment ago: nobody was asked, and nothing has happened. */
export class NotAsked extends Error {
  override readonly name = "NotAsked";
  /** Whole milliseconds until it will be asked again, if nobody else's try succeeds before. */
  readonly waitMs: number;
  constructor(dependency: string, waitMs: number) {
    super(`${dependency} was not asked`);
    this.waitMs = waitMs;
  }
}

export interface Asking<T> {
  /** Where there are many of a kind (objects, relays, webhooks of organisers): each has a breaker of its own. */
  readonly which?: string;
  /** Asking twice does no more than asking once: after a passing failure it is asked again, once, a moment later. */
  readonly repeatable?: boolean;
  /** Asked whatever the breaker says: what must not be given up (money), and what is asked to see whether it works. */
  readonly regardless?: boolean;
  /** Does the error speak of the dependency, and not of what was asked? By default every error does. */
  readonly isFailure?: (error: unknown) => boolean;
  /** Would the same question, a moment later, stand a chance? By default what is a failure would. */
  readonly isPassing?: (error: unknown) => boolean;
  /** An answer that says that the dependency is in trouble. By default none does. */
  readonly isTrouble?: (answer: T) => boolean;
}

/** `late`: at the deadline. `refused`: by an open breaker, without asking. */
export type CallOutcome = "ok" | "failed" | "late" | "refused";

export interface CallCounter {
  /** `seconds`: until it ended; null when nobody was asked. */
  ended(dependency: string, outcome: CallOutcome, seconds: number | null): void;
  /** A breaker has opened. */
  opened(dependency: string): void;
}

const REPEAT_AFTER_MS = 30;
/** Breakers of things there are many of; the oldest makes room. */
const BREAKERS_MAX = 2_000;

export class Guard {
  readonly #counter: CallCounter;
  readonly #breakers = new Map<string, Breaker>();

  constructor(counter: CallCounter) {
    this.#counter = counter;
  }

  /**
   * `deadlineMs` is for all tries together.
   * @throws NotAsked while the breaker is open, TooLate at the deadline, and whatever `ask` throws.
   */
  async ask<T>(
    dependency: string,
    deadlineMs: number,
    ask: (signal: Signal) => Promise<T>,
    asking: Asking<T> = {},
  ): Promise<T> {
    const key = asking.which === undefined ? dependency : `${dependency} ${asking.which}`;
    const startedAt = Date.now();
    const entry = this.#enter(key, startedAt, deadlineMs, asking.regardless ?? false);
    if ("waitMs" in entry) {
      this.#counter.ended(dependency, "refused", null);
      throw new NotAsked(dependency, entry.waitMs);
    }
    const { era } = entry;
    let outcome: CallOutcome = "ok";
    let waiting = true;
    try {
      const answer = await inTime(dependency, deadlineMs, (signal) => tries(ask, signal, asking, () => waiting));
      if (asking.isTrouble?.(answer) === true) outcome = "failed";
      return answer;
    } catch (error) {
      if (error instanceof TooLate) outcome = "late";
      else if (asking.isFailure?.(error) ?? true) outcome = "failed";
      throw error;
    } finally {
      waiting = false;
      const now = Date.now();
      this.#leave(key, dependency, era, outcome === "ok", now);
      this.#counter.ended(dependency, outcome, Math.max(0, now - startedAt) / 1_000);
    }
  }

  /** Whether it has failed too often in the last `rememberMs` milliseconds, and was hardly asked since. */
  avoids(dependency: string, rememberMs: number): boolean {
    const breaker = this.#breakers.get(dependency);
    return breaker !== undefined && breaker.state !== "closed" && Date.now() < breaker.until + rememberMs;
  }

  /** The era the call belongs to, or for how long it is not to be made. */
  #enter(key: string, now: number, tryMs: number, regardless: boolean): { era: number } | { waitMs: number } {
    const breaker = this.#breakers.get(key) ?? this.#fresh(key, now);
    if (regardless || breaker.state === "closed") return { era: breaker.era };
    const admission = admit(breaker, now, tryMs);
    this.#breakers.set(key, admission.breaker);
    return admission.admitted ? { era: admission.breaker.era } : { waitMs: Math.ceil(admission.waitMs) };
  }

  #leave(key: string, dependency: string, era: number, well: boolean, now: number): void {
    const before = this.#breakers.get(key);
    // It made room for others meanwhile.
    if (before === undefined) return;
    const after = report(before, era, well, now, Math.random());
    this.#breakers.set(key, after);
    if (after.state === "open" && before.state !== "open") this.#counter.opened(dependency);
  }

  #fresh(key: string, now: number): Breaker {
    if (this.#breakers.size >= BREAKERS_MAX) {
      const oldest = this.#breakers.keys().next();
      if (oldest.done !== true) this.#breakers.delete(oldest.value);
    }
    const breaker = closedBreaker(now);
    this.#breakers.set(key, breaker);
    return breaker;
  }
}

/**
 * Once nobody waits for the answer any more nothing is asked again: a join that hung for a minute and then failed would be
 * repeated when whoever wanted it has long been in, and out again.
 */
async function tries<T>(
  ask: (signal: Signal) => Promise<T>,
  signal: Signal,
  asking: Asking<T>,
  isWaiting: () => boolean,
): Promise<T> {
  try {
    return await ask(signal);
  } catch (error) {
    const passing = asking.isPassing?.(error) ?? asking.isFailure?.(error) ?? true;
    if (asking.repeatable !== true || !passing || error instanceof TooLate) throw error;
    if (isWaiting()) await new Promise((resolve) => setTimeout(resolve, REPEAT_AFTER_MS * (1 + 2 * Math.random())));
    if (!isWaiting()) throw error;
    return ask(signal);
  }
}

/**
 * The one way out: every call of something that may be slow, gone or overloaded goes through here, with a deadline, a
 * breaker, tries where repeating is safe, and a count of how it ended (metrics `dependency_calls`).
 */
import { inTime, TooLate, type Signal } from "../../durable-objects/in-time.ts";
import { log } from "../../durable-objects/log.ts";
import { note } from "../metering.ts";
import { admit, closedBreaker, report, type Breaker } from "./breaker.ts";
import { dependencies, type Dependency } from "./dependencies.ts";

/** It has failed too often a moment ago: nobody was asked, and nothing has happened. */
export class NotAsked extends Error {
  override readonly name = "NotAsked";
  readonly dependency: Dependency;
  constructor(dependency: Dependency) {
    super(`${dependency} was not asked`);
    this.dependency = dependency;
  }
}

export interface Asking<T> {
  /** Where there are many of a kind (objects, webhooks of organisers): each has a breaker of its own. */
  readonly which?: string;
  readonly deadlineMs?: number;
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

const REPEAT_AFTER_MS = 30;
/** Breakers of things there are many of; the oldest makes room. */
const BREAKERS_MAX = 2_000;

/** By the settings of an isolate, so that two of them in one process (a simulation) know nothing of each other. */
const breakersOf = new WeakMap<object, Map<string, Breaker>>();

/**
 * @throws NotAsked while the breaker is open, TooLate at the deadline, and whatever `ask` throws.
 */
export async function guarded<T>(
  env: object,
  dependency: Dependency,
  ask: (signal: Signal) => Promise<T>,
  asking: Asking<T> = {},
): Promise<T> {
  const { which, deadlineMs = dependencies[dependency], regardless = false } = asking;
  const breakers = ofIsolate(env);
  const key = which === undefined ? dependency : `${dependency} ${which}`;
  const startedAt = Date.now();
  const era = enter(breakers, key, startedAt, deadlineMs, regardless);
  if (era === null) {
    note(`dependency_calls|${dependency}|refused`);
    throw new NotAsked(dependency);
  }
  let outcome = "ok";
  try {
    const answer = await inTime(dependency, deadlineMs, (signal) => tries(ask, signal, asking));
    if (asking.isTrouble?.(answer) === true) outcome = "failed";
    return answer;
  } catch (error) {
    if (error instanceof TooLate) outcome = "late";
    else if (asking.isFailure?.(error) ?? true) outcome = "failed";
    throw error;
  } finally {
    const now = Date.now();
    leave(breakers, key, dependency, era, outcome === "ok", now);
    note(`dependency_calls|${dependency}|${outcome}`);
    note(`dependency_call_seconds|${dependency}`, Math.max(0, now - startedAt) / 1_000);
  }
}

async function tries<T>(ask: (signal: Signal) => Promise<T>, signal: Signal, asking: Asking<T>): Promise<T> {
  try {
    return await ask(signal);
  } catch (error) {
    const passing = asking.isPassing?.(error) ?? asking.isFailure?.(error) ?? true;
    if (asking.repeatable !== true || !passing || error instanceof TooLate) throw error;
    await new Promise((resolve) => setTimeout(resolve, REPEAT_AFTER_MS * (1 + 2 * Math.random())));
    return ask(signal);
  }
}

/** The era the call belongs to, or null: it is not to be made. */
function enter(
  breakers: Map<string, Breaker>,
  key: string,
  now: number,
  tryMs: number,
  regardless: boolean,
): number | null {
  const breaker = breakers.get(key) ?? fresh(breakers, key, now);
  if (regardless || breaker.state === "closed") return breaker.era;
  const admission = admit(breaker, now, tryMs);
  breakers.set(key, admission.breaker);
  return admission.admitted ? admission.breaker.era : null;
}

function leave(
  breakers: Map<string, Breaker>,
  key: string,
  dependency: Dependency,
  era: number,
  well: boolean,
  now: number,
): void {
  const before = breakers.get(key);
  // It made room for others meanwhile.
  if (before === undefined) return;
  const after = report(before, era, well, now, Math.random());
  breakers.set(key, after);
  if (after.state !== "open" || before.state === "open") return;
  note(`dependency_breaker_openings|${dependency}`);
  log("warn", "breaker", "opened", { dependency });
}

function fresh(breakers: Map<string, Breaker>, key: string, now: number): Breaker {
  if (breakers.size >= BREAKERS_MAX) {
    const oldest = breakers.keys().next();
    if (oldest.done !== true) breakers.delete(oldest.value);
  }
  const breaker = closedBreaker(now);
  breakers.set(key, breaker);
  return breaker;
}

function ofIsolate(env: object): Map<string, Breaker> {
  let breakers = breakersOf.get(env);
  if (breakers === undefined) breakersOf.set(env, (breakers = new Map()));
  return breakers;
}

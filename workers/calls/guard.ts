/** The Worker's guard (durable-objects/guard.ts): deadlines by dependency, and counts for the Meter (metrics `dependency_calls`). */
import { Guard, type Asking as GuardAsking, type CallCounter } from "../../durable-objects/guard.ts";
import type { Signal } from "../../durable-objects/in-time.ts";
import { log } from "../../durable-objects/log.ts";
import { note } from "../metering.ts";
import { dependencies, type Dependency } from "./dependencies.ts";

export { NotAsked } from "../../durable-objects/guard.ts";

export interface Asking<T> extends GuardAsking<T> {
  /** Milliseconds, where it is not the dependency's own. */
  readonly deadlineMs?: number;
}

const counter: CallCounter = {
  ended: (dependency, outcome, seconds) => {
    note(`dependency_calls|${dependency}|${outcome}`);
    if (seconds !== null) note(`dependency_call_seconds|${dependency}`, seconds);
  },
  opened: (dependency) => {
    note(`dependency_breaker_openings|${dependency}`);
    log("warn", "breaker", "opened", { dependency });
  },
};

/** By the settings of an isolate, so that two of them in one process (a simulation) know nothing of each other. */
const guards = new WeakMap<object, Guard>();

/**
 * @throws NotAsked while the breaker is open, TooLate at the deadline, and whatever `ask` throws.
 */
export function guarded<T>(
  env: object,
  dependency: Dependency,
  ask: (signal: Signal) => Promise<T>,
  { deadlineMs = dependencies[dependency], ...asking }: Asking<T> = {},
): Promise<T> {
  return guardOf(env).ask(dependency, deadlineMs, ask, asking);
}

/** A breaker that nobody has tried since then says nothing about now. */
const REMEMBERED_MS = 60_000;

/** Whether this isolate hardly asks it at the moment, because it has just failed too often. */
export function avoids(env: object, dependency: Dependency): boolean {
  return guardOf(env).avoids(dependency, REMEMBERED_MS);
}

function guardOf(env: object): Guard {
  let guard = guards.get(env);
  if (guard === undefined) guards.set(env, (guard = new Guard(counter)));
  return guard;
}

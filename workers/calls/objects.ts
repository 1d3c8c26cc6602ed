/** Asking objects. The platform marks its own failures; everything else an object throws is a defect, and no outage. */
import type { Environment } from "../environment.ts";
import { NOT_THERE } from "../../durable-objects/performance/contract.ts";
import { TooLate } from "../../durable-objects/in-time.ts";
import { guarded, NotAsked, type Asking } from "./guard.ts";
import type { Dependency } from "./dependencies.ts";

export type ObjectKind = Extract<Dependency, "lobby" | "performance" | "control" | "rehearsal" | "meter">;

/**
 * `overloaded` (too many requests) and `retryable` (moved, restarted): the same request again may be answered. An object that is
 * being built again says so in words, because nothing else of an error crosses.
 */
function isPassing(error: unknown): boolean {
  if (error instanceof Error && error.message.includes(NOT_THERE)) return true;
  return isOverloaded(error) || (error instanceof Error && "retryable" in error && error.retryable === true);
}

/** An object that could not answer, for whatever reason of its own. */
export function isObjectUnavailable(error: unknown): boolean {
  return isPassing(error) || error instanceof NotAsked || error instanceof TooLate;
}

/** @throws NotAsked, TooLate, or what the platform or the object throws. */
export function askObject<T>(
  env: object,
  kind: ObjectKind,
  name: string,
  ask: () => Promise<T>,
  asking: Pick<Asking<T>, "deadlineMs" | "repeatable" | "regardless"> = {},
): Promise<T> {
  return guarded(env, kind, ask, {
    ...asking,
    which: name,
    isFailure: isPassing,
    // An overloaded object is not helped by being asked again at once.
    isPassing: (error) => isPassing(error) && !isOverloaded(error),
  });
}

/** A performance's object, for who needs no problem documents: a repetition of what is asked here changes nothing. */
export function askPerformanceAgain<T>(
  env: Pick<Environment, "PERFORMANCE">,
  performanceId: string,
  ask: (object: ReturnType<Environment["PERFORMANCE"]["getByName"]>) => Promise<T>,
  asking: Pick<Asking<T>, "deadlineMs" | "regardless"> = {},
): Promise<T> {
  const call = (): Promise<T> => ask(env.PERFORMANCE.getByName(performanceId));
  return askObject(env, "performance", performanceId, call, { ...asking, repeatable: true });
}

function isOverloaded(error: unknown): boolean {
  return error instanceof Error && "overloaded" in error && error.overloaded === true;
}

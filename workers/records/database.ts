/**
 * The way to Postgres: Neon over HTTP, one query or one atomic batch per request, no connection to keep.
 *
 * Whatever goes wrong between here and a running Postgres becomes the one error `RecordsUnavailable`, which callers may
 * catch to go on without the records. What Postgres itself says about a statement (a unique index, a check) passes through.
 */
import { neon, NeonDbError, neonConfig } from "@neondatabase/serverless";
import { drizzle } from "drizzle-orm/neon-http";
import type { NeonHttpDatabase } from "drizzle-orm/neon-http";
import type { Environment } from "../environment.ts";
import { TooLate } from "../../durable-objects/in-time.ts";
import { log } from "../../durable-objects/log.ts";
import { guarded, NotAsked } from "../calls/guard.ts";
import * as schema from "./schema.ts";

/** Postgres cannot be reached, or does not answer in time: a state to go on without, not a mistake of the caller's. */
export class RecordsUnavailable extends Error {
  constructor() {
    super("the records cannot be reached");
    this.name = "RecordsUnavailable";
  }
}

export type Records = NeonHttpDatabase<typeof schema>;
export type RecordsSettings = Pick<Environment, "DATABASE_URL" | "NEON_HTTP_ENDPOINT">;

/**
 * SQLSTATEs that say nothing about the statement: connection failures (08), no resources (53), an operator's or a
 * deadline's interruption (57), errors of the system (58), a server that only reads after a failover (25006).
 */
const UNAVAILABLE = /^(08...|53...|57...|58...|25006)$/;
const SQLSTATE = /^[0-9A-Z]{5}$/;

export interface RecordsAsking {
  /** Over all queries together; without it the usual one (calls/dependencies.ts). */
  readonly deadlineMs?: number;
  /** Only reads, or what changes nothing the second time: a connection that broke is tried again once. */
  readonly repeatable?: boolean;
  /** To see whether Postgres answers: asked although it has just failed. */
  readonly regardless?: boolean;
}

/**
 * Runs queries with a deadline over all of them.
 * @throws RecordsUnavailable when Postgres cannot be reached, does not answer in time, or has just failed too often.
 */
export async function withRecords<T>(
  env: RecordsSettings,
  work: (db: Records) => Promise<T>,
  asking: RecordsAsking = {},
): Promise<T> {
  try {
    return await guarded(env, "postgres", (signal) => work(openRecords(env, signal())), {
      ...asking,
      isFailure: isUnavailable,
    });
  } catch (error) {
    if (error instanceof NotAsked) throw new RecordsUnavailable();
    if (!(error instanceof TooLate) && !isUnavailable(error)) throw error;
    log("warn", "records", "unavailable", { dependency: "postgres", cause: causeOf(error) });
    throw new RecordsUnavailable();
  }
}

/** The same for what may be asked twice. */
export function readRecords<T>(env: RecordsSettings, work: (db: Records) => Promise<T>): Promise<T> {
  return withRecords(env, work, { repeatable: true });
}

export function isRecordsUnavailable(error: unknown): boolean {
  return error instanceof RecordsUnavailable;
}

/** The name of the violated unique index, or null when the error is something else. */
export function violatedIndex(error: unknown): string | null {
  const failure = databaseError(error);
  return failure?.code === "23505" ? (failure.constraint ?? null) : null;
}

/** How a statement in the middle of a transaction says that the rest must not happen. */
export function isDivisionByZero(error: unknown): boolean {
  return databaseError(error)?.code === "22012";
}

function openRecords(env: RecordsSettings, signal: AbortSignal): Records {
  useEndpoint(env.NEON_HTTP_ENDPOINT);
  return drizzle(neon(env.DATABASE_URL, { fetchOptions: { signal } }), { schema });
}

/** The driver knows the endpoint only as a global; the setting is the same for every request of an isolate. */
function useEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined || endpoint === "" || neonConfig.fetchEndpoint === endpoint) return;
  neonConfig.fetchEndpoint = endpoint;
}

function isUnavailable(error: unknown): boolean {
  const failure = databaseError(error);
  if (failure === null) return isAbort(error);
  if (failure.code === undefined || !SQLSTATE.test(failure.code)) return true;
  return UNAVAILABLE.test(failure.code);
}

/** drizzle wraps the driver's error, and the driver wraps that of `fetch`. */
function databaseError(error: unknown): NeonDbError | null {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth += 1) {
    if (current instanceof NeonDbError) return current;
  }
  return null;
}

function isAbort(error: unknown): boolean {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth += 1) {
    if (current.name === "TimeoutError" || current.name === "AbortError") return true;
  }
  return false;
}

/** For the log: never the statement or its parameters, which drizzle's own message would quote. */
function causeOf(error: unknown): string {
  const failure = databaseError(error);
  const cause = failure?.sourceError ?? failure;
  if (cause !== null) return `${cause.name}: ${cause.message}`.slice(0, 200);
  return error instanceof Error ? error.name : "unknown";
}

/**
 * What a million people waiting for twenty minutes cost, from meters that were counted at 8,000 sockets and at a million
 * members, with the list prices of Workers Paid beyond what a month includes:
 * https://developers.cloudflare.com/workers/platform/pricing/ and /durable-objects/platform/pricing/ (2026-11).
 */
import { shown, type Measured } from "./report.ts";
import type { Waiting } from "./parts/sockets.ts";

const USD_PER_MILLION = {
  workerRequests: 0.3,
  workerMs: 0.02,
  objectRequests: 0.15,
  rowsWritten: 1,
  gigabyteSeconds: 12.5,
} as const;
/** Incoming messages of a socket count as a twentieth of a request each. */
const MESSAGES_PER_REQUEST = 20;
const OBJECT_GIGABYTES = 0.128;

const PEOPLE = 1_000_000;
const SECONDS = 20 * 60;
const LOBBIES = 200;
/** The courier's own bound, whatever the number of lobbies. */
const OBJECT_CALLS_PER_SECOND_MAX = 200;
const PING_SECONDS = 20;
const POLLING_SHARE = 0.05;
const POLL_SECONDS = 20;

export interface Meters {
  readonly waiting: Waiting;
  readonly rowsPerJoin: number;
  readonly rowsPerEntering: number;
  /** Joins of one call at the rate at which the million arrives. */
  readonly joinsPerCall: number;
}

export function costOfWaiting({ waiting, rowsPerJoin, rowsPerEntering, joinsPerCall }: Meters): Measured {
  const perPerson = waiting.arrivalRequests / waiting.sockets;
  const callsPerSecond = Math.min(
    OBJECT_CALLS_PER_SECOND_MAX,
    (waiting.objectCalls / waiting.seconds / waiting.lobbies) * LOBBIES,
  );
  const calls = callsPerSecond * SECONDS + PEOPLE / joinsPerCall;
  const ticks = (waiting.frames / waiting.sockets / waiting.seconds) * LOBBIES * SECONDS;
  const lobbySeconds = (waiting.cpuMs / 1_000 / waiting.seconds / waiting.sockets) * PEOPLE * SECONDS;
  const arrivalMs = (waiting.arrivalCpuMs / waiting.sockets) * PEOPLE;
  const parts: readonly (readonly [what: string, usd: number, of?: string])[] = [
    ["requests to the Worker", usd("workerRequests", perPerson * PEOPLE), `${shown(perPerson)} a person: join, socket`],
    ["processor time of arriving, all layers", usd("workerMs", arrivalMs)],
    ["requests to the lobbies", usd("objectRequests", perPerson * PEOPLE + ticks)],
    ["calls of the object", usd("objectRequests", calls), `${shown(callsPerSecond)} a second`],
    ["rows of joining", usd("rowsWritten", rowsPerJoin * PEOPLE)],
    ["rows of the lobbies' alarms", usd("rowsWritten", ticks), `${shown(ticks)} ticks`],
    ["time the object is awake", usd("gigabyteSeconds", SECONDS * OBJECT_GIGABYTES)],
    ["time the lobbies are awake", usd("gigabyteSeconds", (lobbySeconds + arrivalMs / 1_000) * OBJECT_GIGABYTES)],
  ];
  const total = parts.reduce((sum, [, part]) => sum + part, 0);
  const pings = usd("objectRequests", (PEOPLE * (SECONDS / PING_SECONDS)) / MESSAGES_PER_REQUEST);
  const polls = PEOPLE * POLLING_SHARE * (SECONDS / POLL_SECONDS);
  const polling = usd("workerRequests", polls) + usd("objectRequests", polls);
  const entering =
    usd("workerRequests", 50_000) + usd("objectRequests", 150_000) + usd("rowsWritten", 50_000 * rowsPerEntering);
  return {
    value: total,
    note:
      `${parts.map(([what, part, of]) => `${what}${of === undefined ? "" : ` (${of})`} ${part.toFixed(3)}`).join(" + ")}. Not in the sum: pings, should the platform ` +
      `bill those it answers itself, ${pings.toFixed(2)}; ${POLLING_SHARE * 100} % polling instead ${polling.toFixed(2)}; ` +
      `50,000 of them let in, entering and done (${shown(rowsPerEntering)} rows each) ${entering.toFixed(2)}`,
    detail: Object.fromEntries(parts.map(([what, part]) => [what, part])),
  };
}

function usd(meter: keyof typeof USD_PER_MILLION, amount: number): number {
  return (amount * USD_PER_MILLION[meter]) / 1_000_000;
}

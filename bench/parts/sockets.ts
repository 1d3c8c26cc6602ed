/**
 * Eight thousand on sockets: all of them come within ten seconds, then they wait, then slots come free one by one. One
 * runtime, with the clients on the same machine; what is counted here is what the bill of a million is made of.
 */
import { z } from "zod";
import { Fans, steadily, type Fan } from "../fans.ts";
import { percentile, quantiles, shown, type Measured } from "../report.ts";
import { costOf, performanceId, type Lab } from "../study.ts";
import type { Bench } from "../worker.ts";

/** One process may open 20,000 files, and the runtime takes two for each socket. */
const SOCKETS = 8_000;
const ARRIVE_SECONDS = 10;
/** Lobbies of 2,000 sockets, as the design plans them. */
const LOBBIES = 4;
const WAIT_SECONDS = 30;
const PING_SECONDS = 20;
const FREED = 200;
const FREED_EVERY_MS = 150;
const HEARD_WITHIN_MS = 10_000;

/** Meters of the waiting, as they were counted. */
export interface Waiting {
  readonly sockets: number;
  readonly lobbies: number;
  readonly seconds: number;
  readonly objectCalls: number;
  readonly frames: number;
  readonly cpuMs: number;
  /** Requests that reached the Worker until everybody waited, and the runtime's processor time for them. */
  readonly arrivalRequests: number;
  readonly arrivalCpuMs: number;
}

export interface SocketsResult {
  readonly figures: Readonly<Record<string, Measured>>;
  readonly waiting: Waiting;
}

const Calls = z.looseObject({ calls: z.number() });

export async function waitOnSockets(bench: Bench, lab: Lab): Promise<SocketsResult> {
  const id = performanceId(1);
  await bench.ask("line", { id, lobbies: LOBBIES }, z.object({ ok: z.literal(true) }));
  const fans = await Fans.of(bench, id);
  const everybody = await fans.signedIn(0, SOCKETS);
  const admissions = new Admissions();
  try {
    lab.say(`${SOCKETS} fans within ${ARRIVE_SECONDS} s`);
    const joins: number[] = [];
    const arrival = await costOf(bench, () =>
      steadily(SOCKETS, SOCKETS / ARRIVE_SECONDS, async (index) => {
        const fan = everybody[index];
        if (fan === undefined) return;
        const due = performance.now();
        const { connectAfterMs } = await fans.join(fan);
        joins.push(performance.now() - due);
        await pause(connectAfterMs);
        await fans.open(fan, admissions.hear);
      }),
    );
    const arrivalRequests = fans.requests;
    const count = async (): Promise<number> => (await bench.ask("calls", { id }, Calls)).calls;
    lab.say(`${SOCKETS} wait for ${WAIT_SECONDS} s`);
    await pause(5_000); // until what arriving left behind is done
    const [calls, frames] = [await count(), fans.frames];
    const beat = setInterval(() => fans.ping(), PING_SECONDS * 1_000);
    const wait = await costOf(bench, () => pause(WAIT_SECONDS * 1_000));
    const objectCalls = (await count()) - calls;
    const waitingFrames = fans.frames - frames;
    lab.say(`${FREED} slots come free`);
    const freed = await freeSlots(fans, everybody, admissions);
    clearInterval(beat);
    if (fans.alive !== SOCKETS) throw new Error(`${SOCKETS - fans.alive} of ${SOCKETS} sockets were closed`);
    return {
      figures: {
        join_p99_ms_8000_sockets: {
          value: percentile(joins, 0.99),
          note:
            `${SOCKETS} fans in ${ARRIVE_SECONDS} s, each joins and opens a socket in one of ${LOBBIES} lobbies when the answer says so, clients on ` +
            `the same machine; median ${shown(percentile(joins, 0.5))}; all were there after ${shown(arrival.milliseconds / 1_000)} s, for ` +
            `${shown((arrival.cpuMs * 1_000) / SOCKETS)} µs of processor time each`,
          detail: quantiles(joins),
        },
        object_calls_per_second_waiting: {
          value: objectCalls / (wait.milliseconds / 1_000),
          note:
            `${objectCalls} batches in ${WAIT_SECONDS} s while ${SOCKETS} waited on ${LOBBIES} lobbies; ` +
            `the runtime took ${shown((wait.cpuMs * 1_000) / waitingFrames)} µs of processor time per frame sent`,
        },
        freed_slot_to_socket_p99_ms: {
          value: percentile(freed, 0.99),
          note:
            `${FREED} times somebody left, until the next one's socket said so, among ${SOCKETS} sockets that are told the ` +
            `new numbers every second meanwhile; median ${shown(percentile(freed, 0.5))}`,
        },
      },
      waiting: {
        sockets: SOCKETS,
        lobbies: LOBBIES,
        seconds: wait.milliseconds / 1_000,
        objectCalls,
        frames: waitingFrames,
        cpuMs: wait.cpuMs,
        arrivalRequests,
        arrivalCpuMs: arrival.cpuMs,
      },
    };
  } finally {
    fans.end();
  }
}

/** Who is in now, as the sockets say it. */
class Admissions {
  #fan: Fan | null = null;
  #told: ((fan: Fan) => void) | null = null;

  readonly hear = (fan: Fan, frame: string): void => {
    if (!frame.startsWith('{"type":"state","state":"admitted"')) return;
    this.#fan = fan;
    this.#told?.(fan);
  };

  get inside(): Fan {
    if (this.#fan === null) throw new Error("nobody was told to be in");
    return this.#fan;
  }

  next(after: Fan): Promise<Fan> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("nobody was let in after somebody left")), HEARD_WITHIN_MS);
      this.#told = (fan) => {
        if (fan === after) return;
        clearTimeout(late);
        this.#told = null;
        resolve(fan);
      };
    });
  }
}

async function freeSlots(fans: Fans, everybody: readonly Fan[], admissions: Admissions): Promise<number[]> {
  const times: number[] = [];
  // The first one got in before the socket was open: the answer to joining said so.
  let inside = everybody[0];
  for (let slot = 0; slot < FREED && inside !== undefined; slot++) {
    const next = admissions.next(inside);
    const leftAt = performance.now();
    const leaving = fans.leave(inside);
    inside = await next;
    times.push(performance.now() - leftAt);
    await leaving;
    await pause(FREED_EVERY_MS);
  }
  return times;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Bookers as the benchmark plays them: let in over HTTP like anybody, then holds and releases, and sockets that hear of seats. */
import { Agent } from "node:http";
import { WebSocket } from "ws";
import { z } from "zod";
import { SCHEDULE_ID } from "../tests/simulation/charts.ts";
import { ask } from "./ask.ts";
import { Fans, type Fan } from "./fans.ts";
import type { Bench } from "./worker.ts";

const Entered = z.looseObject({ pass: z.string() });
const Held = z.looseObject({
  hold: z.looseObject({ id: z.string(), seats: z.array(z.looseObject({ id: z.string() })) }),
});
const Problem = z.looseObject({ code: z.string() });

/** Asked again while the turn is on its way. */
const ENTER_TRIES = 50;
const ENTER_AGAIN_MS = 100;
/** Requests in flight while everybody comes in: nobody measures that. */
const COMING_AT_ONCE = 50;

export interface Booker {
  readonly number: number;
  readonly bearer: string;
  readonly pass: string;
}

export class Bookers {
  readonly everybody: readonly Booker[];
  readonly #room: string;
  readonly #agent: Agent;
  readonly #sockets: WebSocket[] = [];
  #keys = 0;

  /** So many members, each with a booking pass of their own. */
  static async inside(bench: Bench, performanceId: string, count: number): Promise<Bookers> {
    const fans = await Fans.of(bench, performanceId);
    try {
      const room = new URL(`/api/performances/${performanceId}/`, bench.product).href;
      // A connection each, as that many browsers have.
      const agent = new Agent({ keepAlive: true, maxSockets: count });
      const waiting = await fans.signedIn(0, count);
      const everybody: Booker[] = [];
      const comeIn = async (): Promise<void> => {
        for (let fan = waiting.pop(); fan !== undefined; fan = waiting.pop()) {
          await fans.join(fan);
          everybody.push({ number: fan.number, bearer: fan.bearer, pass: await enter(agent, room, fan) });
        }
      };
      await Promise.all(Array.from({ length: COMING_AT_ONCE }, comeIn));
      return new Bookers(room, agent, everybody);
    } finally {
      fans.end();
    }
  }

  private constructor(room: string, agent: Agent, everybody: readonly Booker[]) {
    this.#room = room;
    this.#agent = agent;
    this.everybody = everybody.toSorted((a, b) => a.number - b.number);
  }

  /** The id of the hold. Whatever else is answered is an error: nobody else wants these seats. */
  async hold(booker: Booker, seats: readonly string[]): Promise<string> {
    this.#keys += 1;
    const headers = { ...headersOf(booker), "idempotency-key": `bench-hold-${this.#keys}` };
    const body = JSON.stringify({ scheduleId: SCHEDULE_ID, seats });
    const url = new URL("holds", this.#room).href;
    const { status, text } = await ask({ agent: this.#agent, url, method: "POST", headers, body });
    if (status !== 201) throw new Error(`a hold was answered with ${status}: ${text.slice(0, 300)}`);
    const { hold } = Held.parse(JSON.parse(text));
    if (hold.seats.length !== seats.length) throw new Error(`${seats.length} seats were asked for: ${text}`);
    return hold.id;
  }

  async release(booker: Booker, holdId: string): Promise<void> {
    const url = new URL(`holds/${holdId}`, this.#room).href;
    const { status, text } = await ask({ agent: this.#agent, url, method: "DELETE", headers: headersOf(booker) });
    if (status !== 204) throw new Error(`a release was answered with ${status}: ${text.slice(0, 300)}`);
  }

  /** A booking socket that is told of every seat; `hear` gets its frames as they come. */
  watch(booker: Booker, hear: (frame: string) => void): Promise<void> {
    const url = new URL("live?booking=1", this.#room).href.replace("http:", "ws:");
    const headers = { "booking-pass": booker.pass };
    const protocols = ["ticketping.v1", `bearer.${booker.bearer}`];
    const socket = new WebSocket(url, protocols, { headers, perMessageDeflate: false });
    this.#sockets.push(socket);
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.once("open", () => socket.send(JSON.stringify({ type: "watch", scheduleId: SCHEDULE_ID })));
      socket.on("message", (data: Buffer) => {
        const frame = data.toString();
        // The first word about seats is the version there is: from here on changes are heard.
        if (frame.startsWith('{"type":"seats"')) resolve();
        hear(frame);
      });
    });
  }

  get alive(): number {
    return this.#sockets.filter((socket) => socket.readyState === WebSocket.OPEN).length;
  }

  end(): void {
    for (const socket of this.#sockets) socket.terminate();
    this.#agent.destroy();
  }
}

async function enter(agent: Agent, room: string, fan: Fan): Promise<string> {
  const headers = { authorization: `Bearer ${fan.bearer}`, "content-type": "application/json" };
  const url = new URL("enter", room).href;
  for (let tries = 0; tries < ENTER_TRIES; tries++) {
    const { status, text } = await ask({ agent, url, method: "POST", headers, body: "{}" });
    if (status >= 200 && status < 300) return Entered.parse(JSON.parse(text)).pass;
    if (Problem.parse(JSON.parse(text)).code !== "not-admitted-yet")
      throw new Error(`not entered: ${text.slice(0, 300)}`);
    await new Promise((resolve) => setTimeout(resolve, ENTER_AGAIN_MS));
  }
  throw new Error(`not admitted within ${(ENTER_TRIES * ENTER_AGAIN_MS) / 1_000} s`);
}

function headersOf({ bearer, pass }: Booker): Record<string, string> {
  return { authorization: `Bearer ${bearer}`, "booking-pass": pass, "content-type": "application/json" };
}

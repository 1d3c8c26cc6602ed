/** Fans as the benchmark plays them: sign-ins made beforehand, joins and leaves over HTTP, sockets that say what they hear. */
import { Agent } from "node:http";
import { WebSocket } from "ws";
import { z } from "zod";
import { keySet, type KeySet } from "../workers/edge/auth/keys.ts";
import { signAccess } from "../workers/edge/auth/session.ts";
import { ask } from "./ask.ts";
import type { Bench } from "./worker.ts";

/** A run on a busy machine outlives a sign-in of the usual length. */
const AN_HOUR_MS = 3_600_000;

/** What a person is shown, as far as the benchmark looks. */
const Seen = z.object({
  state: z.string(),
  number: z.number().nullable(),
  place: z.number().nullable(),
  pollAfterSeconds: z.number(),
});
/** With it, after how many milliseconds a page opens its socket. */
const Joined = Seen.extend({ connectAfterMs: z.number() });

export type Seen = z.infer<typeof Seen>;
export type Joined = z.infer<typeof Joined>;

export interface Fan {
  readonly number: number;
  readonly bearer: string;
  socket: WebSocket | null;
}

export class Fans {
  readonly #keys: KeySet;
  readonly #queue: string;
  readonly #live: string;
  readonly #agent: Agent;
  readonly #sockets: WebSocket[] = [];
  /** Requests that reached the Worker: the meter of the bill. */
  requests = 0;
  /** Frames the sockets have heard; answers to pings are none, the runtime gives them by itself. */
  frames = 0;
  pings = 0;

  /** `connections`: as many requests are in flight at most, whoever else has one to make waits for his turn. */
  static async of(bench: Bench, performanceId: string, connections = 256): Promise<Fans> {
    return new Fans(await keySet(bench.secrets.SESSION_KEYS), bench.product, performanceId, connections);
  }

  private constructor(keys: KeySet, product: string, performanceId: string, connections: number) {
    this.#keys = keys;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.#queue = new URL(`/api/performances/${performanceId}/queue`, product).href;
    this.#live = new URL(`/api/performances/${performanceId}/live`, product).href.replace("http:", "ws:");
  }

  /** Signed in already, as people are who come to a sale. */
  async signedIn(from: number, count: number): Promise<Fan[]> {
    const now = Date.now();
    const fans: Fan[] = [];
    for (let number = from; number < from + count; number++) {
      const id = `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
      fans.push({
        number,
        bearer: await signAccess(this.#keys, { id, role: "member" }, now, AN_HOUR_MS),
        socket: null,
      });
    }
    return fans;
  }

  /** Whatever is not answered with a success rejects, here and below. */
  async join(fan: Fan): Promise<Joined> {
    return Joined.parse(JSON.parse(await this.#ask("POST", fan)));
  }

  async look(fan: Fan): Promise<Seen> {
    return Seen.parse(JSON.parse(await this.#ask("GET", fan)));
  }

  async leave(fan: Fan): Promise<void> {
    await this.#ask("DELETE", fan);
  }

  /** `hear` gets every frame of this fan's socket. */
  open(fan: Fan, hear: (fan: Fan, frame: string) => void): Promise<void> {
    this.requests += 1;
    const socket = new WebSocket(this.#live, ["ticketping.v1", `bearer.${fan.bearer}`], { perMessageDeflate: false });
    fan.socket = socket;
    this.#sockets.push(socket);
    socket.on("message", (data: Buffer) => {
      const frame = data.toString();
      if (frame === "pong") return;
      this.frames += 1;
      hear(fan, frame);
    });
    return new Promise((resolve, reject) => {
      socket.once("open", () => resolve());
      socket.once("error", reject);
    });
  }

  get alive(): number {
    return this.#sockets.filter((socket) => socket.readyState === WebSocket.OPEN).length;
  }

  /** What every page does to show that it is there; of so many turns, all sockets have one. */
  ping(turn = 0, turns = 1): void {
    for (let index = turn % turns; index < this.#sockets.length; index += turns) {
      const socket = this.#sockets[index];
      if (socket?.readyState !== WebSocket.OPEN) continue;
      this.pings += 1;
      socket.send("ping");
    }
  }

  end(): void {
    for (const socket of this.#sockets) socket.terminate();
    this.#agent.destroy();
  }

  async #ask(method: "GET" | "POST" | "DELETE", { bearer }: Fan): Promise<string> {
    this.requests += 1;
    const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
    const body = method === "POST" ? { body: "{}" } : {};
    const { status, text } = await ask({ agent: this.#agent, url: this.#queue, method, headers, ...body });
    if (status < 200 || status >= 300) throw new Error(`${method} was answered with ${status}: ${text.slice(0, 300)}`);
    return text;
  }
}

/** Starts each at its time, at so many a second, whatever the others take; the time from when it was due to its end. */
export function steadily(count: number, perSecond: number, one: (index: number) => Promise<void>): Promise<number[]> {
  const startedAt = performance.now();
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const due = startedAt + (index * 1_000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await one(index);
      return performance.now() - due;
    }),
  );
}

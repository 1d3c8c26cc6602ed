/** Fans as the benchmark plays them: sign-ins made beforehand, joins and leaves over HTTP, sockets that say what they hear. */
import { Agent, request } from "node:http";
import { WebSocket } from "ws";
import { z } from "zod";
import { keySet, type KeySet } from "../workers/edge/auth/keys.ts";
import { signAccess } from "../workers/edge/auth/session.ts";
import type { Bench } from "./worker.ts";

/** A run on a busy machine outlives a sign-in of the usual length. */
const AN_HOUR_MS = 3_600_000;

const Joined = z.object({ connectAfterMs: z.number() });

export interface Fan {
  readonly number: number;
  readonly bearer: string;
  socket: WebSocket | null;
}

export class Fans {
  readonly #keys: KeySet;
  readonly #queue: string;
  readonly #live: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });
  readonly #sockets: WebSocket[] = [];
  /** Requests that reached the Worker: the meter of the bill. */
  requests = 0;
  frames = 0;

  static async of(bench: Bench, performanceId: string): Promise<Fans> {
    return new Fans(await keySet(bench.secrets.SESSION_KEYS), bench.product, performanceId);
  }

  private constructor(keys: KeySet, product: string, performanceId: string) {
    this.#keys = keys;
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

  /** Milliseconds after which a page would open its socket. */
  async join(fan: Fan): Promise<number> {
    return Joined.parse(JSON.parse(await this.#ask("POST", fan))).connectAfterMs;
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
      this.frames += 1;
      hear(fan, data.toString());
    });
    return new Promise((resolve, reject) => {
      socket.once("open", () => resolve());
      socket.once("error", reject);
    });
  }

  get alive(): number {
    return this.#sockets.filter((socket) => socket.readyState === WebSocket.OPEN).length;
  }

  /** What every page does to show that it is there. */
  ping(): void {
    for (const socket of this.#sockets) if (socket.readyState === WebSocket.OPEN) socket.send("ping");
  }

  end(): void {
    for (const socket of this.#sockets) socket.terminate();
    this.#agent.destroy();
  }

  #ask(method: "POST" | "DELETE", { bearer }: Fan): Promise<string> {
    this.requests += 1;
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
      const sent = request(this.#queue, { method, agent: this.#agent, headers }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.once("end", () => {
          const { statusCode = 0 } = response;
          if (statusCode >= 200 && statusCode < 300) resolve(text);
          else reject(new Error(`${method} was answered with ${statusCode}: ${text.slice(0, 300)}`));
        });
      });
      sent.once("error", reject);
      sent.end(method === "POST" ? "{}" : undefined);
    });
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

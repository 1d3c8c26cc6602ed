/** A fan's socket in the waiting room: what it was told, and waiting to be told something. */
import { WebSocket } from "ws";
import { z } from "zod";

const frame = z.looseObject({
  type: z.string(),
  state: z.string().optional(),
  place: z.number().nullish(),
  ahead: z.number().nullish(),
  changes: z.array(z.tuple([z.number(), z.number(), z.number()])).optional(),
});
export type Frame = z.infer<typeof frame>;

export class Live {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  /** `path` may have a query; `pass` goes along as a header. */
  static async open(origin: string, path: string, token: string, pass?: string): Promise<Live> {
    const headers = pass === undefined ? {} : { "booking-pass": pass };
    const socket = new WebSocket(socketUrl(origin, path), ["ticketping.v1", `bearer.${token}`], { headers });
    const live = new Live(socket);
    await new Promise<void>((resolve, reject) => socket.once("open", () => resolve()).once("error", reject));
    return live;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => {
      this.frames.push(frame.parse(JSON.parse(data.toString("utf8"))));
      for (const check of this.#waiting) check();
    });
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  send(message: unknown): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** The first frame that fits, of those that came and those to come. The limit only ends a test that would never end. */
  async told(fits: (frame: Frame) => boolean, milliseconds = 60_000): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = this.frames.find(fits);
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      const finish = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`not told within ${milliseconds} ms; heard ${JSON.stringify(this.frames.slice(-5))}`));
      }, milliseconds);
      this.#waiting.add(check);
      check();
    });
  }

  close(): void {
    this.#socket.close();
  }
}

/** The answer to an upgrade that is refused. */
export function refusedUpgrade(
  origin: string,
  path: string,
  protocols: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly type: string; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketUrl(origin, path), [...protocols], { headers });
    socket.once("error", reject);
    socket.once("open", () => {
      socket.close();
      reject(new Error("the upgrade was accepted"));
    });
    socket.once("unexpected-response", (_request, response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "", text });
      });
    });
  });
}

function socketUrl(origin: string, path: string): string {
  return new URL(path, origin.replace(/^http/, "ws")).href;
}

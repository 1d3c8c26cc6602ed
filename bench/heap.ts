/** Memory of the product's isolate as V8 counts it, asked through the inspector: heap, and the bytes behind typed arrays. */
import { WebSocket } from "ws";
import { z } from "zod";

const ISOLATE = "core:user:ticketping";
const Answer = z.object({ id: z.number(), result: z.unknown().optional(), error: z.unknown().optional() });
const Usage = z.object({ usedSize: z.number(), backingStorageSize: z.number() });

export class Heap {
  readonly #socket: WebSocket;
  readonly #asked = new Map<number, { answer: (result: unknown) => void; fail: (error: Error) => void }>();
  #last = 0;

  static async open(inspector: string): Promise<Heap> {
    const socket = new WebSocket(new URL(`/${ISOLATE}`, inspector).href, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once("open", () => resolve());
      socket.once("error", reject);
    });
    return new Heap(socket);
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => {
      const message = Answer.safeParse(JSON.parse(data.toString()));
      if (!message.success) return; // an event, not an answer
      const asked = this.#asked.get(message.data.id);
      this.#asked.delete(message.data.id);
      if (message.data.error === undefined) asked?.answer(message.data.result);
      else asked?.fail(new Error(`the inspector: ${JSON.stringify(message.data.error)}`));
    });
    socket.on("close", () => {
      for (const { fail } of this.#asked.values()) fail(new Error("the inspector closed"));
    });
  }

  /** Megabytes in use now, garbage that has not been collected yet included. */
  async usedMb(): Promise<number> {
    const { usedSize, backingStorageSize } = Usage.parse(await this.#ask("Runtime.getHeapUsage"));
    return (usedSize + backingStorageSize) / 1024 ** 2;
  }

  async collect(): Promise<void> {
    await this.#ask("HeapProfiler.collectGarbage");
  }

  close(): void {
    this.#socket.close();
  }

  #ask(method: string): Promise<unknown> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((answer, fail) => {
      this.#asked.set(id, { answer, fail });
      this.#socket.send(JSON.stringify({ id, method, params: {} }));
    });
  }
}

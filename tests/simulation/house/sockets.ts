/** Two ends of a WebSocket in memory, as far as a lobby and a page use them. Frames arrive in order, a moment later. */
export class SocketEnd {
  readyState = 1;
  peer: SocketEnd | null = null;
  /** On the server's end: when the automatic answer was last given. */
  pingedAt: number | null = null;
  /** What came before somebody listened. */
  readonly #early: string[] = [];
  #listener: ((data: string) => void) | null = null;
  onclose: (code: number) => void = () => undefined;
  #attachment: unknown = null;

  set onmessage(listener: (data: string) => void) {
    this.#listener = listener;
    for (const data of this.#early.splice(0)) listener(data);
  }

  deliver(data: string): void {
    if (this.#listener === null) this.#early.push(data);
    else this.#listener(data);
  }

  send(data: string): void {
    if (this.readyState !== 1) throw new Error("the socket is closed");
    const { peer } = this;
    queueMicrotask(() => {
      if (peer !== null && peer.readyState === 1) peer.deliver(data);
    });
  }

  close(code = 1_000): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    const { peer } = this;
    if (peer === null || peer.readyState !== 1) return;
    peer.readyState = 2;
    queueMicrotask(() => {
      peer.onclose(code);
      peer.readyState = 3;
    });
  }

  serializeAttachment(value: unknown): void {
    this.#attachment = structuredClone(value);
  }

  deserializeAttachment(): unknown {
    return structuredClone(this.#attachment);
  }
}

export class SocketPair {
  readonly 0 = new SocketEnd();
  readonly 1 = new SocketEnd();

  constructor() {
    this[0].peer = this[1];
    this[1].peer = this[0];
  }
}

/** Node's Response knows no 101 and no socket. */
export class UpgradeResponse extends Response {
  override readonly webSocket: WebSocket | null;

  constructor(body?: BodyInit | null, init: ResponseInit & { webSocket?: SocketEnd } = {}) {
    super(body, init.status === 101 ? { ...init, status: 200 } : init);
    this.webSocket = init.webSocket ?? null;
    if (init.status === 101) Object.defineProperty(this, "status", { value: 101 });
  }
}

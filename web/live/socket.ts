/**
 * A live connection that comes back by itself: jittered backoff, at once when the browser is online or visible again,
 * and given up for dead when nothing has been heard for too long. Signs of life also follow arriving frames, because
 * timers of a hidden tab are slowed down.
 */
import { jittered } from "../api.ts";

export type LinkState = "connecting" | "open" | "waiting";

export interface LinkOptions {
  readonly path: string;
  readonly onOpen: () => void;
  readonly onFrame: (frame: unknown) => void;
  readonly onState: (state: LinkState) => void;
}

/** A "ping" this often is the sign of life: the platform answers it without waking the lobby, which reads when it did. */
const beatMs = 20_000;
const silenceMs = 45_000;
const longestPauseMs = 30_000;

export class Link {
  readonly #options: LinkOptions;
  #socket: WebSocket | null = null;
  #failures = 0;
  #heardAt = 0;
  #beatAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ended = false;
  readonly #pulse: ReturnType<typeof setInterval>;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#pulse = setInterval(() => this.#checkPulse(), 5000);
    addEventListener("online", this.#hurry);
    document.addEventListener("visibilitychange", this.#hurry);
    this.#connect();
  }

  get open(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  send(text: string): void {
    if (this.open) this.#socket?.send(text);
  }

  end(): void {
    this.#ended = true;
    clearInterval(this.#pulse);
    clearTimeout(this.#retry);
    removeEventListener("online", this.#hurry);
    document.removeEventListener("visibilitychange", this.#hurry);
    this.#socket?.close(1000);
    this.#socket = null;
  }

  readonly #hurry = (): void => {
    if (document.hidden || this.#socket !== null || this.#ended) return;
    clearTimeout(this.#retry);
    this.#connect();
  };

  #connect(): void {
    const url = new URL(this.#options.path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.#options.onState("connecting");
    const socket = new WebSocket(url, ["ticketping.v1"]);
    this.#socket = socket;
    this.#heardAt = Date.now();
    socket.onopen = () => {
      this.#heardAt = Date.now();
      this.#beat();
      this.#options.onState("open");
      this.#options.onOpen();
    };
    socket.onmessage = (event: MessageEvent<unknown>) => this.#hear(event.data);
    socket.onclose = () => this.#lost(socket);
  }

  #hear(data: unknown): void {
    this.#heardAt = Date.now();
    this.#failures = 0;
    if (Date.now() - this.#beatAt >= beatMs) this.#beat();
    if (typeof data !== "string" || data === "pong") return;
    let frame: unknown;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    this.#options.onFrame(frame);
  }

  #beat(): void {
    this.#beatAt = Date.now();
    this.send("ping");
  }

  #checkPulse(): void {
    const now = Date.now();
    const socket = this.#socket;
    if (socket === null) return;
    if (now - this.#heardAt > silenceMs) {
      socket.close();
      this.#lost(socket);
    } else if (this.open && now - this.#beatAt >= beatMs) this.#beat();
  }

  #lost(socket: WebSocket): void {
    if (this.#socket !== socket || this.#ended) return;
    this.#socket = null;
    const pause = jittered(Math.min(longestPauseMs, 1000 * 2 ** this.#failures));
    this.#failures += 1;
    this.#options.onState("waiting");
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), pause);
  }
}

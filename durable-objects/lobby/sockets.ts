/** Sockets of a lobby: what each carries through hibernation, and doing something with one that may be gone already. */
import { type ServerFrame, parseAttachment, type Attachment } from "./frames.ts";

const MESSAGES_MAX = 20;
const PER_MS = 10_000;

/** A browser says something every twenty seconds; who says more than this is closed. Memory only: an eviction forgives. */
export class MessageRates {
  readonly #rates = new WeakMap<WebSocket, { since: number; count: number }>();

  tooMany(socket: WebSocket, now: number): boolean {
    const rate = this.#rates.get(socket);
    if (rate === undefined || now - rate.since > PER_MS) {
      this.#rates.set(socket, { since: now, count: 1 });
      return false;
    }
    rate.count += 1;
    return rate.count > MESSAGES_MAX;
  }
}

export function attachmentOf(socket: WebSocket): Attachment | null {
  return parseAttachment(socket.deserializeAttachment());
}

export function attach(socket: WebSocket, attachment: Attachment): void {
  socket.serializeAttachment(attachment);
}

export function send(socket: WebSocket, frame: string): void {
  try {
    socket.send(frame);
  } catch {
    // Closed meanwhile: the person comes back with a new socket.
  }
}

export function close(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // Closed already.
  }
}

const SOCKETS_PER_MEMBER_MAX = 3;

/** Before a member opens one more: the oldest of the others are closed. */
export function makeRoom(others: readonly WebSocket[]): void {
  for (const oldest of others.slice(0, Math.max(0, others.length - SOCKETS_PER_MEMBER_MAX + 1)))
    close(oldest, 4_000, "too-many-connections");
}

/** To those who look at a date's seats. */
export function sendToWatchers(sockets: readonly WebSocket[], scheduleId: string, news: ServerFrame): void {
  const frame = JSON.stringify(news);
  for (const socket of sockets) if (attachmentOf(socket)?.scheduleId === scheduleId) send(socket, frame);
}

const PROTOCOL = "ticketping.v1";

/** The answer that hands the socket over. Of the protocols a client offers, a list, the one it can have is named. */
export function upgraded(webSocket: WebSocket, offered: string | null): Response {
  const headers = new Headers();
  if (offered?.split(",").some((name) => name.trim() === PROTOCOL)) headers.set("sec-websocket-protocol", PROTOCOL);
  return new Response(null, { status: 101, webSocket, headers });
}

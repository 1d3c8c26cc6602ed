/**
 * A ControlRoom object: one per performance. However many dashboards are open, the sale is asked once a second at most,
 * here, and the answer is pushed to all of them (decision 0028). While nobody looks it is asked every fifteen seconds, so
 * that who comes late sees the whole course of the day.
 */
import { DurableObject } from "cloudflare:workers";
import type { PerformanceContract, SeatSnapshot } from "../performance/contract.ts";
import type { ControlContract, ControlFrame, Sample } from "./contract.ts";
import { Guard } from "../guard.ts";
import { CallCounts } from "../performance/call-counts.ts";
import { errorFields, log } from "../log.ts";
import { parseSample, sampleOf, thinned, type Before } from "./samples.ts";

export interface ControlEnvironment {
  readonly PERFORMANCE: { getByName(name: string): Pick<PerformanceContract, "figures" | "seats"> };
}

const WATCHED_MS = 1_000;
const UNWATCHED_MS = 15_000;
/** Every so many ticks one of the seat maps that somebody looks at is asked for instead of the figures. */
const SEATS_EVERY = 4;
/** Samples are written this far apart; in between they are only pushed. */
const KEPT_MS = 5_000;
const HISTORY_MS = 12 * 3_600_000;
const HISTORY_SHOWN = 600;
const SOCKETS_MAX = 50;
/** A sign-in lasts half an hour: then the page has to show a new one. */
const SOCKET_LIFE_MS = 30 * 60_000;
/** After the sale is over the figures still move for a while: payments, refunds, the last events. */
const AFTERMATH_MS = 3_600_000;
const ANSWER_MS = 5_000;
const RETRY_MAX_MS = 30_000;

const SAMPLES = "create table if not exists samples (at integer primary key, body text not null)";

interface Attachment {
  readonly since: number;
  readonly scheduleId: string | null;
}

export class ControlRoom extends DurableObject<ControlEnvironment> implements ControlContract {
  readonly #performanceId: string;
  readonly #calls = new CallCounts();
  readonly #guard = new Guard(this.#calls);
  #samples: Sample[] = [];
  #before: Before | null = null;
  #keptAt = 0;
  #closedAt: number | null = null;
  #ticks = 0;
  #failures = 0;
  #seatsVersion = -1;
  #facts = { notice: null as string | null, openAt: 0, closeAt: 0 };
  /** What was sent of each schedule's seats: the version. */
  readonly #seatsSent = new Map<string, number>();

  constructor(ctx: DurableObjectState, env: ControlEnvironment) {
    super(ctx, env);
    this.#performanceId = ctx.id.name ?? "";
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    const { sql } = ctx.storage;
    sql.exec(SAMPLES);
    for (const { body } of sql.exec<{ body: string }>("select body from samples order by at")) {
      const sample = parseSample(body);
      if (sample !== null) this.#samples.push(sample);
    }
    this.#keptAt = this.#samples.at(-1)?.at ?? 0;
  }

  async keepFrom(at: number): Promise<void> {
    const planned = await this.ctx.storage.getAlarm();
    const wanted = Math.max(at, Date.now());
    if (planned === null || planned > wanted) await this.ctx.storage.setAlarm(wanted);
  }

  async empty(): Promise<void> {
    for (const socket of this.ctx.getWebSockets()) close(socket, 4_001, "performance-over");
    this.#samples = [];
    await this.ctx.storage.deleteAll();
    this.ctx.storage.sql.exec(SAMPLES);
  }

  /** A dashboard's socket. The edge has asked who it is. */
  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get("upgrade") !== "websocket") return new Response(null, { status: 400 });
    const others = this.ctx.getWebSockets();
    for (const oldest of others.slice(0, Math.max(0, others.length - SOCKETS_MAX + 1))) {
      close(oldest, 4_000, "too-many-connections");
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    attach(server, { since: Date.now(), scheduleId: null });
    // An object that has only just started does not know the notice and the times yet: its first tick tells all of it.
    if (this.#before !== null) sendText(server, JSON.stringify(this.#history()));
    await this.ctx.storage.setAlarm(Date.now());
    const headers = new Headers();
    const protocol = request.headers.get("sec-websocket-protocol");
    if (protocol !== null) headers.set("sec-websocket-protocol", protocol);
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const attachment = attachmentOf(socket);
    const wanted = parseWatch(message);
    if (attachment === null || wanted === null) return close(socket, 1_003, "not-understood");
    attach(socket, { ...attachment, scheduleId: wanted.scheduleId });
    // Whoever has just begun to look has no older version to build upon.
    if (wanted.scheduleId !== null) this.#seatsSent.delete(wanted.scheduleId);
  }

  override webSocketClose(socket: WebSocket): void {
    close(socket, 1_000, "");
  }

  override async alarm(): Promise<void> {
    this.#ticks += 1;
    try {
      const watched = this.#ticks % SEATS_EVERY === 0 ? this.#seatsDue() : null;
      if (watched === null) await this.#tick();
      else await this.#tellSeats(watched);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.#tell({ type: "silent" });
      log("warn", "control", "the sale does not answer", { performanceId: this.#performanceId, ...errorFields(error) });
    } finally {
      await this.#arm();
    }
  }

  async #tick(): Promise<void> {
    const asked = Date.now();
    const calls = this.#calls.take() ?? undefined;
    const figures = await this.#guard.ask("performance", ANSWER_MS, () => this.#performance().figures(calls));
    const { status } = figures;
    if (status.phase === "unpublished") return;
    const sample = sampleOf(figures, this.#before, Date.now() - asked);
    const first = this.#before === null;
    this.#before = { at: status.now, calls: figures.calls };
    this.#seatsVersion = status.seatsVersion;
    this.#closedAt = status.phase === "closed" ? (this.#closedAt ?? Date.now()) : null;
    this.#facts = { notice: status.notice, openAt: status.openAt, closeAt: status.closeAt };
    this.#keep(sample);
    this.#tell(first ? this.#history() : { type: "sample", sample, notice: status.notice });
  }

  #keep(sample: Sample): void {
    const last = this.#samples.at(-1);
    // In memory too only what is kept counts as history; the newest is replaced until it is old enough to stay.
    if (last !== undefined && last.at > this.#keptAt) this.#samples.pop();
    this.#samples.push(sample);
    if (sample.at - this.#keptAt < KEPT_MS) return;
    this.#keptAt = sample.at;
    const oldest = sample.at - HISTORY_MS;
    this.#samples = this.#samples.filter(({ at }) => at >= oldest);
    const { sql } = this.ctx.storage;
    sql.exec("insert or replace into samples (at, body) values (?, ?)", sample.at, JSON.stringify(sample));
    sql.exec("delete from samples where at < ?", oldest);
  }

  #history(): ControlFrame {
    return { type: "history", samples: thinned(this.#samples, HISTORY_SHOWN), ...this.#facts };
  }

  /** A schedule somebody looks at whose seats may have changed since they were sent. */
  #seatsDue(): string | null {
    const wanted = new Set(this.ctx.getWebSockets().flatMap((socket) => attachmentOf(socket)?.scheduleId ?? []));
    for (const scheduleId of wanted) if (this.#seatsSent.get(scheduleId) !== this.#seatsVersion) return scheduleId;
    return null;
  }

  async #tellSeats(scheduleId: string): Promise<void> {
    const version = this.#seatsVersion;
    const ask = (): Promise<SeatSnapshot | null> => this.#performance().seats(scheduleId);
    const snapshot = await this.#guard.ask("performance", ANSWER_MS, ask);
    this.#seatsSent.set(scheduleId, version);
    if (snapshot === null) return;
    const frame = JSON.stringify({ type: "seats", snapshot } satisfies ControlFrame);
    for (const socket of this.ctx.getWebSockets()) {
      if (attachmentOf(socket)?.scheduleId === scheduleId) sendText(socket, frame);
    }
  }

  #tell(frame: ControlFrame): void {
    const text = JSON.stringify(frame);
    for (const socket of this.ctx.getWebSockets()) {
      const since = attachmentOf(socket)?.since ?? 0;
      if (Date.now() - since > SOCKET_LIFE_MS) close(socket, 4_001, "sign-in-again");
      else sendText(socket, text);
    }
  }

  async #arm(): Promise<void> {
    const looked = this.ctx.getWebSockets().some(({ readyState }) => readyState === WebSocket.OPEN);
    const over = this.#closedAt !== null && Date.now() - this.#closedAt > AFTERMATH_MS;
    if (!looked && (over || this.#samples.length === 0)) return;
    const pause = looked ? WATCHED_MS : UNWATCHED_MS;
    await this.ctx.storage.setAlarm(Date.now() + Math.min(RETRY_MAX_MS, pause * 2 ** Math.min(this.#failures, 5)));
  }

  #performance(): ReturnType<ControlEnvironment["PERFORMANCE"]["getByName"]> {
    return this.env.PERFORMANCE.getByName(this.#performanceId);
  }
}

/** What a dashboard may ask for: the seats of a date, or of none. */
function parseWatch(message: string | ArrayBuffer): { readonly scheduleId: string | null } | null {
  if (typeof message !== "string" || message.length > 200) return null;
  try {
    const frame: unknown = JSON.parse(message);
    if (typeof frame !== "object" || frame === null || !("type" in frame) || frame.type !== "watch") return null;
    if (!("scheduleId" in frame) || frame.scheduleId === null) return { scheduleId: null };
    const { scheduleId } = frame;
    return typeof scheduleId === "string" && /^[0-9a-f-]{36}$/.test(scheduleId) ? { scheduleId } : null;
  } catch {
    return null;
  }
}

function attach(socket: WebSocket, attachment: Attachment): void {
  socket.serializeAttachment(attachment);
}

/** Read back as unknown: an older deploy may have written it. */
function attachmentOf(socket: WebSocket): Attachment | null {
  const value: unknown = socket.deserializeAttachment();
  if (typeof value !== "object" || value === null || !("since" in value) || typeof value.since !== "number")
    return null;
  const scheduleId = "scheduleId" in value && typeof value.scheduleId === "string" ? value.scheduleId : null;
  return { since: value.since, scheduleId };
}

function sendText(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // Closed meanwhile: the page comes back with a new socket.
  }
}

function close(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // Closed already.
  }
}

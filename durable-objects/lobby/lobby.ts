/**
 * A Lobby object: where one shard of a performance's audience stands. Sockets and polls end here; commands leave in batches
 * (courier.ts), signs of life coalesced (presence.ts), news arrive once and fan out. It stores nothing that matters: if it
 * dies, sockets reconnect, joining is idempotent, and nobody loses a place.
 */
import { DurableObject } from "cloudflare:workers";
import type {
  Command,
  DrawView,
  PerformanceContract,
  PersonalNews,
  PresenceReport,
  Reply,
  ScheduleView,
  SeatDelta,
  Standing,
  StatusFrame,
} from "../performance/contract.ts";
import { Alarm } from "../alarm.ts";
import { Guard } from "../guard.ts";
import { parseLobbyName, type JoinReply, type LobbyContract, type QueueState, type SeatsReply } from "./contract.ts";
import { Copies } from "./copies.ts";
import { Courier } from "./courier.ts";
import { parseFrame, type ServerFrame, versionFrame } from "./frames.ts";
import { Gauge } from "./gauge.ts";
import { CLOSED_LEASE_SECONDS, POLL_SLACK_SECONDS, Presence, SOCKET_LEASE_SECONDS } from "./presence.ts";
import { pause } from "./pause.ts";
import { Places } from "./places.ts";
import { laneOf, queueStateOf } from "./queue-state.ts";
import { Rush } from "./rush.ts";
import { nextTick } from "./ticks.ts";
import { NOBODY, Standings } from "./standings.ts";
import { attach, attachmentOf, close, makeRoom, MessageRates, send, sendToWatchers, upgraded } from "./sockets.ts";

export interface LobbyEnvironment {
  readonly PERFORMANCE: {
    getByName(
      name: string,
    ): Pick<PerformanceContract, "execute" | "facts" | "schedule" | "seats" | "draw" | "drawSegment">;
  };
}

/** Without sockets, ticks go on this long after the last poll. */
const POLLERS_MS = 60_000;
const CHUNK = 500;
/** After a restart people reconnect within this time. */
const RECONNECT_MS = 10_000;
/** For what is read; batches have a patience of their own (courier.ts). */
const ANSWER_MS = 10_000;

export class Lobby extends DurableObject<LobbyEnvironment> implements LobbyContract {
  readonly #performanceId: string;
  readonly #role: "queue" | "booking";
  readonly #courier: Courier;
  readonly #presence = new Presence();
  readonly #gauge = new Gauge();
  readonly #guard = new Guard(this.#gauge.calls);
  readonly #standings = new Standings();
  readonly #copies = new Copies((ask) => this.#guard.ask("performance", ANSWER_MS, () => ask(this.#performance())));
  readonly #rates = new MessageRates();
  readonly #places = new Places();
  readonly #rush = new Rush();
  #status: StatusFrame | null = null;
  #objectIncarnation = 0;
  #fullReport = false;
  readonly #bornAt = Date.now();
  #placesDrawn = false;
  #learning: Promise<void> | null = null;
  #livelyAt = 0;
  #lobbies = 1;
  #polledAt = 0;
  readonly #alarm: Alarm;

  constructor(ctx: DurableObjectState, env: LobbyEnvironment) {
    super(ctx, env);
    this.#alarm = new Alarm(ctx.storage);
    const address = parseLobbyName(ctx.id.name ?? "");
    if (address === null) throw new Error("a lobby is addressed by performance, role and index");
    this.#performanceId = address.performanceId;
    this.#role = address.role;
    this.#courier = new Courier({
      performanceId: address.performanceId,
      address: { role: address.role, index: address.index },
      lobbies: () => this.#lobbies,
      call: (batch) => this.#performance().execute(batch),
      now: Date.now,
      pause,
      random: Math.random,
      presence: () => this.#takePresence(),
      report: () => this.#gauge.take(() => this.ctx.getWebSockets().length, Date.now()),
      gauge: this.#gauge,
      onReply: (incarnation, status) => this.#newReply(incarnation, status),
    });
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    void ctx.blockConcurrencyWhile(() => this.#alarm.learn());
  }

  async submit(command: Command): Promise<Reply | null> {
    const reply = await this.#courier.submit(command, true);
    if (command.kind === "leave" && reply?.ok === true) await this.#tellOfLeaving(command.entry);
    return reply;
  }

  async join(entry: string): Promise<JoinReply | null> {
    if (this.#status === null) await this.#learn();
    const reply = await this.#courier.join(entry);
    if (reply === null || !reply.ok) return reply;
    const number = reply.kind === "joined" ? reply.numbers[0] : undefined;
    const lane = reply.kind === "joined" ? (reply.lanes?.[0] ?? 0) : 0;
    const status = this.#status;
    if (number === undefined || status === null) return null;
    const known = this.#standings.get(entry);
    // The push of an immediate admission may have overtaken this answer: then it is the newer one.
    if (known?.number !== number) this.#remember(entry, { state: "waiting", number, place: null, lane, until: null });
    await this.#askUnlessKnown(entry);
    const state = this.#stateOf(entry, status);
    this.#polled(state);
    const connectAfterMs = this.#rush.connectAfterMs(state.pollAfterSeconds, Date.now(), Math.random());
    return { ok: true, number, state, connectAfterMs };
  }

  async look(entry: string): Promise<QueueState | null> {
    if (this.#status === null) await this.#learn();
    await this.#askUnlessKnown(entry);
    const status = this.#status;
    if (status === null || !this.#standings.has(entry)) return null;
    const state = this.#stateOf(entry, status);
    this.#polled(state);
    return state;
  }

  schedule(scheduleId: string, chart?: number): Promise<ScheduleView | null> {
    return this.#copies.schedule(scheduleId, Date.now(), chart);
  }

  async seats(scheduleId: string, entry: string): Promise<SeatsReply | null> {
    const reply = await this.#courier.submit({ kind: "look", entry }, true);
    if (reply === null || !reply.ok) return reply;
    if (reply.kind !== "standing" || reply.standing.state !== "entered") {
      return { ok: false, refusal: { code: "session-ended" } };
    }
    const snapshot = await this.#copies.seats(scheduleId, Date.now());
    return snapshot === null ? { ok: false, refusal: { code: "unknown-schedule" } } : { ok: true, snapshot };
  }

  draw(): Promise<DrawView | null> {
    return this.#copies.draw(Date.now());
  }

  drawSegment(index: number): Promise<Uint8Array | null> {
    return this.#copies.segment(index);
  }

  async news(list: readonly PersonalNews[]): Promise<void> {
    this.#livelyAt = Date.now();
    // Awake after an eviction: without a status there is nothing to show yet.
    if (this.#status === null) await this.#learn();
    for (const { entry, standing } of list) {
      const sockets = this.ctx.getWebSockets(entry);
      if (sockets.length > 0 || this.#standings.has(entry)) this.#remember(entry, standing);
      for (const socket of sockets) this.#sendState(socket, entry);
    }
  }

  seatNews(deltas: readonly SeatDelta[]): Promise<void> {
    for (const delta of deltas) {
      this.#copies.seatsChanged(delta);
      sendToWatchers(this.ctx.getWebSockets(), delta.scheduleId, { type: "seats", ...delta });
    }
    return Promise.resolve();
  }

  async empty(): Promise<void> {
    for (const socket of this.ctx.getWebSockets()) close(socket, 4_001, "performance-over");
    this.#alarm.over();
    this.#polledAt = 0;
    await this.ctx.storage.deleteAll();
  }

  /** A WebSocket upgrade, already authenticated by the edge, which says whose it is. */
  override async fetch(request: Request): Promise<Response> {
    const entry = request.headers.get("x-lobby-entry");
    if (entry === null || request.headers.get("upgrade") !== "websocket") return new Response(null, { status: 400 });
    makeRoom(this.ctx.getWebSockets(entry));
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [entry]);
    const booking = request.headers.get("x-lobby-booking") === "1";
    attach(server, { entry, booking, scheduleId: null, seenAt: Date.now() });
    if (this.#status === null) await this.#learn();
    await this.#askUnlessKnown(entry);
    this.#sendState(server, entry);
    this.#sign(entry);
    await this.#armTick();
    return upgraded(client, request.headers.get("sec-websocket-protocol"));
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const attachment = attachmentOf(socket);
    const frame = parseFrame(message);
    if (attachment === null || frame === null) return close(socket, 1_003, "not-understood");
    if (this.#rates.tooMany(socket, Date.now())) return close(socket, 1_008, "too-many-messages");
    attach(socket, {
      ...attachment,
      seenAt: Date.now(),
      scheduleId: frame.type === "watch" && attachment.booking ? frame.scheduleId : attachment.scheduleId,
    });
    this.#sign(attachment.entry);
    if (frame.type === "watch" && attachment.booking) this.ctx.waitUntil(this.#tellVersion(socket, frame.scheduleId));
    this.ctx.waitUntil(this.#armTick());
  }

  override webSocketClose(socket: WebSocket): void {
    // The platform answers the close of other sockets; a hibernating one waits for us, and its client for half a minute.
    close(socket, 1_000, "");
    const attachment = attachmentOf(socket);
    if (attachment === null || this.#role !== "queue") return;
    const open = this.ctx.getWebSockets(attachment.entry).some((other) => other !== socket && other.readyState === 1);
    const number = this.#standings.get(attachment.entry)?.number;
    if (!open && number !== undefined && number !== null)
      this.#presence.lease(number, CLOSED_LEASE_SECONDS, Date.now());
  }

  override webSocketError(socket: WebSocket): void {
    this.webSocketClose(socket);
  }

  /** One tick: report presence, learn the status, repair what a lost push left behind, tell everybody. */
  override async alarm(): Promise<void> {
    this.#alarm.over();
    try {
      const before = JSON.stringify(this.#status?.ahead);
      const sockets = this.ctx.getWebSockets();
      if (this.#role === "queue") for (const socket of sockets) this.#signOfLife(socket);
      await this.#courier.tick();
      if (JSON.stringify(this.#status?.ahead) !== before) this.#livelyAt = Date.now();
      await this.#repair(sockets);
      await this.#broadcast(sockets);
    } finally {
      await this.#armTick();
    }
  }

  /** What changed between a page's snapshot and its watching is no delta of its own: the version shows the gap. */
  async #tellVersion(socket: WebSocket, scheduleId: string): Promise<void> {
    const snapshot = await this.#copies.seats(scheduleId, Date.now());
    if (snapshot !== null) send(socket, versionFrame(snapshot));
  }

  #performance(): ReturnType<LobbyEnvironment["PERFORMANCE"]["getByName"]> {
    return this.env.PERFORMANCE.getByName(this.#performanceId);
  }

  /** Once for everybody: a cold lobby is woken by a crowd, and the object must not hear of each of them. */
  #learn(): Promise<void> {
    this.#learning ??= this.#askFacts().finally(() => (this.#learning = null));
    return this.#learning;
  }

  async #askFacts(): Promise<void> {
    const facts = await this.#guard.ask("performance", ANSWER_MS, () => this.#performance().facts());
    this.#lobbies = this.#role === "queue" ? facts.lobbies : facts.bookingLobbies;
    await this.#courier.tick();
  }

  #takePresence(): PresenceReport | null {
    const full = this.#fullReport;
    this.#fullReport = false;
    return this.#presence.take(Date.now(), full);
  }

  #newReply(incarnation: number, status: StatusFrame): void {
    if (incarnation !== this.#objectIncarnation) {
      this.#objectIncarnation = incarnation;
      // A lobby that has only just started knows nobody yet: saying so would count as having reported everybody.
      this.#fullReport = Date.now() - this.#bornAt > RECONNECT_MS || this.ctx.getWebSockets().length > 0;
      if (this.#role === "queue") {
        for (const socket of this.ctx.getWebSockets()) this.#signOfLife(socket);
        this.ctx.waitUntil(this.#courier.tick());
      }
    }
    if (this.#status !== null && this.#status.phase !== status.phase) this.#livelyAt = Date.now();
    this.#status = status;
    // The order is drawn: everybody's place follows from the seed, without asking the object for each of them.
    if (this.#places.learn(status)) this.#placesDrawn = true;
  }

  async #ask(entry: string): Promise<void> {
    const reply = await this.#courier.submit({ kind: "look", entry }, false);
    if (reply?.ok === true && reply.kind === "standing") this.#remember(entry, reply.standing);
  }

  /** Other tabs of somebody who has left would show the place until the front has passed it. */
  async #tellOfLeaving(entry: string): Promise<void> {
    if (!this.#standings.has(entry) && this.ctx.getWebSockets(entry).length === 0) return;
    await this.#ask(entry);
    for (const socket of this.ctx.getWebSockets(entry)) this.#sendState(socket, entry);
  }

  /** Who has just joined is known here: the object need not hear of everybody's socket and poll, too. */
  async #askUnlessKnown(entry: string): Promise<void> {
    if (this.#mayBeStale(this.#standings.get(entry) ?? NOBODY)) await this.#ask(entry);
  }

  #remember(entry: string, standing: Standing): void {
    if (!this.#standings.keep(entry, standing, this.#objectIncarnation)) return;
    this.#gauge.stands(entry, standing.state, Date.now());
  }

  /** Something must have happened to somebody the front has passed, or whose time has come: a push may have been lost. */
  #mayBeStale(standing: Standing): boolean {
    if (standing.state === "none" || standing.state === "ended" || standing.state === "passed-over") return true;
    if (standing.until !== null) return standing.until <= Date.now();
    const place = this.#placeOf(standing);
    return place !== null && this.#status !== null && place < laneOf(standing, this.#status).front;
  }

  /** The place as of now: before the draw nobody who takes part has one, after it the seed says it. */
  #placeOf(standing: Standing): number | null {
    return standing.number === null || this.#status === null ? null : this.#places.of(standing.number, this.#status);
  }

  #stateOf(entry: string, status: StatusFrame): QueueState {
    const standing = this.#standings.get(entry) ?? NOBODY;
    const state = queueStateOf({ ...standing, place: this.#placeOf(standing) }, status, Date.now());
    this.#gauge.told(entry, state, Date.now());
    return state;
  }

  /** Nothing of somebody the object could not be asked about: a page would take it that they have left. */
  #sendState(socket: WebSocket, entry: string): void {
    if (this.#status === null || !this.#standings.has(entry)) return;
    send(socket, JSON.stringify({ type: "state", ...this.#stateOf(entry, this.#status) } satisfies ServerFrame));
  }

  #sign(entry: string): void {
    const number = this.#standings.get(entry)?.number;
    if (this.#role === "queue" && number !== undefined && number !== null) this.#presence.alive(number, Date.now());
  }

  #signOfLife(socket: WebSocket): void {
    const attachment = attachmentOf(socket);
    if (attachment === null) return;
    const ponged = this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0;
    if (Date.now() - Math.max(attachment.seenAt, ponged) < SOCKET_LEASE_SECONDS * 1_000) this.#sign(attachment.entry);
  }

  async #repair(sockets: readonly WebSocket[]): Promise<void> {
    const entries = new Set<string>();
    for (const socket of sockets) {
      const entry = attachmentOf(socket)?.entry;
      if (entry === undefined) continue;
      const standing = this.#standings.get(entry);
      const gone = standing?.state === "none" || standing?.state === "ended";
      if (standing === undefined || (!gone && this.#mayBeStale(standing))) entries.add(entry);
    }
    await Promise.all(
      Array.from(entries, async (entry) => {
        const before = JSON.stringify(this.#standings.get(entry));
        await this.#ask(entry);
        this.#sign(entry);
        if (JSON.stringify(this.#standings.get(entry)) === before) return;
        for (const socket of this.ctx.getWebSockets(entry)) this.#sendState(socket, entry);
      }),
    );
  }

  async #broadcast(sockets: readonly WebSocket[]): Promise<void> {
    if (this.#status === null) return;
    const drawn = this.#placesDrawn; // just now: everybody is told their own place instead
    this.#placesDrawn = false;
    const frame = JSON.stringify({ type: "status", status: this.#status } satisfies ServerFrame);
    for (let from = 0; from < sockets.length; from += CHUNK) {
      for (const socket of sockets.slice(from, from + CHUNK)) {
        const entry = drawn ? attachmentOf(socket)?.entry : undefined;
        if (entry === undefined || !this.#standings.has(entry)) send(socket, frame);
        else this.#sendState(socket, entry);
      }
      // Personal news go first: between chunks whatever arrived is let in.
      if (from + CHUNK < sockets.length) await pause(0).over;
    }
  }

  /** A sign of life until the next poll. */
  #polled({ number, pollAfterSeconds }: QueueState): void {
    this.#polledAt = Date.now();
    if (number !== null) this.#presence.lease(number, pollAfterSeconds + POLL_SLACK_SECONDS, this.#polledAt);
    this.ctx.waitUntil(this.#armTick());
  }

  async #armTick(): Promise<void> {
    const now = Date.now();
    // After one that was lost nobody would be told anything until somebody arms it again.
    if (this.#alarm.comes(now)) return;
    if (this.ctx.getWebSockets().length === 0 && now - this.#polledAt > POLLERS_MS) return;
    await this.#alarm.set(nextTick(now, this.#livelyAt, this.#status));
  }
}

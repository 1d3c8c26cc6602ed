/**
 * A whole house in one process and one seed: the edge's own routes, both object classes, the payment client and the provider's
 * sandbox, on a virtual clock. Fans come in by HTTP and WebSocket only; between the parts calls get lost, hang and die.
 */
import { generateKeyPairSync } from "node:crypto";
import type { LogFields } from "../../../durable-objects/log.ts";
import { Lobby } from "../../../durable-objects/lobby/lobby.ts";
import { lobbyName } from "../../../durable-objects/lobby/contract.ts";
import type {
  Figures,
  Order,
  OperatorAction,
  PerformanceContract,
} from "../../../durable-objects/performance/contract.ts";
import type { EventEnvelope } from "../../../durable-objects/performance/events.ts";
import { Performance } from "../../../durable-objects/performance/performance.ts";
import { load } from "../../../durable-objects/performance/storage/load.ts";
import { rows, text } from "../../../durable-objects/performance/storage/sql.ts";
import { gridChart } from "../../../dev/demo/halls.ts";
import { createApp } from "../../../workers/edge/app.ts";
import { keySet } from "../../../workers/edge/auth/keys.ts";
import { signAccess } from "../../../workers/edge/auth/session.ts";
import { Payments } from "../../../workers/payments/entrypoint.ts";
import { History as Promises } from "../../chaos/history.ts";
import { publishRequest, SCHEDULE_ID } from "../charts.ts";
import { History } from "../history.ts";
import { checkState } from "../invariants.ts";
import { seeded, type Random } from "../random.ts";
import { SimulatedRecords } from "../records.ts";
import { must, Violation } from "../violation.ts";
import type { Length } from "../world.ts";
import { Guest, type Answer, type Doors } from "./guest.ts";
import { plainCopy } from "./plain.ts";
import { Platform } from "./platform.ts";
import { SandboxProvider, TOSS_URL } from "./provider.ts";
import { SocketPair, UpgradeResponse, type SocketEnd } from "./sockets.ts";
import { Time } from "./time.ts";

const START = Date.UTC(2026, 10, 22);
const ORIGIN = "https://ticketping.test";
const PEOPLE = 50;
const LOBBIES = 2;
const SHOW_UP_SECONDS = 20;
/** A page says that it is still there this often. */
const PING_MS = 15_000;
const STATE_CHECK_EVERY = 20;
/** Of the time to transfer, which is ten minutes, a buyer takes a small part. */
const DEPOSIT_MINUTES = 10;
const BANK_FIRST_MS = 2_000;
const BANK_LONGER_MS = 90_000;

const unlimited = { limit: () => Promise.resolve({ success: true }) };
let houses = 0;
const app = createApp();
const SESSION_KEYS = newKeys("sessions");
const SECRETS = { SESSION_KEYS, PASS_KEYS: newKeys("passes"), TICKET_KEYS: newKeys("tickets") };

export class House {
  readonly history = new History(START);
  readonly platform: Platform;
  readonly provider: SandboxProvider;
  readonly records: SimulatedRecords;
  readonly met = { clockSteps: 0, requests: 0, notifications: 0 };
  readonly #random: Random;
  readonly #time = new Time(START);
  readonly promises = new Promises(() => this.#time.latest);
  readonly #tick: number;
  readonly #id: string;
  readonly #ratePerMinute: number;
  readonly #env: Record<string, unknown>;
  #guests: readonly Guest[] = [];
  #steps = 0;
  #failure: unknown = null;

  constructor(seed: number, length: Length) {
    this.#random = seeded(seed);
    // The edge remembers performances for the life of its process: no two houses may be the same one.
    this.#id = `${String(++houses).padStart(8, "0")}-0000-4000-8000-000000000001`;
    this.#tick = Math.max(1, ((length.minutes / 3) * 60_000) / length.steps);
    this.records = new SimulatedRecords(seeded(seed + 3));
    this.#ratePerMinute = 10 + this.#random.below(50);
    const bindings = {
      ...SECRETS,
      ...{ DATABASE_URL: "postgres://nobody@records.invalid/none", NEON_HTTP_ENDPOINT: "http://records.invalid/sql" },
      ...{ ALLOWED_ORIGINS: "", BEACON_URLS: "" },
      ...{ PAYMENTS_MODE: "sandbox", TOSS_API_URL: TOSS_URL, TOSS_SDK_URL: TOSS_URL },
      ...{ TOSS_CLIENT_KEY: "test_ck_house", TOSS_SECRET_KEY: "test_sk_house" },
      ...{ RATE_MEMBER: unlimited, RATE_ADDRESS: unlimited, RATE_ACCOUNT: unlimited, RATE_SIGN_IN: unlimited },
      EVENTS: { sendBatch: (messages: Iterable<{ body: EventEnvelope }>) => this.#queue(messages) },
    };
    this.provider = new SandboxProvider(this.#time, seeded(seed + 2), bindings.TOSS_SECRET_KEY);
    const makers = {
      PERFORMANCE: (ctx: unknown, env: unknown) => new Performance(ctx as never, env as never),
      LOBBY: (ctx: unknown, env: unknown) => new Lobby(ctx as never, env as never),
      PAYMENTS: (ctx: unknown, env: unknown) => new Payments(ctx as never, env as never),
    };
    this.platform = new Platform(this.#time, seeded(seed + 5), makers, bindings);
    this.#env = {
      ...bindings,
      PERFORMANCE: this.platform.namespace("PERFORMANCE"),
      LOBBY: this.platform.namespace("LOBBY"),
    };
    this.#time.install(
      seeded(seed + 1),
      {
        fetch: (input: URL, init: RequestInit) => this.provider.fetch(input, init),
        Response: UpgradeResponse,
        WebSocketPair: SocketPair,
        WebSocketRequestResponsePair: Object,
      },
      (line) => this.#noteError(line),
    );
  }

  async open(): Promise<void> {
    const random = this.#random;
    const chart = gridChart(2 + random.below(4), 4 + random.below(6));
    const capacity = 2 + random.below(6);
    const settings = {
      ...{ openAt: START, closeAt: START + 86_400_000, capacity, ratePerMinute: this.#ratePerMinute },
      ...{ showUpSeconds: SHOW_UP_SECONDS, bookingSeconds: 60 + random.below(60), holdSeconds: 30 + random.below(30) },
      ...{
        paymentSeconds: 40 + random.below(60),
        depositMinutes: DEPOSIT_MINUTES,
        absenceGraceSeconds: 120,
        rejoinSeconds: 0,
        lobbies: LOBBIES,
      },
    };
    this.platform.calm = true;
    const reply = await this.#inTime(
      this.#object().publish({ ...publishRequest(settings, chart), performanceId: this.#id }),
    );
    must(reply.ok, "the house could not be opened");
    const keys = await keySet(SESSION_KEYS);
    const doors: Doors = {
      ...{ sale: this.#id, scheduleId: SCHEDULE_ID, capacity, showUpSeconds: SHOW_UP_SECONDS, random },
      seats: chart.sections.flatMap((section) => section.rows.flatMap((row) => row.seats.map((seat) => seat.id))),
      history: this.promises,
      now: () => this.#time.latest,
      request: (call, init) => this.#request(call, init),
      connect: (token) => this.#connect(token),
      agree: (checkout) => this.provider.agree(checkout),
      transfer: (providerOrderId) => this.#transfer(providerOrderId),
      others: () => this.#guests,
      note: (what) => this.history.note(this.#time.now, what),
    };
    const guests: Guest[] = [];
    for (let index = 0; index < PEOPLE; index++) {
      const id = `${String(index).padStart(8, "0")}-0000-4000-8000-000000000000`;
      const token = await signAccess(keys, { id, role: "member", nickname: "관객" }, this.#time.now);
      guests.push(new Guest(id, token, doors));
    }
    this.#guests = guests;
    // Whatever is kept from the first request on is kept from here on, in every house alike.
    await this.#inTime(guests[0]?.act() ?? Promise.resolve());
    this.platform.calm = false;
    this.#ping();
  }

  async step(): Promise<void> {
    const random = this.#random;
    const dice = random.next();
    if (dice < 0.7) this.#start(this.#somebody().act());
    else if (dice < 0.9) await this.#time.advance(random.below(this.#tick * 8));
    else if (dice < 0.97) this.#deliver();
    else await this.#trouble();
    await this.#time.drain();
    this.#check();
  }

  /** Mostly somebody whose turn it is: the others only wait. */
  #somebody(): Guest {
    const busy = this.#guests.filter((guest) => !guest.busy && guest.booking);
    return busy.length > 0 && this.#random.chance(0.6) ? this.#random.pick(busy) : this.#random.pick(this.#guests);
  }

  async settle(): Promise<void> {
    this.platform.calm = true;
    this.provider.calm = true;
    this.records.calm = true;
    this.#start(this.#operate({ do: "resume" }));
    for (let minute = 0; minute < 14; minute++) {
      for (const guest of this.#guests) this.#start(guest.stayThere());
      await this.#time.advance(60_000);
      this.#start(this.#object().poke());
      this.#deliver();
      await this.#time.drain();
      this.#check();
    }
    await this.#checkAtRest();
  }

  close(): void {
    this.#time.uninstall();
    this.platform.close();
    this.provider.close();
  }

  async #trouble(): Promise<void> {
    const random = this.#random;
    const dice = random.next();
    const [kind, name] = random.chance(0.5)
      ? ["PERFORMANCE", this.#id]
      : ["LOBBY", lobbyName(this.#id, random.chance(0.7) ? "queue" : "booking", random.below(LOBBIES))];
    if (dice < 0.25) this.platform.kill(kind ?? "", name ?? "", false);
    else if (dice < 0.5) this.platform.kill(kind ?? "", name ?? "", true);
    else if (dice < 0.6) this.provider.away = !this.provider.away;
    else if (dice < 0.7) this.records.away = !this.records.away;
    else if (dice < 0.75) {
      this.met.clockSteps += 1;
      this.#time.stepBack(random.below(5_000));
    } else {
      const actions: readonly OperatorAction[] = [
        { do: "pause" },
        { do: "resume" },
        { do: "resume" },
        { do: "resume" },
        { do: "resume" },
        { do: "notice", text: "잠시만 기다려 주세요" },
        { do: "revoke-all" },
      ];
      this.#start(this.#operate(random.pick(actions)));
    }
    this.history.note(this.#time.now, `trouble ${dice.toFixed(2)} ${kind} ${name?.slice(37)}`);
  }

  #operate(action: OperatorAction): Promise<unknown> {
    const commands = [{ kind: "operate", operator: "operator", action } as const];
    return this.#object().execute({ lobby: null, incarnation: 0, sequence: 0, commands });
  }

  #object(): PerformanceContract {
    return this.platform.namespace("PERFORMANCE").getByName(this.#id) as PerformanceContract;
  }

  async #request(call: string, init: Parameters<Doors["request"]>[1]): Promise<Answer> {
    this.met.requests += 1;
    const [method = "", path = ""] = call.split(" ");
    const headers = new Headers({ authorization: `Bearer ${init.token}`, ...init.headers });
    const body = init.body === undefined ? null : JSON.stringify(init.body);
    if (body !== null) headers.set("content-type", "application/json");
    const response = await this.#fetch(new Request(`${ORIGIN}${path}`, { method, headers, body }));
    const said = await response.text();
    return { status: response.status, body: said === "" ? {} : (JSON.parse(said) as Record<string, unknown>) };
  }

  async #connect(token: string): Promise<SocketEnd | null> {
    const headers = { upgrade: "websocket", "sec-websocket-protocol": `ticketping.v1, bearer.${token}` };
    const response = await this.#fetch(new Request(`${ORIGIN}/api/performances/${this.#id}/live`, { headers }));
    return response instanceof UpgradeResponse ? (response.webSocket as unknown as SocketEnd | null) : null;
  }

  async #fetch(request: Request): Promise<Response> {
    const context = {
      waitUntil: (work: Promise<unknown>) => void work.catch(() => undefined),
      passThroughOnException: () => undefined,
    };
    return app.fetch(request, this.#env, context as never);
  }

  /** The bank takes its time, and tells of the deposit once, twice, or not at all: then the object has to ask. */
  #transfer(providerOrderId: string): void {
    const random = this.#random;
    this.#time.at(this.#time.now + BANK_FIRST_MS + random.below(BANK_LONGER_MS), () => {
      const body = this.provider.deposit(providerOrderId);
      if (body === null) return;
      for (let times = random.below(3); times > 0; times--) {
        this.met.notifications += 1;
        this.#start(this.#request("POST /api/webhooks/toss", { token: "", body }));
      }
    });
  }

  #queue(messages: Iterable<{ body: EventEnvelope }>): Promise<void> {
    if (!this.platform.calm && this.#random.chance(0.05)) return Promise.reject(new Error("the queue is away"));
    this.records.send(Array.from(messages, ({ body }) => plainCopy(body)));
    return Promise.resolve();
  }

  #deliver(): void {
    const numbers = this.records.deliver();
    if (numbers.length > 0)
      this.#start(
        this.#object()
          .applied(numbers)
          .catch(() => undefined),
      );
  }

  #ping(): void {
    for (const { socket } of this.#guests) if (socket?.readyState === 1) socket.send("ping");
    this.#time.at(this.#time.now + PING_MS, () => this.#ping());
  }

  /** Something that goes on by itself; what it may never do is kept for the next check. */
  #start(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (error instanceof Violation || !isPassing(error)) this.#failure ??= error;
    });
  }

  async #inTime<Result>(work: Promise<Result>): Promise<Result> {
    const progress = { done: false };
    const finished = work.finally(() => (progress.done = true));
    finished.catch(() => undefined);
    for (let tries = 0; !progress.done && tries < 1_000; tries++) {
      await this.#time.drain();
      if (!progress.done) await this.#time.advance(50);
    }
    return finished;
  }

  #check(): void {
    if (this.#failure !== null) throw this.#failure;
    const [broken] = this.promises.broken;
    if (broken !== undefined) throw new Violation(broken);
    this.#steps += 1;
    if (this.#steps % STATE_CHECK_EVERY === 0) this.#checkStored();
  }

  /** What storage holds is a state like any other. */
  #checkStored(): ReadonlyMap<string, Order> {
    const { sql } = this.platform.storageOf("PERFORMANCE", this.#id);
    const orders = new Map(
      rows(sql, "SELECT id, body FROM orders").map((row) => [text(row, "id"), JSON.parse(text(row, "body")) as Order]),
    );
    checkState(load(sql, this.#id, this.#time.now), orders);
    return orders;
  }

  async #checkAtRest(): Promise<void> {
    const figures = await this.#inTime<Figures>(this.#object().figures());
    const orders = this.#checkStored();
    must(figures.outboxDepth === 0, `${figures.outboxDepth} events were never applied`);
    const books = this.provider.books.totals(this.#time.now).byOrder;
    for (const order of orders.values()) {
      must(
        !["pending", "paying", "awaiting-deposit", "cancelling"].includes(order.status),
        `order ${order.id} is stuck ${order.status}`,
      );
      must(this.records.orders.get(order.id)?.version === order.version, `order ${order.id} differs in the records`);
      let kept = 0;
      for (const [name, { captured, refunded }] of Object.entries(books))
        if (name.startsWith(`${order.id}-`)) kept += captured - refunded;
      const owed = order.status === "paid" ? order.amount : 0;
      must(kept === owed, `order ${order.id} is ${order.status}: the provider keeps ${kept}, owed is ${owed}`);
    }
    for (const told of this.promises.orders.values()) {
      const order = orders.get(told.id);
      must(order !== undefined, `order ${told.id} was acknowledged and is gone`);
      must(order.amount === told.amount, `order ${told.id} has another price than was told`);
      must(
        !told.paid || told.cancelAsked || order.status === "paid",
        `order ${told.id} was paid and is ${order.status}`,
      );
      must(!told.cancelled || order.status === "cancelled", `order ${told.id} was cancelled and is ${order.status}`);
    }
    this.promises.checkSeats();
    // Who was overtaken is asked of the object alone and under chaos: here signs of life get lost on their way, rightly unnoticed.
    this.promises.check(this.#id, this.#ratePerMinute, () => true);
    this.#checkLine(figures);
    const [broken] = this.promises.broken;
    if (broken !== undefined) throw new Violation(broken);
  }

  /** Whoever is still there has been let in, as long as there was anything to come in for. */
  #checkLine({ status }: Figures): void {
    must(status.joined > this.promises.highestNumber(this.#id), "an acknowledged join is missing");
    if (status.phase !== "open") return;
    for (const guest of this.#guests) {
      const { wait, socket, state, member } = guest;
      if (wait === null || socket?.readyState !== 1 || state !== "waiting") continue;
      throw new Violation(`${member} waits at number ${wait.number}, and nobody is let in`);
    }
  }

  #noteError(line: string): void {
    const { at, message, error, cause } = JSON.parse(line) as Readonly<Record<"at" | "message", string>> & LogFields;
    const said = `${at}: ${message} ${error ?? ""} ${cause ?? ""}`.trim();
    // Nothing here damages what is stored.
    if (at.startsWith("performance rule") || at === "performance storage" || at === "edge")
      this.#failure ??= new Violation(said);
    this.history.note(this.#time.now, `error ${said.slice(0, 150)}`);
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof Error && "retryable" in error;
}

function newKeys(kid: string): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { kty, crv, x, d } = privateKey.export({ format: "jwk" });
  return JSON.stringify({ keys: [{ kty, crv, kid, x, d }] });
}

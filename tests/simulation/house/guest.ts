/**
 * A fan in front of the whole house: HTTP requests to the edge and a WebSocket to the lobby, one thing after the other as far as
 * they know how it stands; impatient (the same request twice) and malicious now and then.
 */
import type { History, Wait } from "../../chaos/history.ts";
import type { Random } from "../random.ts";
import { must } from "../violation.ts";
import type { Checkout } from "./provider.ts";
import type { SocketEnd } from "./sockets.ts";

export interface Doors {
  readonly sale: string;
  readonly scheduleId: string;
  readonly seats: readonly string[];
  readonly capacity: number;
  readonly showUpSeconds: number;
  readonly random: Random;
  readonly history: History;
  readonly now: () => number;
  readonly request: (
    call: string,
    init: { token: string; headers?: Record<string, string>; body?: unknown },
  ) => Promise<Answer>;
  readonly connect: (token: string) => Promise<SocketEnd | null>;
  readonly agree: (checkout: Checkout) => string;
  /** The buyer goes to the bank; the transfer arrives when the bank is ready. */
  readonly transfer: (providerOrderId: string) => void;
  readonly others: () => readonly Guest[];
  note(what: string): void;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

interface Booked {
  readonly id: string;
  readonly seats: readonly string[];
}

/** What comes with what has to be paid. */
interface Payable {
  readonly orderId: string;
  readonly orderName: string;
  readonly customerKey: string;
  readonly amount: { readonly value: number };
  readonly virtualAccount: { readonly dueDate: string } | null;
}

/** Where the money of a transfer goes back to. */
const ACCOUNT = { bank: "20", accountNumber: "110123456789", holderName: "김관객" } as const;

export class Guest {
  readonly member: string;
  readonly #token: string;
  readonly #doors: Doors;
  readonly #polls: boolean;
  busy = false;
  socket: SocketEnd | null = null;
  wait: Wait | null = null;
  state = "none";
  pass: string | null = null;
  readonly #oldPasses: string[] = [];
  hold: Booked | null = null;
  readonly #held: string[] = [];
  order: Booked | null = null;
  /** An account was opened for `order`; `sent`: and the money is on its way to it, or there. */
  #transfer: { readonly order: string; readonly sent: boolean } | null = null;
  #keys = 0;
  #lastPoll = 0;

  constructor(member: string, token: string, doors: Doors) {
    this.member = member;
    this.#token = token;
    this.#doors = doors;
    this.#polls = doors.random.chance(0.25);
  }

  get booking(): boolean {
    return this.state === "admitted" || this.hold !== null || this.order !== null || this.pass !== null;
  }

  /** The next thing; whoever is still waiting for an answer does nothing. */
  async act(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const { random } = this.#doors;
      if (random.chance(0.05)) await this.#mischief();
      else if (this.wait === null) await this.#join();
      else if (this.order !== null) await this.#pay(this.order);
      else if (this.hold !== null) await this.#placeOrder(this.hold);
      else if (this.pass !== null && this.state === "entered") await this.#book();
      else if (this.state === "admitted") await this.#enter();
      else await this.#stay();
    } finally {
      this.busy = false;
    }
  }

  async stayThere(): Promise<void> {
    if (this.busy || this.wait === null) return;
    this.busy = true;
    await this.#stay();
    this.busy = false;
  }

  get #room(): string {
    return `/api/performances/${this.#doors.sale}`;
  }

  async #join(): Promise<void> {
    const { history, sale, member } = { ...this.#doors, member: this.member };
    const { status, body } = await this.#ask(`POST ${this.#room}/queue`);
    if (status !== 200) return;
    this.wait = history.joined(sale, member, Number(body["number"]));
    this.wait.gaveUpAt = null;
    this.#learn(body);
    if (!this.#polls) await this.#connect();
  }

  /** Waiting is being there: on a socket, or by asking as often as one was told. */
  async #stay(): Promise<void> {
    const { random, now } = this.#doors;
    if (this.#polls) {
      if (now() - this.#lastPoll < 2_000) return;
      this.#lastPoll = now();
      const { status, body } = await this.#ask(`GET ${this.#room}/queue`);
      if (status === 200) this.#learn(body);
    } else if (this.socket?.readyState !== 1) await this.#connect();
    else this.socket.send(random.chance(0.8) ? "ping" : '{"type":"here"}');
    if (this.state === "none" || this.state === "ended") this.#over();
    else if (random.chance(0.01)) await this.#leave();
  }

  async #connect(): Promise<void> {
    const { history, now } = this.#doors;
    const socket = await this.#doors.connect(this.#token);
    if (socket === null) return;
    this.socket = socket;
    if (this.wait !== null) {
      this.wait.connectedSince = now();
      this.wait.lostAt = null;
    }
    socket.onclose = () => {
      if (this.wait !== null) this.wait.lostAt = now();
      history.count("sockets dropped");
    };
    socket.onmessage = (data) => {
      if (data === "pong") return;
      const frame = read(data);
      try {
        if (frame["type"] === "state") this.#learn(frame);
        else if (frame["type"] === "status") this.#saw(frame["status"]);
      } catch (error) {
        history.break(error instanceof Error ? error.message : "unreadable frame");
      }
    };
  }

  #learn(said: Frame): void {
    const { now } = this.#doors;
    this.state = String(said["state"]);
    this.#saw(said["status"]);
    const { wait } = this;
    if (wait === null || said["number"] === null) return;
    if (this.state === "waiting" || this.state === "admitted")
      must(
        said["number"] === wait.number,
        `number ${wait.number} of ${this.member} became ${JSON.stringify(said["number"])} while waiting`,
      );
    if (this.state === "admitted" && wait.admittedAt === null) {
      wait.admittedAt = Date.parse(String(said["until"])) - this.#doors.showUpSeconds * 1_000;
      this.#doors.history.count("admissions");
      must(wait.admittedAt <= now() + 1_000, "an admission from the future");
    }
  }

  #saw(status: unknown): void {
    const { sessions, capacity } = status as { sessions: number; capacity: number };
    must(sessions <= Math.max(capacity, this.#doors.capacity), `${sessions} sessions where ${capacity} are allowed`);
  }

  async #enter(): Promise<void> {
    const { status, body } = await this.#ask(`POST ${this.#room}/enter`);
    if (status === 200) {
      this.pass = String(body["pass"]);
      this.state = "entered";
    } else if (status === 409 || status === 403) this.state = "ended";
  }

  async #book(): Promise<void> {
    const { random, seats, history, sale, scheduleId } = this.#doors;
    const first = random.below(seats.length);
    const chosen = seats.slice(first, first + 1 + random.below(3));
    const init = { headers: this.#keyed(), body: { scheduleId, seats: chosen } };
    const { status, body } = await this.#twice(`POST ${this.#room}/holds`, init);
    if (status === 201) {
      const hold = body["hold"] as { id: string; expiresAt: string };
      this.#held.push(hold.id);
      this.hold = { id: hold.id, seats: chosen.map((seat) => `${sale}/${seat}`) };
      history.held(this.member, `${sale}/${hold.id}`, this.hold.seats, Date.parse(hold.expiresAt));
    } else if (body["code"] === "seats-taken") history.count("seat conflicts");
    else if (status < 500 && status !== 429) await this.#leave();
  }

  async #placeOrder(hold: Booked): Promise<void> {
    const { random, history, sale } = this.#doors;
    if (random.chance(0.1)) {
      history.givenUp(`${sale}/${hold.id}`);
      this.hold = null;
      await this.#ask(`DELETE ${this.#room}/holds/${hold.id}`, { headers: { "booking-pass": this.pass ?? "" } });
      return history.count("holds released");
    }
    const { status, body } = await this.#twice(`POST ${this.#room}/orders`, {
      headers: this.#keyed(),
      body: { holdId: hold.id },
    });
    if (status === 201) {
      const order = body["order"] as { id: string; amount: number; payBy: string };
      this.order = { id: order.id, seats: hold.seats };
      this.hold = null;
      history.givenUp(`${sale}/${hold.id}`);
      const told = { paid: false, cancelAsked: false, cancelled: false, token: this.#token };
      history.ordered(
        { id: order.id, sale, member: this.member, amount: order.amount, seats: hold.seats, ...told },
        Date.parse(order.payBy),
      );
    } else if (status >= 400 && status < 500 && status !== 429) {
      this.hold = null;
      history.count(`orders refused: ${String(body["code"])}`);
    }
  }

  async #pay(order: Booked): Promise<void> {
    const { history, random, agree } = this.#doors;
    const path = `/api/orders/${order.id}`;
    const waits = this.#transfer?.order === order.id ? this.#transfer : null;
    // Whoever has sent the money waits for it to arrive.
    if (waits?.sent !== true && random.chance(0.05)) return this.#cancel(order);
    const begun = waits === null ? await this.#begin(path) : null;
    if (begun?.status === 201) {
      const checkout = begun.body["checkout"] as Payable;
      const { orderId, orderName, customerKey, virtualAccount } = checkout;
      const dueAt = virtualAccount === null ? null : Date.parse(`${virtualAccount.dueDate}+09:00`);
      const paymentKey = agree({ orderId, orderName, customerKey, amount: checkout.amount.value, dueAt });
      const amount = random.chance(0.05) ? 1 : checkout.amount.value;
      const confirmed = await this.#ask(`POST ${path}/payments/confirm`, {
        body: { provider: "toss", paymentKey, amount },
      });
      must(confirmed.status !== 200 || amount !== 1, "a payment of another amount was let through");
      const heard = confirmed.body["order"] as { status: string } | undefined;
      if (confirmed.status === 200 && heard?.status === "awaiting-deposit") this.#toTheBank(order.id, orderId);
    }
    const { status, body } = await this.#ask(`GET ${path}`);
    if (status !== 200) return;
    const found = body["order"] as { status: string };
    if (found.status === "paid") {
      history.paid(order.id);
      const transferred = this.#transfer?.order === order.id;
      if (transferred) history.count("transfers heard of");
      if (random.chance(transferred ? 0.6 : 0.3)) await this.#cancel(order);
      this.order = null;
      await this.#leave();
    } else if (found.status === "expired" || found.status === "cancelled") {
      this.order = null;
      await this.#leave();
    }
  }

  #begin(path: string): Promise<Answer> {
    const method = this.#doors.random.chance(0.4) ? "VIRTUAL_ACCOUNT" : "CARD";
    return this.#twice(`POST ${path}/payments`, { headers: this.#keyed(), body: { provider: "toss", method } });
  }

  /** Some never send the money: their order ends by itself. */
  #toTheBank(order: string, providerOrderId: string): void {
    const sent = this.#doors.random.chance(0.75);
    this.#transfer = { order, sent };
    if (sent) this.#doors.transfer(providerOrderId);
  }

  async #cancel(order: Booked): Promise<void> {
    const { history } = this.#doors;
    const noted = history.orders.get(order.id);
    if (noted !== undefined) noted.cancelAsked = true;
    history.givenUp(order.id);
    const transferred = this.#transfer?.order === order.id && this.#transfer.sent;
    const { status } = await this.#ask(`POST /api/orders/${order.id}/cancel`, {
      body: transferred ? { account: ACCOUNT } : {},
    });
    if (status === 200 && noted !== undefined) noted.cancelled = true;
    if (transferred && (status === 200 || status === 202)) history.count("transfers given back");
    if (status === 200) history.count("cancellations");
  }

  async #leave(): Promise<void> {
    const { history, sale } = this.#doors;
    // Leaving releases whatever the member still holds, from an earlier session too.
    for (const hold of this.#held.splice(0)) history.givenUp(`${sale}/${hold}`);
    const { status } = await this.#ask(`DELETE ${this.#room}/queue`);
    if (status === 204) this.#over();
  }

  /** Out: from here on a new number, and an old pass that must open nothing. */
  #over(): void {
    const { now } = this.#doors;
    if (this.wait !== null) this.wait.gaveUpAt ??= now();
    this.socket?.close();
    this.socket = null;
    if (this.pass !== null) this.#oldPasses.push(this.pass);
    this.wait = null;
    this.pass = null;
    this.hold = null;
    this.state = "none";
  }

  /** What nobody may do. Whatever happens, it is not what was asked for. */
  async #mischief(): Promise<void> {
    const { random, others, history, scheduleId, seats } = this.#doors;
    const victim = random.pick(others());
    const body = { scheduleId, seats: [random.pick(seats)] };
    const tries: (() => [string, { headers?: Record<string, string>; body?: unknown }] | null)[] = [
      () => (victim.order === null ? null : [`POST /api/orders/${victim.order.id}/cancel`, { body: {} }]),
      () => (victim.order === null ? null : [`GET /api/orders/${victim.order.id}`, {}]),
      () => (victim.pass === null ? null : [`POST ${this.#room}/holds`, { headers: this.#keyed(victim.pass), body }]),
      () => {
        const old = this.wait === null ? this.#oldPasses.at(-1) : undefined;
        return old === undefined ? null : [`POST ${this.#room}/holds`, { headers: this.#keyed(old), body }];
      },
      () => {
        const forged = this.pass === null ? null : `${this.pass.slice(0, -4)}AAAA`;
        return forged === null ? null : [`POST ${this.#room}/holds`, { headers: this.#keyed(forged), body }];
      },
    ];
    const found = random.pick(tries)();
    if (found === null || victim === this) return;
    const { status } = await this.#ask(...found);
    must(status >= 400, `${found[0]} of somebody else was answered ${status}`);
    history.count("mischief refused");
  }

  #keyed(pass = this.pass ?? ""): Record<string, string> {
    this.#keys += 1;
    return { "booking-pass": pass, "idempotency-key": `${this.member}-${this.#keys}` };
  }

  /** Impatient: the same request, under the same key, before the first was answered. Both get the same answer, or none. */
  async #twice(call: string, init: { headers: Record<string, string>; body: unknown }): Promise<Answer> {
    if (!this.#doors.random.chance(0.1)) return this.#ask(call, init);
    const [first, second] = await Promise.all([this.#ask(call, init), this.#ask(call, init)]);
    this.#doors.history.count("requests sent twice");
    if (first.status !== 201) return second;
    if (second.status === 201) {
      const id = ({ body }: Answer): unknown => body["hold"] ?? body["order"];
      must(JSON.stringify(id(first)) === JSON.stringify(id(second)), `${call} was answered in two ways under one key`);
    }
    return first;
  }

  /** A broken or busy house says come back: a few times, then later. */
  async #ask(call: string, init: { headers?: Record<string, string>; body?: unknown } = {}): Promise<Answer> {
    this.#doors.note(`${this.member.slice(0, 8)} ${call}`);
    let answer: Answer = { status: 503, body: {} };
    for (let tries = 0; tries < 4 && [429, 503, 504].includes(answer.status); tries++)
      answer = await this.#doors.request(call, { ...init, token: this.#token });
    must(
      answer.status < 500 || answer.status === 503 || answer.status === 504,
      `${call} was answered ${answer.status}`,
    );
    return answer;
  }
}

type Frame = Readonly<Record<string, unknown>>;

/** A lobby says the same to everybody who is there: read once, and looked at fifty times. */
const latest: { data: string; frame: Frame } = { data: "{}", frame: {} };

function read(data: string): Frame {
  if (data !== latest.data) Object.assign(latest, { data, frame: JSON.parse(data) as Frame });
  return latest.frame;
}

/**
 * A fan in the middle of it: buys, changes their mind, gives tickets back, and after every broken connection asks again for the
 * very same thing under the same key. What was answered goes into the history.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { z } from "zod";
import { Api, ApiFailure } from "../../dev/demo/client.ts";
import { decideInWindow, tossCheckout } from "../../dev/demo/payment-window.ts";
import type { Random } from "../simulation/random.ts";
import type { History, Wait } from "./history.ts";

export interface Sale {
  readonly id: string;
  readonly scheduleId: string;
  readonly sections: readonly (readonly string[])[];
  readonly capacity: number;
  readonly showUpSeconds: number;
}

export interface FanOptions {
  readonly origin: string;
  readonly tossUrl: string;
  readonly member: string;
  readonly token: string;
  readonly sales: readonly Sale[];
  readonly history: History;
  readonly random: Random;
  /** No new visit after this; what has been begun is given up soon. */
  readonly until: number;
}

const WAIT_MS = 45_000;
const RETRY_MS = 500;
/** Beyond the end, for what is under way. */
const SPARE_MS = 20_000;

const joined = z.looseObject({ number: z.number() });
const passed = z.looseObject({ pass: z.string() });
const seen = z.looseObject({ sections: z.array(z.looseObject({ statuses: z.string() })) });
const held = z.object({ hold: z.looseObject({ id: z.string(), expiresAt: z.string() }) });
const ordered = z.object({
  order: z.looseObject({ id: z.string(), status: z.string(), amount: z.number(), payBy: z.string() }),
});
const begun = z.looseObject({ checkout: tossCheckout });
const frame = z.looseObject({
  type: z.string(),
  state: z.string().optional(),
  number: z.number().nullish(),
  until: z.string().nullish(),
  status: z.looseObject({ phase: z.string(), sessions: z.number(), capacity: z.number() }).optional(),
});

/** The fan's own time is over: nothing is wrong. */
class OutOfTime extends Error {}

interface Hold {
  readonly id: string;
  readonly seats: readonly string[];
  readonly expiresAt: number;
}

type Ask = { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

export class ChaosFan {
  readonly #options: FanOptions;
  readonly #api: Api;

  constructor(options: FanOptions) {
    this.#options = options;
    this.#api = new Api(options.origin);
  }

  async live(): Promise<void> {
    const { random, sales, until, history } = this.#options;
    await sleep(random.below(3_000));
    while (Date.now() < until) {
      try {
        await this.#visit(random.pick(sales));
      } catch (error) {
        if (error instanceof OutOfTime) return;
        // A refusal is an answer like any other; a fan who does not understand it comes back later.
        if (error instanceof ApiFailure) history.count(`refused: ${error.code}`);
        else history.break(`a fan was answered something unreadable: ${String(error).slice(0, 300)}`);
      }
      await sleep(200 + random.below(1_500));
    }
  }

  async #visit(sale: Sale): Promise<void> {
    const { member, history, random } = this.#options;
    const room = `/api/performances/${sale.id}`;
    const { number } = await this.#ask(`POST ${room}/queue`, joined);
    const wait = history.joined(sale.id, member, number);
    let hold: Hold | null = null;
    try {
      if (!(await this.#admission(sale, wait))) return;
      const { pass } = await this.#ask(`POST ${room}/enter`, passed);
      hold = await this.#hold(sale, pass);
      if (hold === null) return;
      if (random.chance(0.07)) return history.count("holds left behind");
      await this.#order(sale, pass, hold);
    } finally {
      wait.gaveUpAt ??= Date.now();
      if (hold !== null) history.givenUp(`${sale.id}/${hold.id}`); // leaving releases it
      await this.#ask(`DELETE ${room}/queue`, z.unknown()).catch(() => undefined);
    }
  }

  /** True when admitted; a dropped socket is opened again. */
  async #admission(sale: Sale, wait: Wait): Promise<boolean> {
    const { random, until } = this.#options;
    const patience = Math.min(Date.now() + WAIT_MS, until + SPARE_MS);
    while (Date.now() < patience) {
      const end = await this.#listen(sale, wait, patience - Date.now());
      if (end !== "dropped") return end === "admitted";
      await sleep(100 + random.below(900));
    }
    return false;
  }

  #listen(sale: Sale, wait: Wait, milliseconds: number): Promise<"admitted" | "over" | "dropped"> {
    const { token, history } = this.#options;
    const url = new URL(`/api/performances/${sale.id}/live`, this.#api.origin.replace(/^http/, "ws"));
    const socket = new WebSocket(url.href, ["ticketping.v1", `bearer.${token}`], { handshakeTimeout: 10_000 });
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish("dropped"), milliseconds);
      const beat = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send('{"type":"here"}'), 10_000);
      const finish = (end: "admitted" | "over" | "dropped"): void => {
        clearTimeout(timer);
        clearInterval(beat);
        if (end === "dropped") {
          wait.lostAt = Date.now();
          history.count("sockets dropped");
        }
        socket.terminate();
        resolve(end);
      };
      socket.on("open", () => {
        wait.connectedSince = Date.now();
        wait.lostAt = null;
      });
      socket.on("error", () => finish("dropped"));
      socket.on("close", () => finish("dropped"));
      socket.on("message", (data: Buffer) => {
        const said = frame.parse(JSON.parse(data.toString("utf8")));
        const { status, state, number } = said;
        if (status !== undefined && status.sessions > sale.capacity)
          history.break(`${status.sessions} sessions where ${sale.capacity} are allowed`);
        if (typeof number === "number" && number !== wait.number)
          history.break(`number ${wait.number} became ${number} while waiting`);
        if (state === "admitted") {
          wait.admittedAt ??= Date.parse(said.until ?? "") - sale.showUpSeconds * 1_000;
          history.count("admissions");
        }
        if (state === "admitted" || state === "entered") finish("admitted");
        else if (state === "ended" || status?.phase === "soldout") finish("over");
      });
    });
  }

  async #hold(sale: Sale, pass: string): Promise<Hold | null> {
    const { member, history, random } = this.#options;
    const room = `/api/performances/${sale.id}`;
    for (let round = 0; round < 5; round++) {
      const headers = { "booking-pass": pass };
      const { sections } = await this.#ask(`GET ${room}/schedules/${sale.scheduleId}/seats`, seen, { headers });
      const seats = choose(sale, sections, random);
      if (seats.length === 0) return null;
      try {
        const body = { scheduleId: sale.scheduleId, seats };
        const keyed = { ...headers, "idempotency-key": this.#key() };
        const { hold } = await this.#ask(`POST ${room}/holds`, held, { body, headers: keyed });
        const expiresAt = Date.parse(hold.expiresAt);
        history.held(
          member,
          `${sale.id}/${hold.id}`,
          seats.map((seat) => `${sale.id}/${seat}`),
          expiresAt,
        );
        return { id: hold.id, seats, expiresAt };
      } catch (error) {
        if (!(error instanceof ApiFailure) || error.code !== "seats-taken") throw error;
        history.count("seat conflicts");
      }
    }
    return null;
  }

  async #order(sale: Sale, pass: string, hold: Hold): Promise<void> {
    const { member, token, history, random } = this.#options;
    const room = `/api/performances/${sale.id}`;
    if (random.chance(0.1)) {
      history.givenUp(`${sale.id}/${hold.id}`);
      await this.#ask(`DELETE ${room}/holds/${hold.id}`, z.unknown(), { headers: { "booking-pass": pass } });
      return history.count("holds released");
    }
    const headers = { "booking-pass": pass, "idempotency-key": this.#key() };
    const askedAt = Date.now();
    const { order } = await this.#ask(`POST ${room}/orders`, ordered, { body: { holdId: hold.id }, headers }).catch(
      (error: unknown) => {
        const gone = error instanceof ApiFailure && ["hold-not-found", "hold-expired"].includes(error.code);
        // Answered within its time: then the hold that was promised must still be there.
        if (gone && Date.now() < hold.expiresAt - 1_000)
          history.break(`hold ${hold.id}, good for ${hold.expiresAt - askedAt} ms more, was gone`);
        throw error;
      },
    );
    const seats = hold.seats.map((seat) => `${sale.id}/${seat}`);
    const note = { id: order.id, sale: sale.id, member, token, amount: order.amount, seats };
    history.givenUp(`${sale.id}/${hold.id}`);
    history.ordered({ ...note, paid: false, cancelAsked: false, cancelled: false }, Date.parse(order.payBy));
    if (random.chance(0.08)) return this.#cancel(order.id);
    if (random.chance(0.05)) return history.count("orders left behind");
    if ((await this.#pay(order.id)) && random.chance(0.4)) await this.#cancel(order.id);
  }

  async #pay(orderId: string): Promise<boolean> {
    const { history, random, tossUrl } = this.#options;
    const path = `/api/orders/${orderId}`;
    const headers = { "idempotency-key": this.#key() };
    const method = { provider: "toss", method: "CARD" };
    const { checkout } = await this.#ask(`POST ${path}/payments`, begun, { body: method, headers });
    const back = await this.#again(() => decideInWindow(tossUrl, checkout, random.chance(0.9) ? "approve" : "decline"));
    const paymentKey = back.searchParams.get("paymentKey");
    if (paymentKey === null) return false;
    const body = { provider: "toss", paymentKey, amount: Number(back.searchParams.get("amount")) };
    let { order } = await this.#ask(`POST ${path}/payments/confirm`, ordered, { body });
    while (order.status === "paying") {
      await sleep(1_000);
      ({ order } = await this.#ask(`GET ${path}`, ordered));
    }
    if (order.status === "paid") history.paid(orderId);
    return order.status === "paid";
  }

  async #cancel(orderId: string): Promise<void> {
    const { history } = this.#options;
    const order = history.orders.get(orderId);
    if (order !== undefined) order.cancelAsked = true;
    history.givenUp(orderId);
    const answer = await this.#ask(`POST /api/orders/${orderId}/cancel`, ordered, { body: {} });
    if (order !== undefined && answer.order.status === "cancelled") order.cancelled = true;
    history.count("cancellations");
  }

  /** The same request until it is answered: 429, 503 and 504 say come back, a broken connection says nothing at all. */
  #ask<Schema extends z.ZodType>(request: string, schema: Schema, ask: Ask = {}): Promise<z.infer<Schema>> {
    const { token } = this.#options;
    return this.#again(() => this.#api.call(request, schema, { token, ...ask }));
  }

  async #again<Result>(work: () => Promise<Result>): Promise<Result> {
    const { history, until, random } = this.#options;
    for (;;) {
      if (Date.now() > until + SPARE_MS) throw new OutOfTime();
      try {
        return await work();
      } catch (error) {
        if (error instanceof z.ZodError) throw error;
        if (error instanceof ApiFailure) {
          const comeBack = [429, 503, 504].includes(error.status);
          if (error.status >= 500 && !comeBack) history.break(error.message);
          if (!comeBack) throw error;
        }
        history.count(error instanceof ApiFailure ? `told to come back: ${error.code}` : "connections broken");
      }
      await sleep(RETRY_MS + random.below(RETRY_MS));
    }
  }

  #key(): string {
    return `chaos-${this.#options.random.hex(24)}`;
  }
}

function choose(sale: Sale, sections: readonly { statuses: string }[], random: Random): string[] {
  const free = sections.flatMap(({ statuses }, index) =>
    Array.from(statuses).flatMap((status, seat) => (status === "0" ? (sale.sections[index]?.[seat] ?? []) : [])),
  );
  if (free.length === 0) return [];
  const first = random.below(free.length);
  return free.slice(first, first + 1 + random.below(3));
}

/**
 * One simulated fan: joins, waits on a real socket, enters, picks free seats, pays in the sandbox's window, confirms.
 * Everything goes over the same HTTP and WebSocket API a browser uses; the fan knows nothing a browser would not.
 */
import { WebSocket } from "ws";
import { z } from "zod";
import { Api, ApiFailure } from "./client.ts";
import { decideInWindow, tossCheckout } from "./payment-window.ts";

export interface FanPlan {
  readonly token: string;
  readonly performanceId: string;
  readonly scheduleId: string;
  /** Every seat of the schedule, in chart order, per section. */
  readonly sections: readonly (readonly string[])[];
  readonly seats: number;
  readonly tossUrl: string;
  readonly random: () => number;
}

export type Step = "join" | "wait" | "enter" | "hold" | "order" | "pay";

export interface FanReport {
  readonly step: (step: Step, milliseconds: number) => void;
  readonly now: (state: "joined" | "admitted" | "held" | "bought") => void;
}

export type FanEnd = "bought" | "sold-out";

/** Rounds of looking for free seats before giving the slot to somebody else. */
const ROUNDS_MAX = 60;
const WAIT_MS_MAX = 10 * 60_000;

const anything = z.unknown();
const passAnswer = z.looseObject({ pass: z.string() });
const seatsAnswer = z.looseObject({ sections: z.array(z.looseObject({ statuses: z.string() })) });
const holdAnswer = z.object({ hold: z.looseObject({ id: z.string() }) });
const orderAnswer = z.object({ order: z.looseObject({ id: z.string(), status: z.string(), amount: z.number() }) });
const frame = z.looseObject({
  type: z.string(),
  state: z.string().optional(),
  status: z.looseObject({ phase: z.string() }).optional(),
});
export class Fan {
  readonly #api: Api;
  readonly #plan: FanPlan;
  readonly #report: FanReport;

  constructor(api: Api, plan: FanPlan, report: FanReport) {
    this.#api = api;
    this.#plan = plan;
    this.#report = report;
  }

  async buy(): Promise<FanEnd> {
    const { performanceId } = this.#plan;
    const room = `/api/performances/${performanceId}`;
    try {
      await this.#timed("join", () => this.#patiently(`POST ${room}/queue`, anything));
    } catch (error) {
      if (error instanceof ApiFailure && error.code === "performance-closed") return "sold-out";
      throw error;
    }
    this.#report.now("joined");
    if ((await this.#timed("wait", () => this.#admission())) === "sold-out") return this.#leave("sold-out");
    this.#report.now("admitted");
    const { pass } = await this.#timed("enter", () => this.#patiently(`POST ${room}/enter`, passAnswer));
    const holdId = await this.#timed("hold", () => this.#hold(pass));
    if (holdId === null) return this.#leave("sold-out");
    this.#report.now("held");
    const headers = { "booking-pass": pass, "idempotency-key": crypto.randomUUID() };
    const { order } = await this.#timed("order", () =>
      this.#patiently(`POST ${room}/orders`, orderAnswer, { holdId }, headers),
    );
    await this.#timed("pay", () => this.#pay(order.id));
    this.#report.now("bought");
    return "bought";
  }

  /** Waits on the socket until admitted; a dropped socket is opened again, the place is kept. */
  async #admission(): Promise<"admitted" | "sold-out"> {
    const until = Date.now() + WAIT_MS_MAX;
    while (Date.now() < until) {
      const end = await this.#listen(until - Date.now());
      if (end !== "dropped") return end;
      await new Promise((resolve) => setTimeout(resolve, 200 + this.#plan.random() * 800));
    }
    throw new Error("waited ten minutes without being admitted");
  }

  #listen(milliseconds: number): Promise<"admitted" | "sold-out" | "dropped"> {
    const { performanceId, token } = this.#plan;
    const url = new URL(`/api/performances/${performanceId}/live`, this.#api.origin.replace(/^http/, "ws"));
    const socket = new WebSocket(url.href, ["ticketping.v1", `bearer.${token}`]);
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish("dropped"), milliseconds);
      const beat = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send('{"type":"here"}'), 20_000);
      const finish = (end: "admitted" | "sold-out" | "dropped"): void => {
        clearTimeout(timer);
        clearInterval(beat);
        socket.close();
        resolve(end);
      };
      socket.on("error", () => finish("dropped"));
      socket.on("close", () => finish("dropped"));
      socket.on("message", (data: Buffer) => {
        const said = frame.parse(JSON.parse(data.toString("utf8")));
        if (said.state === "admitted" || said.state === "entered") finish("admitted");
        else if (said.status?.phase === "soldout" || said.status?.phase === "closed") finish("sold-out");
      });
    });
  }

  /** Free seats next to each other if there are any, others if not; null when the house stays full. */
  async #hold(pass: string): Promise<string | null> {
    const { performanceId, scheduleId } = this.#plan;
    const room = `/api/performances/${performanceId}`;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const snapshot = await this.#patiently(`GET ${room}/schedules/${scheduleId}/seats`, seatsAnswer, undefined, {
        "booking-pass": pass,
      });
      const seats = this.#choose(snapshot.sections.map((section) => section.statuses));
      if (seats.length === 0) {
        // Held or being paid by others: some of it may come back.
        if (snapshot.sections.every(({ statuses }) => /^[15]*$/.test(statuses))) return null;
        await new Promise((resolve) => setTimeout(resolve, 300 + this.#plan.random() * 700));
        continue;
      }
      try {
        const headers = { "booking-pass": pass, "idempotency-key": crypto.randomUUID() };
        const { hold } = await this.#patiently(`POST ${room}/holds`, holdAnswer, { scheduleId, seats }, headers);
        return hold.id;
      } catch (error) {
        if (!(error instanceof ApiFailure) || error.code !== "seats-taken") throw error;
      }
    }
    return null;
  }

  #choose(sections: readonly string[]): string[] {
    const free: string[] = [];
    for (const [index, statuses] of sections.entries()) {
      for (const [seat, status] of Array.from(statuses).entries()) {
        const id = this.#plan.sections[index]?.[seat];
        if (status === "0" && id !== undefined) free.push(id);
      }
    }
    if (free.length === 0) return [];
    const start = Math.floor(this.#plan.random() * Math.max(1, free.length - this.#plan.seats + 1));
    return free.slice(start, start + this.#plan.seats);
  }

  async #pay(orderId: string): Promise<void> {
    const begun = z.looseObject({ checkout: tossCheckout });
    const key = { "idempotency-key": crypto.randomUUID() };
    const method = { provider: "toss", method: "CARD" };
    const answer = await this.#patiently(`POST /api/orders/${orderId}/payments`, begun, method, key);
    const back = await decideInWindow(this.#plan.tossUrl, answer.checkout, "approve");
    const paymentKey = back.searchParams.get("paymentKey");
    if (paymentKey === null)
      throw new Error(`the payment window refused: ${back.searchParams.get("code") ?? "no reason"}`);
    const confirmation = { provider: "toss", paymentKey, amount: Number(back.searchParams.get("amount")) };
    const path = `/api/orders/${orderId}`;
    let { order } = await this.#patiently(`POST ${path}/payments/confirm`, orderAnswer, confirmation);
    for (let look = 0; order.status === "paying" && look < 60; look++) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      ({ order } = await this.#patiently(`GET ${path}`, orderAnswer));
    }
    if (order.status !== "paid") throw new Error(`order ${orderId} ended ${order.status}`);
  }

  async #leave(end: FanEnd): Promise<FanEnd> {
    await this.#patiently(`DELETE /api/performances/${this.#plan.performanceId}/queue`, anything);
    return end;
  }

  /** A 503, 504 or 429 is an instruction: the same request again, after the time it names. The key makes it the same. */
  async #patiently<Schema extends z.ZodType>(
    request: string,
    schema: Schema,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<z.infer<Schema>> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { token } = this.#plan;
        return await this.#api.call(request, schema, {
          token,
          ...(body === undefined ? {} : { body }),
          ...(headers === undefined ? {} : { headers }),
        });
      } catch (error) {
        const again = error instanceof ApiFailure ? [429, 503, 504].includes(error.status) : true;
        if (!again || attempt === 8) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500 * attempt + this.#plan.random() * 1_000));
      }
    }
  }

  async #timed<Result>(step: Step, work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    const result = await work();
    this.#report.step(step, performance.now() - startedAt);
    return result;
  }
}

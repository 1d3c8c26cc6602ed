/** A fan who does one step at a time, over the same API a browser uses. What is refused is thrown, with its code. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { decideInWindow, tossCheckout, type TossCheckout } from "../../dev/demo/payment-window.ts";
import type { House, Show } from "./house.ts";

export const queueAnswer = z.looseObject({
  state: z.enum(["none", "waiting", "passed-over", "admitted", "entered", "ended"]),
  number: z.number().nullable(),
  place: z.number().nullable(),
  ahead: z.number().nullable(),
  until: z.iso.datetime().nullable(),
  status: z.looseObject({ phase: z.string(), sessions: z.number(), capacity: z.number() }),
});
export type QueueAnswer = z.infer<typeof queueAnswer>;

const seat = z.looseObject({ id: z.string(), price: z.number() });
const hold = z.looseObject({
  id: z.string(),
  seats: z.array(seat),
  amount: z.number(),
  currency: z.string(),
  expiresAt: z.iso.datetime({ precision: 3 }),
});
export type Hold = z.infer<typeof hold>;
export const orderShape = z.looseObject({
  id: z.string(),
  status: z.string(),
  version: z.number(),
  amount: z.number(),
  seats: z.array(seat),
  attempts: z.array(z.looseObject({ number: z.number(), status: z.string() })),
  refunds: z.array(z.looseObject({ amount: z.number(), status: z.string() })),
});
export type Order = z.infer<typeof orderShape>;
const seatsAnswer = z.object({
  scheduleId: z.string(),
  version: z.number(),
  sections: z.array(z.object({ id: z.string(), statuses: z.string() })),
});
const orderAnswer = z.object({ order: orderShape });
const stripeCheckout = z.looseObject({
  publishableKey: z.string(),
  clientSecret: z.string(),
  paymentKey: z.string(),
  amount: z.number(),
});
export type StripeCheckout = z.infer<typeof stripeCheckout>;

/** What the payment window sends back to the success page. */
export interface Consent {
  readonly provider: "toss" | "stripe";
  readonly paymentKey: string;
  readonly amount: number;
}

const PATIENCE_MS = 60_000;

export class Buyer {
  readonly token: string;
  readonly #house: House;
  readonly #show: Show;
  pass = "";

  constructor(house: House, show: Show, token: string) {
    this.#house = house;
    this.#show = show;
    this.token = token;
  }

  /** A new member who has been let in. */
  static async inside(house: House, show: Show): Promise<Buyer> {
    const buyer = new Buyer(house, show, (await house.member()).token);
    await buyer.comeIn();
    return buyer;
  }

  get room(): string {
    return `/api/performances/${this.#show.id}`;
  }

  join(): Promise<QueueAnswer & { queueTicket: string }> {
    return this.#call(`POST ${this.room}/queue`, queueAnswer.extend({ queueTicket: z.string() }));
  }

  look(): Promise<QueueAnswer> {
    return this.#call(`GET ${this.room}/queue`, queueAnswer);
  }

  leave(): Promise<unknown> {
    return this.#call(`DELETE ${this.room}/queue`, z.null());
  }

  async enter(): Promise<{ readonly pass: string; readonly expiresAt: string }> {
    const answer = await this.#call(
      `POST ${this.room}/enter`,
      z.object({ pass: z.string(), expiresAt: z.iso.datetime() }),
    );
    this.pass = answer.pass;
    return answer;
  }

  /** Joins, waits by polling, enters. */
  async comeIn(): Promise<void> {
    await this.join();
    const until = Date.now() + PATIENCE_MS;
    while ((await this.look()).state !== "admitted") {
      if (Date.now() > until) throw new Error("not admitted within a minute");
      await sleep(100);
    }
    await this.enter();
  }

  /** One digit per seat, in the order of the chart; its one section is "main". */
  async seats(): Promise<string> {
    const path = `${this.room}/schedules/${this.#show.scheduleId}/seats`;
    const { sections } = await this.#call(`GET ${path}`, seatsAnswer, { headers: { "booking-pass": this.pass } });
    return sections[0]?.statuses ?? "";
  }

  async hold(seats: readonly string[], key: string = crypto.randomUUID()): Promise<Hold> {
    const headers = { "booking-pass": this.pass, "idempotency-key": key };
    const body = { scheduleId: this.#show.scheduleId, seats };
    return (await this.#call(`POST ${this.room}/holds`, z.object({ hold }), { body, headers })).hold;
  }

  async holds(): Promise<readonly Hold[]> {
    const headers = { "booking-pass": this.pass };
    return (await this.#call(`GET ${this.room}/holds`, z.object({ items: z.array(hold) }), { headers })).items;
  }

  release(holdId: string): Promise<unknown> {
    return this.#call(`DELETE ${this.room}/holds/${holdId}`, z.null(), { headers: { "booking-pass": this.pass } });
  }

  async order(holdId: string, key: string = crypto.randomUUID()): Promise<Order> {
    const headers = { "booking-pass": this.pass, "idempotency-key": key };
    return (await this.#call(`POST ${this.room}/orders`, orderAnswer, { body: { holdId }, headers })).order;
  }

  async begin(orderId: string, key: string = crypto.randomUUID(), method = "CARD"): Promise<TossCheckout> {
    const headers = { "idempotency-key": key };
    const body = { provider: "toss", method };
    const answer = z.looseObject({ checkout: tossCheckout });
    return (await this.#call(`POST /api/orders/${orderId}/payments`, answer, { body, headers })).checkout;
  }

  consent(checkout: TossCheckout, choice: "approve" | "decline" = "approve"): Promise<Consent> {
    return this.consentAt(this.#house.where.tossUrl, checkout, choice);
  }

  /** In the window of a sandbox of the test's own. */
  async consentAt(
    tossUrl: string,
    checkout: TossCheckout,
    choice: "approve" | "decline" = "approve",
  ): Promise<Consent> {
    const { searchParams } = await decideInWindow(tossUrl, checkout, choice);
    return {
      provider: "toss",
      paymentKey: searchParams.get("paymentKey") ?? "",
      amount: Number(searchParams.get("amount")),
    };
  }

  async beginStripe(orderId: string, key: string = crypto.randomUUID()): Promise<StripeCheckout> {
    const headers = { "idempotency-key": key };
    const body = { provider: "stripe", method: "CARD" };
    const answer = z.looseObject({ checkout: stripeCheckout });
    return (await this.#call(`POST /api/orders/${orderId}/payments`, answer, { body, headers })).checkout;
  }

  /** What Stripe's script does with the card in the browser. */
  async agree(checkout: StripeCheckout, card = "pm_card_visa"): Promise<Consent> {
    const { publishableKey: key, clientSecret, paymentKey, amount } = checkout;
    const body = new URLSearchParams({ key, client_secret: clientSecret, payment_method: card });
    const url = new URL(`/v1/payment_intents/${paymentKey}/confirm`, this.#house.where.stripeUrl);
    await fetch(url, { method: "POST", body });
    return { provider: "stripe", paymentKey, amount };
  }

  async confirm(orderId: string, consent: Consent): Promise<Order> {
    return (await this.#call(`POST /api/orders/${orderId}/payments/confirm`, orderAnswer, { body: consent })).order;
  }

  async pay(orderId: string): Promise<Order> {
    return this.confirm(orderId, await this.consent(await this.begin(orderId)));
  }

  /** Up to the account that waits for the transfer. */
  async openAccount(orderId: string): Promise<Order> {
    return this.confirm(orderId, await this.consent(await this.begin(orderId, crypto.randomUUID(), "VIRTUAL_ACCOUNT")));
  }

  /** From being let in to a paid order. */
  async buy(seats: readonly string[]): Promise<Order> {
    const { id } = await this.hold(seats);
    return this.pay((await this.order(id)).id);
  }

  async read(orderId: string): Promise<Order> {
    return (await this.#call(`GET /api/orders/${orderId}`, orderAnswer)).order;
  }

  async cancel(orderId: string): Promise<Order> {
    return (await this.#call(`POST /api/orders/${orderId}/cancel`, orderAnswer, { body: { reason: "changed plans" } }))
      .order;
  }

  async orders(): Promise<readonly Order[]> {
    const page = z.object({ items: z.array(orderShape), nextCursor: z.string().nullable() });
    return (await this.#call("GET /api/orders", page)).items;
  }

  #call<Schema extends z.ZodType>(
    request: string,
    schema: Schema,
    call: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<z.infer<Schema>> {
    return this.#house.api.call(request, schema, { token: this.token, ...call });
  }
}

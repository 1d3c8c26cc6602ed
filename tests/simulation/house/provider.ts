/** The payment sandbox in process: its real API over books in memory, behind a network that loses questions and answers. */
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { Answers } from "../../../dev/toss/answers.ts";
import { answerApi, type Api } from "../../../dev/toss/api.ts";
import { Books } from "../../../dev/toss/books.ts";
import { Faults } from "../../../dev/toss/faults.ts";
import { openLedger } from "../../../dev/toss/ledger-file.ts";
import { TossRefusal } from "../../../dev/toss/refusals.ts";
import { Webhooks } from "../../../dev/toss/webhooks.ts";
import type { Random } from "../random.ts";
import type { Time } from "./time.ts";

export const TOSS_URL = "http://toss.invalid";
const ANSWER_MS = 300;

export interface Checkout {
  readonly orderId: string;
  readonly orderName: string;
  readonly customerKey: string;
  readonly amount: number;
  /** Until when an account takes the transfer; null: paid by card. */
  readonly dueAt: number | null;
}

export class SandboxProvider {
  readonly met = { lostBefore: 0, lostAfter: 0, declined: 0, cutOff: 0, transfers: 0 };
  readonly books: Books;
  calm = false;
  /** Cut off from us. */
  away = false;
  readonly #api: Api;
  readonly #time: Time;
  readonly #random: Random;
  readonly #ledger = openLedger(":memory:");

  constructor(time: Time, random: Random, secretKey: string) {
    this.#time = time;
    this.#random = random;
    this.books = new Books(this.#ledger);
    this.#api = {
      books: this.books,
      answers: new Answers(this.#ledger),
      faults: new Faults(),
      webhooks: new Webhooks(null),
      secretKey,
      now: () => time.now,
      origin: () => TOSS_URL,
    };
  }

  /** `fetch`, for whoever asks the provider; nobody else can be reached. */
  async fetch(input: URL | string, init: RequestInit): Promise<Response> {
    const url = new URL(input);
    if (url.origin !== TOSS_URL) throw new TypeError("fetch failed");
    if (this.away && !this.calm) {
      this.met.cutOff += 1;
      throw new TypeError("fetch failed");
    }
    if (!this.calm && this.#random.chance(0.05)) {
      this.met.lostBefore += 1;
      throw new TypeError("fetch failed");
    }
    const headers = Object.fromEntries(new Headers(init.headers));
    const body = typeof init.body === "string" ? [Buffer.from(init.body)] : [];
    const request = Object.assign(Readable.from(body), { method: init.method, headers });
    const answer = await answerApi(this.#api, request as unknown as IncomingMessage, url.pathname);
    await this.#time.sleep(1 + this.#random.below(ANSWER_MS));
    if (answer === "lost" || (!this.calm && this.#random.chance(0.08))) {
      this.met.lostAfter += 1;
      throw new TypeError("fetch failed");
    }
    return Response.json(answer.body, { status: answer.status });
  }

  /** The buyer in the payment window; the key that comes back to the shop. */
  agree({ dueAt, ...checkout }: Checkout): string {
    const how = dueAt === null ? ({ method: "CARD" } as const) : ({ method: "VIRTUAL_ACCOUNT", dueAt } as const);
    const { paymentKey } = this.books.open({ ...checkout, ...how }, this.#time.now);
    const declined = this.#random.chance(0.12);
    if (declined) this.met.declined += 1;
    this.books.authenticate(paymentKey, declined ? "REJECT_CARD_PAYMENT" : null, this.#time.now);
    return paymentKey;
  }

  /** A transfer arrives at the account; what the bank's notification says of it, or null where the account was closed before. */
  deposit(providerOrderId: string): Readonly<Record<string, unknown>> | null {
    try {
      const payment = this.books.deposit(providerOrderId, false, this.#time.now);
      this.met.transfers += 1;
      const { orderId, status, account, lastTransactionKey: transactionKey } = payment;
      const createdAt = new Date(this.#time.now + 9 * 3_600_000).toISOString().replace("Z", "000");
      return { createdAt, secret: account?.secret, status, transactionKey, orderId };
    } catch (error) {
      if (!(error instanceof TossRefusal)) throw error;
      return null;
    }
  }

  close(): void {
    this.#ledger.close();
  }
}

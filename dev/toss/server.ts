/**
 * A payment provider for a laptop: Toss Payments' API, browser script and payment window, with its own books in a file.
 * It takes no real money and speaks to nobody but the shop's webhook address.
 *
 *     /v1/payments/…      the API, for the holder of the secret key
 *     /v2/standard        the browser script           /checkout, /receipt/…   what the buyer sees
 *     /sandbox/books      the truth about money        /sandbox/faults         trouble on request
 *     /bank               the buyer's bank: deposits   /sandbox/deposits       the same for scripts
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { answer, answerJson, answerTooMuch, listen, readBody, type ListeningServer } from "../http-server.ts";
import { sentenceOf } from "../failure.ts";
import { Answers } from "./answers.ts";
import { answerApi, type Api } from "./api.ts";
import { Books } from "./books.ts";
import { decideCheckout, showCheckout, type CheckoutOutcome } from "./checkout.ts";
import { FaultOrder, Faults } from "./faults.ts";
import { openLedger } from "./ledger-file.ts";
import { bankPage, pageHeaders, problemPage, receiptPage } from "./page.ts";
import { describePayment, type PaymentRecord } from "./payment.ts";
import { refusalAnswer, TossRefusal } from "./refusals.ts";
import { sdkScript } from "./sdk.ts";
import { Webhooks } from "./webhooks.ts";

const MAX_FORM_BYTES = 16 * 1024;
const html = "text/html; charset=utf-8";

export interface TossSandboxOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** The books; made when missing. */
  readonly file: string;
  readonly secretKey: string;
  readonly clientKey: string;
  readonly webhookUrl?: string;
  /** For tests that cannot wait for a payment to expire. */
  readonly now?: () => number;
}

export async function startTossSandbox(options: TossSandboxOptions): Promise<ListeningServer> {
  const ledger = openLedger(options.file);
  let origin = "";
  const api: Api = {
    books: new Books(ledger),
    answers: new Answers(ledger),
    faults: new Faults(),
    webhooks: new Webhooks(options.webhookUrl ?? null),
    secretKey: options.secretKey,
    now: options.now ?? Date.now,
    origin: () => origin,
  };
  const server = await listen(options.port, (request, response) => {
    handle(api, options.clientKey, request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      const { status, body } = refusalAnswer("FAILED_INTERNAL_SYSTEM_PROCESSING", sentenceOf(error));
      return answerJson(response, status, body);
    });
  }).catch((error: unknown) => {
    ledger.close();
    throw error;
  });
  origin = server.url;
  return {
    url: server.url,
    close: async () => {
      api.webhooks.close();
      await server.close();
      ledger.close();
    },
  };
}

async function handle(api: Api, clientKey: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://sandbox");
  const route = `${request.method} ${url.pathname}`;
  if (url.pathname.startsWith("/v1/")) return sendApiAnswer(api, request, response, url.pathname);
  if (url.pathname.startsWith("/sandbox/")) return serveSandbox(api, route, request, response);
  if (route === "GET /v2/standard") return answer(response, 200, "text/javascript; charset=utf-8", sdkScript);
  if (route === "GET /checkout") {
    return sendOutcome(response, showCheckout(api.books, clientKey, url.searchParams, api.now()));
  }
  if (route === "POST /checkout") {
    const form = await readBody(request, MAX_FORM_BYTES);
    return sendOutcome(response, decideCheckout(api.books, clientKey, new URLSearchParams(form ?? ""), api.now()));
  }
  if (route === "GET /bank") return answer(response, 200, html, bankPage(api.books.accounts(api.now())), pageHeaders);
  if (route === "POST /bank") {
    const form = new URLSearchParams((await readBody(request, MAX_FORM_BYTES)) ?? "");
    transfer(api, BankOrder.parse(Object.fromEntries(form)));
    return void response.writeHead(303, { location: "/bank", "cache-control": "no-store" }).end();
  }
  const receipt = /^GET \/receipt\/([\w-]+)$/.exec(route);
  if (receipt?.[1] !== undefined) return sendReceipt(api, response, receipt[1]);
  answer(response, 404, html, problemPage("There is no such page."), pageHeaders);
}

async function sendApiAnswer(
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
): Promise<void> {
  const result = await answerApi(api, request, pathname);
  if (result === "lost") request.socket.destroy();
  else if (result.oversized === true) answerTooMuch(response, result.status, result.body);
  else answerJson(response, result.status, result.body);
}

async function serveSandbox(
  api: Api,
  route: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (route === "GET /sandbox/books") return answerJson(response, 200, api.books.totals(api.now()));
  if (route === "GET /sandbox/faults") return answerJson(response, 200, api.faults.describe());
  if (route === "POST /sandbox/deposits") {
    const order = BankOrder.safeParse(parseJson(await readBody(request, MAX_FORM_BYTES)));
    if (!order.success) return answerJson(response, 400, refusalAnswer("INVALID_REQUEST").body);
    return answerJson(response, 200, describePayment(transfer(api, order.data), api.origin()));
  }
  if (route !== "POST /sandbox/faults") return answerJson(response, 404, refusalAnswer("NOT_FOUND").body);
  const order = FaultOrder.safeParse(parseJson(await readBody(request, MAX_FORM_BYTES)));
  if (!order.success) {
    return answerJson(response, 400, refusalAnswer("INVALID_REQUEST", order.error.issues[0]?.message).body);
  }
  api.faults.set(order.data);
  if (order.data.webhooks !== undefined) api.webhooks.manner = order.data.webhooks;
  answerJson(response, 200, api.faults.describe());
}

/** What the buyer's bank does. */
const BankOrder = z.object({ orderId: z.string(), action: z.enum(["deposit", "late", "undo"]) });

/** Both notifications of a deposit leave: a shop may have registered for either. */
function transfer(api: Api, { orderId, action }: z.infer<typeof BankOrder>): PaymentRecord {
  const { books, webhooks } = api;
  const payment = action === "undo" ? books.undoDeposit(orderId) : books.deposit(orderId, action === "late", api.now());
  webhooks.deposited(payment);
  webhooks.paymentChanged(describePayment(payment, api.origin()));
  return payment;
}

function sendReceipt(api: Api, response: ServerResponse, paymentKey: string): void {
  try {
    answer(response, 200, html, receiptPage(api.books.find(paymentKey, api.now())), pageHeaders);
  } catch (error) {
    if (!(error instanceof TossRefusal)) throw error;
    answer(response, 404, html, problemPage(error.message), pageHeaders);
  }
}

/** 303 makes the browser fetch the next page with GET, so that going back or reloading sends no form again. */
function sendOutcome(response: ServerResponse, outcome: CheckoutOutcome): void {
  if (outcome.kind === "page") answer(response, outcome.status, html, outcome.html, pageHeaders);
  else response.writeHead(303, { location: outcome.location, "cache-control": "no-store" }).end();
}

function parseJson(text: string | null): unknown {
  try {
    const parsed: unknown = JSON.parse(text ?? "");
    return parsed;
  } catch {
    return null;
  }
}

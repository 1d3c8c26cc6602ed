/**
 * A payment provider for a laptop: Stripe's API, as far as TicketPing uses it, and its browser script, with its own books in
 * a file. It takes no real money and speaks to nobody but the shop's webhook address.
 *
 *     /v1/…               the API                       /clover/stripe.js   the browser script
 *     /sandbox/books      the truth about money         /sandbox/faults     trouble on request
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { sentenceOf } from "../failure.ts";
import { answer, answerJson, answerTooMuch, listen, readBody, type ListeningServer } from "../http-server.ts";
import { WebhookCourier } from "../webhook-courier.ts";
import { answerStripe, type StripeApi } from "./api.ts";
import { openStripeLedger, StripeBooks } from "./books.ts";
import { StripeFaultOrder, StripeFaults } from "./faults.ts";
import { stripeScript } from "./sdk.ts";

const MAX_FORM_BYTES = 16 * 1024;

export interface StripeSandboxOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** The books; made when missing. */
  readonly file: string;
  readonly secretKey: string;
  readonly publishableKey: string;
  readonly webhookSecret: string;
  readonly webhookUrl?: string;
  readonly now?: () => number;
}

export async function startStripeSandbox(options: StripeSandboxOptions): Promise<ListeningServer> {
  const ledger = openStripeLedger(options.file);
  let origin = "";
  const { secretKey, publishableKey, webhookSecret } = options;
  const api: StripeApi = {
    ledger,
    books: new StripeBooks(ledger),
    faults: new StripeFaults(),
    courier: new WebhookCourier(options.webhookUrl ?? null),
    secretKey,
    publishableKey,
    webhookSecret,
    now: options.now ?? Date.now,
    origin: () => origin,
    running: new Set(),
  };
  const server = await listen(options.port, (request, response) => {
    handle(api, request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      return answerJson(response, 500, { error: { type: "api_error", message: sentenceOf(error) } });
    });
  }).catch((error: unknown) => {
    ledger.close();
    throw error;
  });
  origin = server.url;
  return {
    url: server.url,
    close: async () => {
      api.courier.close();
      await server.close();
      ledger.close();
    },
  };
}

async function handle(api: StripeApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://sandbox");
  const route = `${request.method} ${url.pathname}`;
  if (url.pathname.startsWith("/v1/")) {
    // The real API answers browsers of any origin; what they may do is a matter of the key.
    response.setHeader("access-control-allow-origin", "*");
    const result = await answerStripe(api, request, url);
    if (result === "lost") request.socket.destroy();
    else if (result.oversized === true) answerTooMuch(response, result.status, result.body);
    else answerJson(response, result.status, result.body);
    return;
  }
  if (route === "GET /clover/stripe.js") return answer(response, 200, "text/javascript; charset=utf-8", stripeScript);
  if (route === "GET /sandbox/books") return answerJson(response, 200, api.books.totals());
  const receipt = /^GET \/receipt\/(pi_\w+)$/.exec(route)?.[1];
  if (receipt !== undefined) {
    const { amount, currency, status } = api.books.find(receipt);
    return answer(
      response,
      200,
      "text/plain; charset=utf-8",
      `SANDBOX\n${receipt}\n${amount} ${currency}\n${status}\n`,
    );
  }
  if (route !== "POST /sandbox/faults") return answerJson(response, 404, { error: { type: "invalid_request_error" } });
  const order = StripeFaultOrder.safeParse(parseJson(await readBody(request, MAX_FORM_BYTES)));
  if (!order.success) return answerJson(response, 400, { error: { message: order.error.issues[0]?.message } });
  api.faults.set(order.data);
  if (order.data.webhooks !== undefined) api.courier.manner = order.data.webhooks;
  answerJson(response, 200, { ...api.faults.describe(), webhooks: api.courier.manner });
}

function parseJson(text: string | null): unknown {
  try {
    const parsed: unknown = JSON.parse(text ?? "");
    return parsed;
  } catch {
    return null;
  }
}

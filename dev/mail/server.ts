/**
 * A mail service for a laptop: it takes what the real API takes, and keeps it where it can be read.
 *
 *     POST /emails            the API, for the holder of the key
 *     GET /                   the inbox, a page          GET /mails/{id}/html   one mail as a mail program shows it
 *     GET /mails[?to=…]       the same as JSON           /sandbox/faults        trouble on request
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { sentenceOf } from "../failure.ts";
import { answer, answerJson, listen, readBody, type ListeningServer } from "../http-server.ts";
import { Draft, Letters } from "./letters.ts";
import { inboxHeaders, inboxPage, letterHeaders } from "./page.ts";

const MAX_BYTES = 1024 * 1024;
const html = "text/html; charset=utf-8";

/** `down` answers 503; `slow` waits before it takes the mail, longer than a caller may be willing to. */
const FaultOrder = z.strictObject({
  fault: z.enum(["down", "slow"]).nullable(),
  slowMs: z.number().int().min(0).max(120_000).default(8_000),
});
type FaultOrder = z.infer<typeof FaultOrder>;

interface Inbox {
  readonly key: string;
  readonly letters: Letters;
  fault: FaultOrder;
}

/** Port 0 takes a free one. */
export async function startInbox({ port, key }: { port: number; key: string }): Promise<ListeningServer> {
  const inbox: Inbox = { key, letters: new Letters(), fault: { fault: null, slowMs: 0 } };
  return listen(port, (request, response) => {
    handle(inbox, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else answerJson(response, 500, { message: sentenceOf(error) });
    });
  });
}

async function handle(inbox: Inbox, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://inbox");
  const route = `${request.method} ${url.pathname}`;
  if (route === "POST /emails") return take(inbox, request, response);
  if (route === "GET /") return answer(response, 200, html, inboxPage(inbox.letters.list(null)), inboxHeaders);
  if (route === "GET /mails") {
    return answerJson(response, 200, { items: inbox.letters.list(url.searchParams.get("to")) });
  }
  if (route === "POST /sandbox/faults") return setFault(inbox, request, response);
  const shown = /^GET \/mails\/([0-9a-f-]{36})\/html$/.exec(route)?.[1];
  const letter = shown === undefined ? null : inbox.letters.find(shown);
  if (letter !== null) return answer(response, 200, html, letter.html, letterHeaders);
  answerJson(response, 404, { message: "There is nothing here." });
}

async function take(inbox: Inbox, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { fault, slowMs } = inbox.fault;
  const text = await readBody(request, MAX_BYTES);
  if (fault === "down") return answerJson(response, 503, { message: "The sandbox was told to be down." });
  if (fault === "slow") await sleep(slowMs);
  if (request.headers.authorization !== `Bearer ${inbox.key}`)
    return answerJson(response, 401, { message: "Wrong key." });
  const draft = Draft.safeParse(parseJson(text));
  if (!draft.success) return answerJson(response, 422, { message: draft.error.issues[0]?.message });
  const key = request.headers["idempotency-key"];
  const id = inbox.letters.take(draft.data, typeof key === "string" ? key : null, new Date());
  answerJson(response, 200, { id });
}

async function setFault(inbox: Inbox, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const order = FaultOrder.safeParse(parseJson(await readBody(request, MAX_BYTES)));
  if (!order.success) return answerJson(response, 400, { message: order.error.issues[0]?.message });
  inbox.fault = order.data;
  answerJson(response, 200, order.data);
}

function parseJson(text: string | null): unknown {
  try {
    const parsed: unknown = JSON.parse(text ?? "");
    return parsed;
  } catch {
    return null;
  }
}

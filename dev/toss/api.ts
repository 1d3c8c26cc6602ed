/** The provider's REST API, as far as cards, virtual accounts, reads and refunds go (API version 2022-11-16). */
import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { readBody } from "../http-server.ts";
import type { Answers, AnswerScope } from "./answers.ts";
import type { Books } from "./books.ts";
import type { Faults } from "./faults.ts";
import { describePayment, type PaymentRecord } from "./payment.ts";
import { refusalAnswer, TossRefusal, type Answer } from "./refusals.ts";
import type { Webhooks } from "./webhooks.ts";

const MAX_BODY_BYTES = 64 * 1024;
const MAX_IDEMPOTENCY_KEY = 300;

const ConfirmBody = z.object({
  paymentKey: z.string().min(1).max(200),
  orderId: z.string().regex(/^[A-Za-z0-9_-]{6,64}$/),
  amount: z.number().int().positive(),
});

const CancelBody = z.object({
  cancelReason: z.string().min(1).max(200),
  cancelAmount: z.number().int().positive().nullish(),
  refundReceiveAccount: z
    .object({ bank: z.string(), accountNumber: z.string(), holderName: z.string().min(1).max(60) })
    .nullish(),
});

export interface Api {
  readonly books: Books;
  readonly answers: Answers;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly secretKey: string;
  readonly now: () => number;
  /** Where the sandbox is reached; receipts lie below it. */
  readonly origin: () => string;
}

/** The answer, or "lost" when the connection must break instead. */
export async function answerApi(api: Api, request: IncomingMessage, pathname: string): Promise<Answer | "lost"> {
  if (!isAuthorised(request, api.secretKey)) return refusalAnswer("UNAUTHORIZED_KEY");
  const paths = /^\/v1\/payments\/(?:(confirm)|orders\/([^/]+)|([^/]+)\/(cancel)|([^/]+))$/.exec(pathname);
  const [, confirm, orderId, cancelKey, , readKey] = paths ?? [];
  const { method } = request;
  if (method === "POST" && confirm !== undefined) return change(api, request, pathname, "confirm", confirmWork(api));
  if (method === "POST" && cancelKey !== undefined) {
    return change(api, request, pathname, "cancel", cancelWork(api, cancelKey));
  }
  if (method === "GET" && orderId !== undefined) {
    return read(api, () => api.books.findByOrder(orderId, api.now()));
  }
  if (method === "GET" && readKey !== undefined) {
    return read(api, () => api.books.find(readKey, api.now()));
  }
  return refusalAnswer("NOT_FOUND");
}

type Work = (body: unknown) => PaymentRecord;

function confirmWork({ books, faults, now }: Api): Work {
  return (body) => {
    const request = ConfirmBody.safeParse(body);
    if (!request.success) throw new TossRefusal("INVALID_REQUEST");
    const { depositSeconds } = faults;
    return books.confirm(request.data, now(), depositSeconds === null ? null : now() + depositSeconds * 1_000);
  };
}

function cancelWork({ books, now }: Api, paymentKey: string): Work {
  return (body) => {
    const request = CancelBody.safeParse(body);
    if (!request.success) throw new TossRefusal("INVALID_REQUEST");
    const { cancelReason: reason, cancelAmount, refundReceiveAccount: account } = request.data;
    return books.cancel(paymentKey, { reason, amount: cancelAmount ?? null, account: account ?? null }, now());
  };
}

/** A request that moves money: once per idempotency key, with whatever trouble has been ordered. */
async function change(
  api: Api,
  request: IncomingMessage,
  pathname: string,
  operation: "confirm" | "cancel",
  work: Work,
): Promise<Answer | "lost"> {
  const text = await readBody(request, MAX_BODY_BYTES);
  const idempotencyKey = headerOf(request, "idempotency-key");
  if (idempotencyKey !== null && idempotencyKey.length > MAX_IDEMPOTENCY_KEY)
    return refusalAnswer("INVALID_IDEMPOTENCY_KEY");
  const scope: AnswerScope | null =
    idempotencyKey === null ? null : { idempotencyKey, apiKey: api.secretKey, method: "POST", url: pathname };
  const testCode = headerOf(request, "tosspayments-test-code");
  let fault: string | undefined;
  let changed: unknown = null;
  const answer = await api.answers.once(scope, api.now, async () => {
    if (testCode !== null) return () => refusalAnswer(testCode);
    const active = api.faults.take(operation);
    if (active?.fault === "error-500") return () => refusalAnswer("FAILED_INTERNAL_SYSTEM_PROCESSING");
    if (active?.fault === "slow") await sleep(active.slowMs);
    fault = active?.fault;
    return () => {
      changed = describePayment(work(parseJson(text)), api.origin());
      return { status: 200, body: changed };
    };
  });
  if (changed !== null) api.webhooks.paymentChanged(changed);
  if (fault === "oversized") return { ...answer, oversized: true };
  return fault === "lose-answer" ? "lost" : answer;
}

function read(api: Api, find: () => PaymentRecord): Answer {
  const active = api.faults.take("read");
  if (active?.fault === "error-500") return refusalAnswer("FAILED_INTERNAL_SYSTEM_PROCESSING");
  if (active?.fault === "not-found") return refusalAnswer("NOT_FOUND_PAYMENT");
  try {
    const answer = { status: 200, body: describePayment(find(), api.origin()) };
    return active?.fault === "oversized" ? { ...answer, oversized: true } : answer;
  } catch (error) {
    if (error instanceof TossRefusal) return refusalAnswer(error.code, error.message);
    throw error;
  }
}

/** Basic authentication: the secret key is the user, the password is empty, the colon between them is required. */
function isAuthorised(request: IncomingMessage, secretKey: string): boolean {
  const expected = `Basic ${Buffer.from(`${secretKey}:`).toString("base64")}`;
  return headerOf(request, "authorization") === expected;
}

function parseJson(text: string | null): unknown {
  try {
    const parsed: unknown = JSON.parse(text ?? "");
    return parsed;
  } catch {
    throw new TossRefusal("INVALID_REQUEST");
  }
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : null;
}

/**
 * Toss Payments' REST API (version 2022-11-16): one call, and the payment it answers. What a field means and which there are:
 * https://docs.tosspayments.com/reference. Fields we do not use may come and go; of those we use, most may be missing.
 */
import { z } from "zod";
import type { Line } from "./line.ts";

const payment = z.looseObject({
  paymentKey: z.string().max(200),
  orderId: z.string().max(64),
  status: z.string(),
  totalAmount: z.number().int().nonnegative(),
  currency: z.string().nullish(),
  method: z.string().nullish(),
  lastTransactionKey: z.string().nullish(),
  approvedAt: z.string().nullish(),
  /** Of a virtual account: notifications about its deposit carry it. */
  secret: z.string().max(200).nullish(),
  virtualAccount: z
    .looseObject({
      accountNumber: z.string().max(40),
      bankCode: z.string().max(40).nullish(),
      customerName: z.string().max(100).nullish(),
      dueDate: z.string().max(40).nullish(),
      refundStatus: z.string().max(40).nullish(),
    })
    .nullish(),
  receipt: z.looseObject({ url: z.string().nullish() }).nullish(),
  cancels: z
    .array(
      z.looseObject({
        cancelAmount: z.number().int().nonnegative(),
        cancelReason: z.string().nullish(),
        transactionKey: z.string().nullish(),
        canceledAt: z.string().nullish(),
        cancelStatus: z.string().nullish(),
      }),
    )
    .nullish(),
});
export type Payment = z.infer<typeof payment>;

const problem = z.looseObject({ code: z.string(), message: z.string() });

export interface Refused {
  readonly kind: "refused";
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export type Answer =
  | { readonly kind: "payment"; readonly payment: Payment }
  | Refused
  /** No answer worth having: what was asked may have happened. */
  | { readonly kind: "open"; readonly reason: string };

export interface TossApi {
  readonly apiUrl: string;
  readonly secretKey: string;
  readonly line: Line;
}

export async function call(
  settings: TossApi,
  method: "GET" | "POST",
  path: string,
  body: unknown,
  idempotencyKey: string | null,
  testCode: string | null = null,
): Promise<Answer> {
  const headers = new Headers({ authorization: `Basic ${btoa(`${settings.secretKey}:`)}`, accept: "application/json" });
  if (body !== null) headers.set("content-type", "application/json");
  if (idempotencyKey !== null) headers.set("idempotency-key", idempotencyKey);
  if (testCode !== null) headers.set("tosspayments-test-code", testCode);
  let status: number;
  let found: unknown;
  try {
    const request = { method, headers, ...(body === null ? {} : { body: JSON.stringify(body) }) };
    const response = await settings.line(new URL(path, settings.apiUrl), request);
    status = response.status;
    found = await response.json();
  } catch (error) {
    return { kind: "open", reason: error instanceof Error ? error.name : "unreachable" };
  }
  if (status === 200) {
    const parsed = payment.safeParse(found);
    return parsed.success ? { kind: "payment", payment: parsed.data } : { kind: "open", reason: "unreadable answer" };
  }
  const parsed = problem.safeParse(found);
  if (!parsed.success) return { kind: "open", reason: `HTTP ${status}` };
  return { kind: "refused", status, code: parsed.data.code, message: parsed.data.message };
}

/** A time of an answer, or now where it has none. */
export function timeOf(text: string | null | undefined): number {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? Date.now() : time;
}

export function paymentPath(paymentKey: string): string {
  return `/v1/payments/${encodeURIComponent(paymentKey)}`;
}

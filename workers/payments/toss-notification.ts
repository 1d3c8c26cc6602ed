/**
 * Toss does not sign its notifications about payments: nothing in one is believed, and it is told apart from a repetition by
 * its bytes. One about a deposit carries the secret of its account, of which the order knows the hash. What is kept of either
 * is named here: neither secrets nor anybody's bank account.
 * https://docs.tosspayments.com/reference/using-api/webhook-events
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Notification, NotificationReading } from "./provider.ts";

const text = (most: number) => z.string().max(most);

const statusChanged = z.object({
  eventType: text(100),
  createdAt: text(60).optional(),
  data: z.object({
    orderId: text(64),
    paymentKey: text(200).optional(),
    status: text(40).optional(),
    totalAmount: z.number().optional(),
    balanceAmount: z.number().optional(),
    lastTransactionKey: text(100).nullish(),
  }),
});

const deposited = z.object({
  createdAt: text(60).optional(),
  secret: text(200),
  status: text(40),
  transactionKey: text(100).nullish(),
  orderId: text(64),
});

export function readTossNotification({ body }: Notification): Promise<NotificationReading> {
  return Promise.resolve(readingOf(body));
}

function readingOf(body: string): NotificationReading {
  const said = parse(body);
  const eventKey = hashOf(body);
  const deposit = deposited.safeParse(said);
  if (deposit.success) {
    const { secret, ...event } = deposit.data;
    const [orderId, attempt] = attemptOf(event.orderId);
    const proof = { attempt, secretHash: hashOf(secret) };
    return {
      kind: "hint",
      eventKey,
      event: { eventType: "DEPOSIT_CALLBACK", ...event },
      signed: false,
      orderId,
      verified: null,
      proof,
    };
  }
  const changed = statusChanged.safeParse(said);
  if (!changed.success) return { kind: "refused", why: "malformed", reason: "not a known event" };
  const [orderId] = attemptOf(changed.data.data.orderId);
  return { kind: "hint", eventKey, event: changed.data, signed: false, orderId, verified: null, proof: null };
}

/** What the provider knows an attempt as is the order's id and the attempt's number. */
function attemptOf(providerOrderId: string): readonly [orderId: string, attempt: number] {
  const parts = /^(.*)-(\d{1,3})$/.exec(providerOrderId);
  return [parts?.[1] ?? providerOrderId, Number(parts?.[2] ?? 0)];
}

function hashOf(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

function parse(body: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    return parsed;
  } catch {
    return null;
  }
}

/**
 * Toss does not sign its notifications about payments: nothing in one is believed, and it is told apart from a repetition by
 * its bytes. https://docs.tosspayments.com/reference/using-api/webhook-events
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Notification, NotificationReading } from "./provider.ts";

const statusChanged = z.looseObject({
  eventType: z.string().max(100),
  data: z.looseObject({
    orderId: z.string().max(64),
    paymentKey: z.string().max(200).optional(),
    status: z.string().max(40).optional(),
  }),
});

export function readTossNotification({ body }: Notification): Promise<NotificationReading> {
  const parsed = statusChanged.safeParse(parse(body));
  if (!parsed.success) return Promise.resolve({ kind: "refused", why: "malformed", reason: "not a known event" });
  return Promise.resolve({
    kind: "hint",
    eventKey: createHash("sha256").update(body).digest("hex"),
    event: parsed.data,
    orderId: orderOf(parsed.data.data.orderId),
    verified: null,
  });
}

/** What the provider knows an attempt as is the order's id and the attempt's number. */
function orderOf(providerOrderId: string): string {
  return providerOrderId.replace(/-\d{1,3}$/, "");
}

function parse(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    return null;
  }
}

/**
 * A message of the event queue as it arrives: unknown until parsed. An object of an older deploy may have written it, so
 * fields that are new are optional here and fields that are gone are ignored.
 */
import { z } from "zod";
import { completed } from "../../durable-objects/performance/order-seats.ts";
import type { EventEnvelope } from "../../durable-objects/performance/events.ts";

const id = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
const time = z.number().int().nonnegative();
const amount = z.number().int().nonnegative();
const statuses = [
  "pending",
  "paying",
  "awaiting-deposit",
  "paid",
  "expired",
  "failed",
  "cancelling",
  "cancelled",
] as const;

const seat = z.object({
  id: z.string(),
  section: z.string(),
  row: z.string(),
  label: z.string(),
  grade: z.string(),
  price: amount,
});

const bank = z.object({ code: z.string(), ko: z.string(), en: z.string() });

const deposit = z.object({
  dueAt: time,
  account: z
    .object({
      bank,
      number: z.string(),
      holder: z.string().nullable(),
      dueAt: time,
      secretHash: z.string().nullable(),
    })
    .nullable(),
  arrivals: z.array(z.object({ transaction: z.string(), at: time, undoneAt: time.nullable() })),
});

const attempt = z.object({
  number: z.number().int().positive(),
  provider: z.string(),
  method: z.string(),
  amount,
  status: z.enum(["begun", "confirming", "awaiting-deposit", "approved", "declined", "closing", "abandoned"]),
  paymentKey: z.string().nullable(),
  transaction: z.string().nullable(),
  receiptUrl: z.string().nullable(),
  declineCode: z.string().nullable(),
  declineMessage: z.string().nullable(),
  begunAt: time,
  confirmingAt: time.nullable(),
  settledAt: time.nullable(),
  deposit: deposit.nullable().optional(),
});

const refund = z.object({
  number: z.number().int().positive(),
  attempt: z.number().int().positive(),
  amount,
  reason: z.string(),
  status: z.enum(["requested", "refunded", "void"]),
  transaction: z.string().nullable(),
  requestedAt: time,
  settledAt: time.nullable(),
  account: z.enum(["needed", "given", "refused"]).nullable().optional(),
  keysSpent: z.number().int().nonnegative().optional(),
});

const feeRule = z.object({
  daysBefore: z.number().int(),
  daysSince: z.number().int().nullable(),
  percent: z.number(),
  perSeat: amount.nullable(),
});

const cancellation = z.object({
  number: z.number().int().positive(),
  by: z.enum(["member", "organiser"]),
  reason: z.string(),
  seats: z.array(z.string()),
  amount,
  fee: amount,
  refund: z.number().int().positive().nullable(),
  at: time,
  settledAt: time.nullable(),
});

const order = z.object({
  id: z.string().max(64),
  performanceId: id,
  version: z.number().int().positive(),
  member: id,
  holdNumber: z.number().int(),
  title: z.string(),
  scheduleId: id,
  startsAt: time,
  hallName: z.string(),
  timeZone: z.string(),
  seats: z.array(seat).min(1),
  amount,
  currency: z.string(),
  status: z.enum(statuses),
  placedAt: time,
  payBy: time,
  attempts: z.array(attempt),
  refunds: z.array(refund),
  policy: z.object({ rules: z.array(feeRule) }).optional(),
  cancellations: z.array(cancellation).optional(),
  moved: z.object({ from: time, at: time, freeUntil: time }).nullable().optional(),
  updatedAt: time,
});

const event = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("order-changed"),
    order: order.transform((stored) => completed(stored)),
    again: z.literal(true).optional(),
  }),
  z.object({
    type: z.literal("performance-changed"),
    version: z.number().int(),
    phase: z.string(),
    capacity: z.number().int(),
    ratePerMinute: z.number().int(),
    notice: z.string().nullable(),
  }),
  z.object({ type: z.literal("operator-acted"), operator: z.string(), action: z.string(), detail: z.string() }),
]);

/** Everything an event may be; docs/events.md is written from it. */
export const envelopeSchema = z.object({
  performanceId: id,
  seq: z.number().int().positive(),
  at: time,
  cause: z.string().max(80).exactOptional(),
  event,
});

export type ParsedEvent =
  | { readonly ok: true; readonly envelope: EventEnvelope }
  | { readonly ok: false; readonly reason: string; readonly performanceId: string | null; readonly seq: number | null };

/** A message of this version or an older one. What cannot be read is told with its number, where that much could be read. */
export function parseEvent(body: unknown): ParsedEvent {
  const parsed = envelopeSchema.safeParse(body);
  if (parsed.success) return { ok: true, envelope: parsed.data satisfies EventEnvelope };
  const reason = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join(".")}: ${issue.code}`)
    .join("; ");
  const address = z.object({ performanceId: id, seq: z.number().int().positive() }).safeParse(body);
  return {
    ok: false,
    reason: `unreadable: ${reason}`,
    performanceId: address.success ? address.data.performanceId : null,
    seq: address.success ? address.data.seq : null,
  };
}

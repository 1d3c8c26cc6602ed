/** Live figures of a sale as operators see them. Times in the status frame stay milliseconds, as in the frames to fans. */
import { z } from "@hono/zod-openapi";
import type { Figures } from "../../../../durable-objects/performance/contract.ts";
import { momentSchema } from "../../openapi.ts";

const counts = z.record(z.string(), z.int());

export const figuresSchema = z
  .object({
    status: z.object({
      phase: z.string(),
      now: z.number(),
      gatherAt: z.number().nullable(),
      openAt: z.number(),
      closeAt: z.number(),
      joined: z.int(),
      front: z.int(),
      waiting: z.int(),
      sessions: z.int(),
      capacity: z.int(),
      ratePerMinute: z.int(),
      ahead: z.array(z.array(z.int())),
      flowPerMinute: z.number(),
      seatsLeft: counts,
      notice: z.string().nullable(),
      seatsVersion: z.int(),
    }),
    admittedTotal: z.int(),
    absent: z.int(),
    returned: z.int(),
    grades: z.array(z.object({ grade: z.string(), total: z.int(), free: z.int(), sold: z.int(), value: z.int() })),
    seatsByStatus: counts,
    ordersByStatus: counts,
    outboxDepth: z.int(),
    oldestOutboxAt: momentSchema.nullable(),
    unknownPayments: z.int(),
    oldestUnknownPaymentAt: momentSchema.nullable(),
  })
  .openapi("Figures");

export function figuresView(figures: Figures) {
  const { status, oldestOutboxAt, oldestUnknownPaymentAt } = figures;
  return {
    status: { ...status, ahead: status.ahead.map((point) => [...point]), seatsLeft: { ...status.seatsLeft } },
    admittedTotal: figures.admittedTotal,
    absent: figures.absent,
    returned: figures.returned,
    grades: figures.grades.map((grade) => ({ ...grade })),
    seatsByStatus: { ...figures.seatsByStatus },
    ordersByStatus: { ...figures.ordersByStatus },
    outboxDepth: figures.outboxDepth,
    oldestOutboxAt: oldestOutboxAt === null ? null : new Date(oldestOutboxAt).toISOString(),
    unknownPayments: figures.unknownPayments,
    oldestUnknownPaymentAt: oldestUnknownPaymentAt === null ? null : new Date(oldestUnknownPaymentAt).toISOString(),
  };
}

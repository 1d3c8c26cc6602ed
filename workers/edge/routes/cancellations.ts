/** Giving an order back, or some of its seats: what it costs is told first, and what was told is what counts. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../context.ts";
import { granted } from "../gate/room.ts";
import { line } from "../text-input.ts";
import { ownOrder, roomOfOrder } from "./orders.ts";
import { accountInput, answerRefund, sealedFor } from "./refund-accounts.ts";

const params = z.object({ orderId: z.string().min(1).max(64) });
const json = { "application/json": { schema: z.looseObject({}) } };
const seatId = z.string().min(1).max(64);
export const seatsInput = z.array(seatId).min(1).max(100);

const quoteSchema = z
  .object({
    seats: z.array(z.object({ id: z.string(), price: z.int(), fee: z.int() })),
    amount: z.int(),
    fee: z.int(),
    refund: z.int(),
    currency: z.string(),
    /** `unpaid` and `moved` cost nothing; `policy` is the order's own ladder. */
    because: z.enum(["policy", "moved", "unpaid"]),
  })
  .openapi("CancellationQuote");

const quoteRoute = createRoute({
  method: "get",
  path: "/api/orders/{orderId}/cancellation",
  tags: ["orders"],
  request: {
    params,
    /** Ids of seats, comma separated; without it all. */
    query: z.object({ seats: z.string().max(7_000).optional() }),
  },
  responses: {
    200: {
      description: "What cancelling would cost at this moment.",
      content: { "application/json": { schema: z.object({ quote: quoteSchema }) } },
    },
  },
});

const cancelRoute = createRoute({
  method: "post",
  path: "/api/orders/{orderId}/cancel",
  tags: ["orders"],
  request: {
    params,
    body: {
      required: false,
      content: {
        "application/json": {
          schema: z.strictObject({
            reason: line(0, 150).optional(),
            seats: seatsInput.optional(),
            /** The fee that was shown: if it is another one by now, nothing is cancelled. */
            fee: z.int().nonnegative().optional(),
            /** Needed where a bank transfer is paid back. */
            account: accountInput.optional(),
          }),
        },
      },
    },
  },
  responses: {
    200: { description: "Cancelled.", content: json },
    202: { description: "Cancelled; the money is on its way back.", content: json },
  },
});

export function registerCancellations(app: App): void {
  app.openapi(quoteRoute, async (c) => {
    const { orderId } = c.req.valid("param");
    const seats =
      c.req
        .valid("query")
        .seats?.split(",")
        .filter((id) => id !== "") ?? null;
    const room = await roomOfOrder(c, orderId);
    const command = { kind: "quote-cancellation", member: c.var.member.id, orderId, seats } as const;
    const { quote } = granted(await room.booking.submit(command), "quote");
    return c.json({ quote: { ...quote, seats: [...quote.seats] } }, 200, { "cache-control": "no-store" });
  });

  app.openapi(cancelRoute, async (c) => {
    const { orderId } = c.req.valid("param");
    const { reason = "requested by the buyer", seats = null, fee = null, account } = c.req.valid("json");
    const room = await roomOfOrder(c, orderId);
    const sealed =
      account === undefined ? {} : { account: await sealedFor(c.env, await ownOrder(c, orderId), account) };
    const command = { kind: "cancel-order", member: c.var.member.id, orderId, reason, seats, fee, ...sealed } as const;
    const { order, task } = granted(await room.booking.submit(command), "refund");
    return answerRefund(c, room, order, task);
  });
}

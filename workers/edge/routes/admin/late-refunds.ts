/** Giving back an order of a sale that is over for good: its object has forgotten it, the records decide. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Order } from "../../../../durable-objects/performance/contract.ts";
import { paymentsPort } from "../../../payments/port.ts";
import { refundArchived } from "../../../records/archived-orders.ts";
import { writeAudit } from "../../../records/audit.ts";
import { withRecords } from "../../../records/database.ts";
import { readOrder } from "../../../records/orders.ts";
import type { Environment } from "../../../environment.ts";
import type { App } from "../../context.ts";
import { performanceOfOrder } from "../../gate/room.ts";
import { body, json } from "../../openapi.ts";
import { Problem } from "../../problem.ts";
import { line } from "../../text-input.ts";
import { seatsInput } from "../cancellations.ts";
import { accountInput, grantedArchived, sealedFor } from "../refund-accounts.ts";
import { viewOrder } from "../views.ts";

const answer = z.object({ order: z.looseObject({}) });

const refundRoute = createRoute({
  method: "post",
  path: "/api/admin/orders/{orderId}/refund",
  request: {
    params: z.object({ orderId: z.string().min(1).max(64) }),
    body: body(
      z.strictObject({
        reason: line(1, 150),
        seats: seatsInput.optional(),
        /** Needed with each asking where a bank transfer is paid back: it is kept nowhere. */
        account: accountInput.optional(),
      }),
    ),
  },
  responses: {
    200: json(answer, "The money has gone back"),
    202: json(answer, "It is on its way back: the provider is asked again every minute"),
  },
});

export function registerLateRefunds(app: App): void {
  app.openapi(refundRoute, async (c) => {
    const { orderId } = c.req.valid("param");
    const { reason, seats = null, account } = c.req.valid("json");
    const entry = {
      performanceId: performanceOfOrder(orderId),
      actor: c.var.member.id,
      action: "order.refund-requested",
      detail: { orderId, reason, ...(seats === null ? {} : { seats }) },
    };
    await withRecords(c.env, (db) => writeAudit(db, entry));
    const sealed = account === undefined ? null : await sealedFor(c.env, await recordedOrder(c.env, orderId), account);
    const request = { orderId, seats, reason, account: sealed };
    const order = grantedArchived(await refundArchived(c.env, paymentsPort(c.env), request, Date.now()));
    const open = order.refunds.some(({ status }) => status === "requested");
    return c.json({ order: viewOrder(order) }, open ? 202 : 200);
  });
}

async function recordedOrder(env: Environment, orderId: string): Promise<Order> {
  const order = await withRecords(env, (db) => readOrder(db, orderId));
  if (order === null) throw new Problem("order-not-found");
  return order;
}

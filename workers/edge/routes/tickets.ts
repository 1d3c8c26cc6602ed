/** The tickets of an order: what their buyer shows at the door, and a new one for one that went astray. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Order } from "../../../durable-objects/performance/contract.ts";
import { orderNumber } from "../../../durable-objects/performance/order-number.ts";
import { readRecords, withRecords } from "../../records/database.ts";
import { listTickets, reissueTicket, type TicketRow } from "../../records/tickets.ts";
import type { App, AppContext } from "../context.ts";
import { signSeatTicket } from "../door/ticket-token.ts";
import { body, momentSchema, ok } from "../openapi.ts";
import { Problem } from "../problem.ts";
import { ownOrder } from "./orders.ts";
import { iso } from "./views.ts";

const seatSchema = z.object({
  id: z.string(),
  section: z.string(),
  row: z.string(),
  label: z.string(),
  grade: z.string(),
  price: z.int(),
});

const ticketSchema = z
  .object({
    id: z.string(),
    status: z.enum(["valid", "cancelled"]),
    version: z.int(),
    /** For typing at the door. */
    code: z.string(),
    orderNumber: z.string(),
    title: z.string(),
    startsAt: momentSchema,
    hallName: z.string(),
    timeZone: z.string(),
    seat: seatSchema.nullable(),
    issuedAt: momentSchema,
    /** A compact JWS; drawn as a QR code it is what the door reads. */
    token: z.string(),
  })
  .openapi("Ticket");

const orderId = z.string().min(1).max(64);

const listRoute = createRoute({
  method: "get",
  path: "/api/orders/{orderId}/tickets",
  tags: ["orders"],
  request: { params: z.object({ orderId }) },
  responses: ok(z.object({ items: z.array(ticketSchema) }), "The tickets of a paid order."),
});

const reissueRoute = createRoute({
  method: "post",
  path: "/api/orders/{orderId}/tickets/{ticketId}/reissue",
  tags: ["orders"],
  request: {
    params: z.object({ orderId, ticketId: z.string().min(1).max(200) }),
    body: body(
      z.strictObject({
        /** The version that shall open no door any more; a repetition of the request names the same. */
        version: z.int().positive().max(1_000_000),
      }),
    ),
  },
  responses: ok(z.object({ ticket: ticketSchema }), "The new ticket; the one before it opens no door."),
});

export function registerTickets(app: App): void {
  app.openapi(listRoute, async (c) => {
    const order = await ownOrder(c, c.req.valid("param").orderId);
    const rows = await readRecords(c.env, (db) => listTickets(db, order.id));
    const items = await Promise.all(rows.map((row) => viewTicket(c, order, row)));
    return c.json({ items }, 200, { "cache-control": "no-store" });
  });

  app.openapi(reissueRoute, async (c) => {
    const { orderId: named, ticketId } = c.req.valid("param");
    const { version } = c.req.valid("json");
    const order = await ownOrder(c, named);
    const which = { ticketId, orderId: order.id, memberId: c.var.member.id, version };
    const result = await withRecords(c.env, (db) => reissueTicket(db, which));
    if (!result.ok) {
      const codes = {
        unknown: "ticket-not-found",
        cancelled: "ticket-cancelled",
        used: "ticket-used",
        newer: "ticket-reissued",
      } as const;
      throw new Problem(codes[result.why]);
    }
    return c.json({ ticket: await viewTicket(c, order, result.ticket) }, 200, { "cache-control": "no-store" });
  });
}

async function viewTicket(c: AppContext, order: Order, row: TicketRow): Promise<z.infer<typeof ticketSchema>> {
  const ticket = { ticketId: row.id, scheduleId: row.scheduleId, version: row.version };
  return {
    id: row.id,
    status: row.status,
    version: row.version,
    code: row.code,
    orderNumber: orderNumber(order.id),
    title: order.title,
    startsAt: iso(order.startsAt),
    hallName: order.hallName,
    timeZone: order.timeZone,
    seat: order.seats.find((seat) => seat.id === row.seatId) ?? null,
    issuedAt: row.issuedAt.toISOString(),
    token: await signSeatTicket(c.env, ticket, row.issuedAt),
  };
}

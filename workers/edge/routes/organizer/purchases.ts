/** Who bought what, and what it comes to: from the records, a second or two behind the sale. */
import { createRoute, z } from "@hono/zod-openapi";
import type { OrderSeat } from "../../../../durable-objects/performance/contract.ts";
import { orderNumber } from "../../../../durable-objects/performance/order-number.ts";
import type { App } from "../../context.ts";
import { idParameter, momentSchema, ok, pageQuery, pageSchema } from "../../openapi.ts";
import { readCursor } from "../../../records/cursor.ts";
import { readRecords } from "../../../records/database.ts";
import { readBooks, searchPurchases, type Purchase } from "../../../records/purchases.ts";
import { ownPerformance } from "./access.ts";

const purchaseSchema = z
  .object({
    id: z.string(),
    /** What its buyer calls it. */
    number: z.string(),
    memberId: z.string(),
    email: z.string().nullable(),
    nickname: z.string().nullable(),
    status: z.string(),
    scheduleId: z.string(),
    startsAt: momentSchema,
    seats: z.array(z.string()),
    /** The same seats, each with what it cost and whether it has been given back. */
    places: z.array(z.object({ id: z.string(), name: z.string(), price: z.int(), givenBack: z.boolean() })),
    amount: z.int(),
    refunded: z.int(),
    currency: z.string(),
    placedAt: momentSchema,
  })
  .openapi("Purchase");

const counts = z.record(z.string(), z.int());

const ordersRoute = createRoute({
  method: "get",
  path: "/api/organizer/performances/{id}/orders",
  request: { params: idParameter, query: pageQuery.extend({ q: z.string().trim().max(100).default("") }) },
  responses: ok(
    pageSchema(purchaseSchema),
    "Orders, the newest first; `q`: a number, or part of an id or of an e-mail address",
  ),
});

const moneyRoute = createRoute({
  method: "get",
  path: "/api/organizer/performances/{id}/money",
  request: { params: idParameter },
  responses: ok(
    z.object({ currency: z.string(), captured: z.int(), refunded: z.int(), attempts: counts, refunds: counts }),
    "What was taken and given back, as the ledger has it, and how the tries at it ended",
  ),
});

export function registerPurchases(app: App): void {
  app.openapi(ordersRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { q, cursor, limit } = c.req.valid("query");
    const after = readCursor(cursor, (order) => /^[0-9a-f-]{40,64}$/.test(order));
    await ownPerformance(c, id);
    const page = await readRecords(c.env, (db) => searchPurchases(db, id, q, after, limit));
    return c.json({ items: page.items.map(purchaseView), nextCursor: page.nextCursor }, 200);
  });

  app.openapi(moneyRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { currency } = await ownPerformance(c, id);
    const books = await readRecords(c.env, (db) => readBooks(db, id));
    const { captured, refunded, attempts, refunds } = books;
    return c.json(
      { currency: currency ?? "", captured, refunded, attempts: { ...attempts }, refunds: { ...refunds } },
      200,
    );
  });
}

const nameOf = (seat: OrderSeat): string => `${seat.section} ${seat.row}-${seat.label}`.trim();

function purchaseView({ order, email, nickname }: Purchase) {
  const givenBack = new Set(order.cancellations.flatMap(({ seats }) => seats));
  const done = order.refunds.filter(({ status }) => status === "refunded");
  return {
    id: order.id,
    number: orderNumber(order.id),
    memberId: order.member,
    email,
    nickname,
    status: order.status,
    scheduleId: order.scheduleId,
    startsAt: new Date(order.startsAt).toISOString(),
    seats: order.seats.map(nameOf),
    places: order.seats.map((seat) => ({
      id: seat.id,
      name: nameOf(seat),
      price: seat.price,
      givenBack: givenBack.has(seat.id),
    })),
    amount: order.amount,
    refunded: done.reduce((sum, { amount }) => sum + amount, 0),
    currency: order.currency,
    placedAt: new Date(order.placedAt).toISOString(),
  };
}

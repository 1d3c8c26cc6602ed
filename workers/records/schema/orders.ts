import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { Order } from "../../../durable-objects/performance/contract.ts";
import { stamps, time } from "./columns.ts";

/** Ten hex digits: random enough that nobody at a door types another's by chance, short enough to be read out. */
export const freshCode = sql`upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 10))`;

/**
 * The latest reported state of every order: a member's history, exports, and what remains when an object is emptied.
 * `version` only grows; `snapshot` is the order as the object reported it, parsed by the events' consumer before it was
 * stored, and the columns beside it are what queries need. There are no foreign keys to members or the catalogue: an
 * event must be applicable whatever else has arrived.
 */
export const orders = pgTable(
  "orders",
  {
    id: text("id").primaryKey(),
    /** What people call it (order-number.ts); Postgres derives it, so that every row has it, whoever wrote it. */
    number: text("number").generatedAlwaysAs(sql`order_number(id)`),
    performanceId: uuid("performance_id").notNull(),
    version: integer("version").notNull(),
    memberId: uuid("member_id").notNull(),
    scheduleId: uuid("schedule_id").notNull(),
    status: text("status").notNull(),
    amount: bigint("amount", { mode: "number" }).notNull(),
    currency: text("currency").notNull(),
    placedAt: time("placed_at").notNull(),
    payBy: time("pay_by").notNull(),
    snapshot: jsonb("snapshot").$type<Order>().notNull(),
    ...stamps(),
  },
  (table) => [
    index("orders_member").on(table.memberId, table.placedAt, table.id),
    index("orders_performance").on(table.performanceId, table.placedAt, table.id),
    index("orders_number").on(table.number),
  ],
);

/**
 * The seats of orders. The partial unique index is the second barrier against selling a seat twice: the object is the
 * first, and if it ever were wrong, the second sale would not be recorded but parked and reported.
 */
export const orderSeats = pgTable(
  "order_seats",
  {
    orderId: text("order_id")
      .notNull()
      .references(() => orders.id),
    scheduleId: uuid("schedule_id").notNull(),
    seatId: text("seat_id").notNull(),
    section: text("section").notNull(),
    row: text("row").notNull(),
    label: text("label").notNull(),
    grade: text("grade").notNull(),
    price: bigint("price", { mode: "number" }).notNull(),
    status: text("status", { enum: ["reserved", "sold", "released"] }).notNull(),
    ...stamps(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.seatId] }),
    uniqueIndex("order_seats_sold_once")
      .on(table.scheduleId, table.seatId)
      .where(sql`${table.status} in ('sold')`),
  ],
);

/**
 * What admits a person: one per seat of a paid order. The id is derived from order and seat, so a repeat makes no second.
 * `version` counts re-issues: a token names the version it was made for, and only the newest opens the door. `code` is the
 * same ticket for typing, where no camera reads it; it changes with the version.
 */
export const tickets = pgTable(
  "tickets",
  {
    id: text("id").primaryKey(),
    orderId: text("order_id")
      .notNull()
      .references(() => orders.id),
    memberId: uuid("member_id").notNull(),
    performanceId: uuid("performance_id").notNull(),
    scheduleId: uuid("schedule_id").notNull(),
    seatId: text("seat_id").notNull(),
    status: text("status", { enum: ["valid", "cancelled"] }).notNull(),
    version: integer("version").notNull().default(1),
    code: text("code").notNull().default(freshCode),
    issuedAt: time("issued_at").notNull(),
    ...stamps(),
  },
  (table) => [
    index("tickets_order").on(table.orderId),
    index("tickets_schedule").on(table.scheduleId, table.seatId),
    index("tickets_code").on(table.performanceId, table.code),
  ],
);

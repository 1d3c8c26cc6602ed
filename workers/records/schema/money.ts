import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { stamps, time } from "./columns.ts";
import { orders } from "./orders.ts";

/** Every try at taking money, for support, for reconciliation with the provider, and to find an order by its payment. */
export const payments = pgTable(
  "payments",
  {
    orderId: text("order_id")
      .notNull()
      .references(() => orders.id),
    attempt: integer("attempt").notNull(),
    provider: text("provider").notNull(),
    method: text("method").notNull(),
    amount: bigint("amount", { mode: "number" }).notNull(),
    status: text("status").notNull(),
    paymentKey: text("payment_key"),
    transaction: text("transaction"),
    receiptUrl: text("receipt_url"),
    begunAt: time("begun_at").notNull(),
    settledAt: time("settled_at"),
    ...stamps(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.attempt] }),
    index("payments_key").on(table.provider, table.paymentKey),
  ],
);

/** Money that goes or went back, numbered within its order. */
export const refunds = pgTable(
  "refunds",
  {
    orderId: text("order_id")
      .notNull()
      .references(() => orders.id),
    number: integer("number").notNull(),
    attempt: integer("attempt").notNull(),
    amount: bigint("amount", { mode: "number" }).notNull(),
    reason: text("reason").notNull(),
    status: text("status").notNull(),
    transaction: text("transaction"),
    requestedAt: time("requested_at").notNull(),
    settledAt: time("settled_at"),
    /** When an account that nobody keeps was last tried, once the object is emptied: no second one for some minutes. */
    accountTriedAt: time("account_tried_at"),
    ...stamps(),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.number] })],
);

/**
 * The books: double entry (the debits of a `transaction_ref` equal its credits), append-only (rows are inserted and never
 * touched; a correction is another pair). Ids are derived from what the entry reports, so that an event applied twice
 * books once.
 */
export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    id: text("id").primaryKey(),
    orderId: text("order_id").notNull(),
    transactionRef: text("transaction_ref").notNull(),
    account: text("account").notNull(),
    debit: bigint("debit", { mode: "number" }).notNull().default(0),
    credit: bigint("credit", { mode: "number" }).notNull().default(0),
    currency: text("currency").notNull(),
    at: time("at").notNull(),
    ...stamps(),
  },
  (table) => [
    index("ledger_entries_order").on(table.orderId),
    index("ledger_entries_transaction").on(table.transactionRef),
  ],
);

/**
 * Webhooks as they came. They are hints only; the key is unique for ever, because providers repeat a notification for
 * days, and a repeat must not start the same work again.
 */
export const providerEvents = pgTable(
  "provider_events",
  {
    provider: text("provider").notNull(),
    eventKey: text("event_key").notNull(),
    body: jsonb("body").$type<unknown>().notNull(),
    receivedAt: time("received_at").notNull().defaultNow(),
    ...stamps(),
  },
  (table) => [primaryKey({ columns: [table.provider, table.eventKey] })],
);

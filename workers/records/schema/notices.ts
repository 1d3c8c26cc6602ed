import { boolean, index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { stamps, time } from "./columns.ts";
import { members } from "./members.ts";

/** Where organisers want to be told. The secret signs what is sent; it is shown once, when the row is made. */
export const webhooks = pgTable(
  "webhooks",
  {
    id: uuid("id").primaryKey(),
    owner: uuid("owner")
      .notNull()
      .references(() => members.id),
    url: text("url").notNull(),
    secret: text("secret").notNull(),
    enabled: boolean("enabled").notNull().default(true),
    ...stamps(),
  },
  (table) => [index("webhooks_owner").on(table.owner)],
);

/**
 * What somebody has to be told because of an order: one row for each effect, made by the same transaction that applies the
 * event. The id is derived from what it is about, so that no repetition makes a second.
 */
export const notices = pgTable(
  "notices",
  {
    id: text("id").primaryKey(),
    channel: text("channel", { enum: ["mail", "webhook"] }).notNull(),
    kind: text("kind").notNull(),
    performanceId: uuid("performance_id").notNull(),
    orderId: text("order_id").notNull(),
    webhookId: uuid("webhook_id").references(() => webhooks.id),
    state: text("state", { enum: ["waiting", "sent", "given-up"] })
      .notNull()
      .default("waiting"),
    tries: integer("tries").notNull().default(0),
    /** Nobody else sends it until then. */
    claimedUntil: time("claimed_until"),
    reason: text("reason"),
    ...stamps(),
  },
  (table) => [index("notices_waiting").on(table.state, table.updatedAt), index("notices_webhook").on(table.webhookId)],
);

/** Every try at telling a webhook, for its owner to read. */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    id: uuid("id").primaryKey(),
    webhookId: uuid("webhook_id")
      .notNull()
      .references(() => webhooks.id),
    noticeId: text("notice_id").notNull(),
    kind: text("kind").notNull(),
    number: integer("number").notNull(),
    /** What was answered, or null where nothing was. */
    status: integer("status"),
    error: text("error"),
    tookMs: integer("took_ms").notNull(),
    at: time("at").notNull().defaultNow(),
    /** What was sent, without the signature. */
    body: jsonb("body").$type<unknown>().notNull(),
    ...stamps(),
  },
  (table) => [index("webhook_deliveries_webhook").on(table.webhookId, table.at, table.id)],
);

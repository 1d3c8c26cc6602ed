import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { stamps, time } from "./columns.ts";

/** Which events are in: the primary key is what turns "delivered at least once" into "applied exactly once". */
export const appliedEvents = pgTable(
  "applied_events",
  {
    performanceId: uuid("performance_id").notNull(),
    seq: integer("seq").notNull(),
    appliedAt: time("applied_at").notNull().defaultNow(),
    /** For whoever follows a purchase: when it happened, to which order, its version by then, and the command it came of. */
    happenedAt: time("happened_at"),
    orderId: text("order_id"),
    version: integer("version"),
    cause: text("cause"),
    ...stamps(),
  },
  (table) => [
    primaryKey({ columns: [table.performanceId, table.seq] }),
    // `npm run trace` asks for the commands of a request by how their ids begin. What came of no command costs it nothing.
    index("applied_events_cause")
      .on(table.cause.op("text_pattern_ops"))
      .concurrently()
      .where(sql`${table.cause} is not null`),
  ],
);

/**
 * Events that could not be applied, kept whole until somebody has looked: nothing that was reported is ever dropped.
 * The performance is text and may be missing, because a body may be broken in any way.
 */
export const quarantinedEvents = pgTable(
  "quarantined_events",
  {
    id: uuid("id").primaryKey(),
    performanceId: text("performance_id"),
    seq: integer("seq"),
    body: jsonb("body").$type<unknown>().notNull(),
    reason: text("reason").notNull(),
    at: time("at").notNull().defaultNow(),
    /** When it was put into the event queue again; null while it waits for somebody. */
    replayedAt: time("replayed_at"),
    ...stamps(),
  },
  (table) => [index("quarantined_events_performance").on(table.performanceId, table.seq)],
);

import { integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { stamps, time } from "./columns.ts";

/** How far the comparison of a sale's books has come: once round and round again, against the records and against providers. */
export const reconcilerPasses = pgTable(
  "reconciler_passes",
  {
    performanceId: uuid("performance_id").notNull(),
    side: text("side", { enum: ["records", "provider"] }).notNull(),
    /** The id of the last order that was looked at; "" at the beginning of a round. */
    cursor: text("cursor").notNull().default(""),
    advancedAt: time("advanced_at").notNull(),
    /** When the last round was complete. */
    finishedAt: time("finished_at"),
    ...stamps(),
  },
  (table) => [primaryKey({ columns: [table.performanceId, table.side] })],
);

/** What the books differ in, as long as they do. Repairs leave a line in the audit log. */
export const reconcilerDrifts = pgTable("reconciler_drifts", {
  /** Made of what it says: a difference that is found again is the same row. */
  key: text("key").primaryKey(),
  performanceId: uuid("performance_id").notNull(),
  side: text("side", { enum: ["records", "provider"] }).notNull(),
  kind: text("kind").notNull(),
  /** The order; "" where it is about the whole sale. */
  subject: text("subject").notNull(),
  detail: text("detail").notNull(),
  repairs: integer("repairs").notNull().default(0),
  repairedAt: time("repaired_at"),
  foundAt: time("found_at").notNull(),
  ...stamps(),
});

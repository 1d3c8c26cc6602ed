import { pgTable, text } from "drizzle-orm/pg-core";
import { stamps, time } from "./columns.ts";

/**
 * What the minute's watch has found and told (workers/watch/alerts). One row per condition while it lasts and a little
 * longer, so that a condition that comes and goes floods nobody.
 */
export const alerts = pgTable("alerts", {
  key: text("key").primaryKey(),
  performanceId: text("performance_id"),
  severity: text("severity", { enum: ["critical", "warning", "info"] }).notNull(),
  title: text("title").notNull(),
  detail: text("detail").notNull(),
  raisedAt: time("raised_at").notNull(),
  /** When somebody was told last, of its beginning, its lasting or its end. */
  toldAt: time("told_at"),
  clearedAt: time("cleared_at"),
  ...stamps(),
});

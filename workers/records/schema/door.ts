import { sql } from "drizzle-orm";
import { boolean, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { stamps, time } from "./columns.ts";

export const doorResults = [
  "admitted",
  "already-used",
  "cancelled",
  "reissued",
  "other-performance",
  "other-date",
  "not-a-ticket",
] as const;

/**
 * Every ticket shown at a door, and what came of it. The scan's id is the device's own, so that a repeat is recognised.
 * The partial unique index decides who was first: of two doors that see a ticket at the same moment one is told so.
 * `let_in` says what the door did, which for a device without a connection may differ from `result`: that is a conflict.
 */
export const doorScans = pgTable(
  "door_scans",
  {
    scheduleId: uuid("schedule_id").notNull(),
    id: uuid("id").notNull(),
    performanceId: uuid("performance_id").notNull(),
    ticketId: text("ticket_id"),
    ticketVersion: integer("ticket_version"),
    result: text("result", { enum: doorResults }).notNull(),
    letIn: boolean("let_in").notNull(),
    offline: boolean("offline").notNull(),
    device: text("device").notNull(),
    operator: uuid("operator").notNull(),
    /** When it was shown, by the device's clock, never later than it was reported. */
    at: time("at").notNull(),
    ...stamps(),
  },
  (table) => [
    primaryKey({ columns: [table.scheduleId, table.id] }),
    uniqueIndex("door_scans_admitted_once")
      .on(table.ticketId)
      .where(sql`${table.result} in ('admitted')`),
    index("door_scans_schedule").on(table.scheduleId, table.at),
  ],
);

import { integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { DrawView, Figures, KeptState } from "../../../durable-objects/performance/contract.ts";
import { bytea, stamps, time } from "./columns.ts";

/**
 * What a performance's object has besides its orders, at most a minute old: enough to build it again. `kept` is the object's
 * own, and goes when the object is emptied; how the order was drawn and the final figures stay.
 */
export const saleCopies = pgTable("sale_copies", {
  performanceId: uuid("performance_id").primaryKey(),
  /** The object's word for its state; "" while the copy lacks segments. */
  mark: text("mark").notNull(),
  takenAt: time("taken_at").notNull(),
  joined: integer("joined").notNull(),
  claimed: integer("claimed").notNull(),
  kept: jsonb("kept").$type<KeptState>(),
  draw: jsonb("draw").$type<DrawView>().notNull(),
  figures: jsonb("figures").$type<Figures>(),
  ...stamps(),
});

/**
 * Who joined, in order, 1,024 people a row: the list everybody can check a draw by, and what a rebuilt object takes its line
 * from; and which identity each has shown, 256 pairs a row. Pseudonyms; without the key in `sale_copies.kept` they belong to
 * nobody.
 */
export const queueSegments = pgTable(
  "queue_segments",
  {
    performanceId: uuid("performance_id").notNull(),
    kind: text("kind", { enum: ["people", "claims"] }).notNull(),
    number: integer("number").notNull(),
    entries: bytea("entries").notNull(),
    /** A byte each: the lane; null: all in the general one. */
    lanes: bytea("lanes"),
    ...stamps(),
  },
  (table) => [primaryKey({ columns: [table.performanceId, table.kind, table.number] })],
);

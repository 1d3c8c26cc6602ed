import { bigint, pgTable, text } from "drizzle-orm/pg-core";
import { stamps } from "./columns.ts";

/** How often the edge refused something, by its name. Isolates add to it every few seconds; nothing is ever taken away. */
export const edgeCounts = pgTable("edge_counts", {
  name: text("name").primaryKey(),
  count: bigint("count", { mode: "number" }).notNull(),
  ...stamps(),
});

import { customType, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { stamps } from "./columns.ts";
import { members } from "./members.ts";

/** Neon's HTTP answers carry bytes as hex text; its driver may have turned them into a view already. */
const bytea = customType<{ data: Uint8Array; driverData: string | Uint8Array }>({
  dataType: () => "bytea",
  toDriver: (bytes) => `\\x${Buffer.from(bytes).toString("hex")}`,
  fromDriver: (value) => (typeof value === "string" ? new Uint8Array(Buffer.from(value.slice(2), "hex")) : value),
});

/**
 * Posters, named by what they are: the id is the SHA-256 of the bytes, so that a picture never changes under its address
 * and may be cached for ever. Kept here and not in a bucket, because a performance has one, of two megabytes at most
 * (decision 0027).
 */
export const posters = pgTable("posters", {
  id: text("id").primaryKey(),
  owner: uuid("owner")
    .notNull()
    .references(() => members.id),
  mediaType: text("media_type").notNull(),
  width: integer("width").notNull(),
  height: integer("height").notNull(),
  bytes: bytea("bytes").notNull(),
  ...stamps(),
});

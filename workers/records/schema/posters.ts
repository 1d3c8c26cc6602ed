import { integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { bytea, stamps } from "./columns.ts";
import { members } from "./members.ts";

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

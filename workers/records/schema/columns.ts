/** Columns every table repeats. Times have milliseconds, as everywhere in the API, so that cursors compare exactly. */
import { timestamp } from "drizzle-orm/pg-core";

export const time = (name: string) => timestamp(name, { precision: 3, withTimezone: true, mode: "date" });

export const stamps = () => ({
  createdAt: time("created_at").notNull().defaultNow(),
  updatedAt: time("updated_at")
    .notNull()
    .defaultNow()
    .$onUpdate(() => new Date()),
});

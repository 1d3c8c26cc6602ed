/** Columns every table repeats. Times have milliseconds, as everywhere in the API, so that cursors compare exactly. */
import { customType, timestamp } from "drizzle-orm/pg-core";

export const time = (name: string) => timestamp(name, { precision: 3, withTimezone: true, mode: "date" });

export const stamps = () => ({
  createdAt: time("created_at").notNull().defaultNow(),
  updatedAt: time("updated_at")
    .notNull()
    .defaultNow()
    .$onUpdate(() => new Date()),
});

/** Neon's HTTP answers carry bytes as hex text; its driver may have turned them into a view already. */
export const bytea = customType<{ data: Uint8Array; driverData: string | Uint8Array }>({
  dataType: () => "bytea",
  toDriver: (bytes) => `\\x${Buffer.from(bytes).toString("hex")}`,
  fromDriver: (value) => (typeof value === "string" ? new Uint8Array(Buffer.from(value.slice(2), "hex")) : value),
});

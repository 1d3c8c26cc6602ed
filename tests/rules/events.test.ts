/** What is written about events and tables is what the code has. */
import { getTableColumns, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { eventsDocument, eventsFile } from "../../dev/write-events.ts";
import * as schema from "../../workers/records/schema.ts";

test("docs/events.md is what npm run docs:events would write", () => {
  const written = readFileSync(eventsFile, "utf8");
  expect(written).toBe(eventsDocument());
  for (const field of ["order.attempts[].paymentKey", "performanceId", "operator"])
    expect(written).toContain(`\`${field}\``);
});

const tables = Object.entries(schema).flatMap(([name, value]) => (is(value, PgTable) ? [[name, value] as const] : []));

test.each(tables)("%s says when a row was made and when it changed", (_name, table) => {
  const columns: Readonly<Record<string, { readonly notNull: boolean }>> = getTableColumns(table);
  for (const name of ["createdAt", "updatedAt"]) expect(columns[name]?.notNull).toBe(true);
});

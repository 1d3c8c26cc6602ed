/** docs/storage.md and docs/operations/retention.md name every table of both stores, and only columns that are there. */
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rows, text } from "../../durable-objects/performance/storage/sql.ts";
import { migrateTables } from "../../durable-objects/performance/storage/tables.ts";
import * as schema from "../../workers/records/schema.ts";
import { simulatedStorage } from "../simulation/sqlite.ts";

type Columns = ReadonlyMap<string, readonly string[]>;

const postgres: Columns = new Map(
  Object.values(schema)
    .filter((value) => value instanceof PgTable)
    .map((table) => getTableConfig(table))
    .map(({ name, columns }) => [name, columns.map((column) => column.name)]),
);
const document = readFileSync("docs/storage.md", "utf8");
const inObject = sectionOf("Inside a performance object");
const inPostgres = sectionOf("In Postgres");

test("every table inside an object is described by its own columns", () => {
  expect(untrue(inObject, columnsInObject())).toEqual([]);
});

test("every table in Postgres is described by its own columns", () => {
  expect(untrue(inPostgres, postgres)).toEqual([]);
});

test("of every table in Postgres it is said how long it is kept", () => {
  const kept = sectionOf("Postgres", readFileSync("docs/operations/retention.md", "utf8"));
  const named = tableRows(kept).flatMap(([first = ""]) => codeIn(first));
  expect(named.toSorted()).toEqual(Array.from(postgres.keys()).toSorted());
});

/** What the rows of a section say about tables that is not so. */
function untrue(section: string, tables: Columns): string[] {
  const described = tableRows(section).filter(([first = ""]) => first.startsWith("`"));
  const names = described.flatMap(([first = ""]) => codeIn(first));
  return [
    ...Array.from(tables.keys())
      .filter((name) => !names.includes(name))
      .map((name) => `${name} is not described`),
    ...described.flatMap(([first = "", key = "", worth = ""]) => {
      const [name = ""] = codeIn(first);
      const columns = tables.get(name);
      if (columns === undefined) return [`there is no table ${name}`];
      // Values and formats stand in brackets.
      const named = codeIn(`${key} ${worth}`.replaceAll(/\([^)]*\)/g, ""));
      return named.filter((column) => !columns.includes(column)).map((column) => `${name} has no ${column}`);
    }),
  ];
}

function columnsInObject(): Columns {
  const { sql } = simulatedStorage();
  migrateTables(sql);
  const names = rows(sql, "SELECT name FROM sqlite_master WHERE type = 'table'").map((row) => text(row, "name"));
  return new Map(names.map((name) => [name, rows(sql, `PRAGMA table_info(${name})`).map((row) => text(row, "name"))]));
}

function sectionOf(heading: string, of = document): string {
  const [, section = ""] = of.split(`\n## ${heading}\n`);
  return section.split(/\n##+ Rows written|\n## /)[0] ?? "";
}

function tableRows(section: string): string[][] {
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| /, "")));
}

function codeIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, code = ""]) => code);
}

/**
 * What an object's storage is: nothing yet, a performance, one that is being built again, or what is left of one that is
 * over. An object that was emptied has one row, the moment; so that nobody can publish under its name again.
 */
import { integer, rows, run, type Sql } from "./sql.ts";

/** `damaged`: there is something, and it cannot be read. */
export type Life = "none" | "live" | "rebuilding" | "emptied" | "damaged";

export function lifeOf(sql: Sql): Exclude<Life, "damaged"> {
  if (hasTable(sql, "emptied")) return "emptied";
  if (!hasTable(sql, "steps")) return "none";
  return rows(sql, "SELECT name FROM facts WHERE name = 'rebuilding'").length > 0 ? "rebuilding" : "live";
}

/** In a database that has just lost everything else. */
export function writeEmptied(sql: Sql, at: number): void {
  run(sql, "CREATE TABLE emptied (at INTEGER NOT NULL)");
  run(sql, "INSERT INTO emptied (at) VALUES (?)", at);
}

/** When it was emptied; null: it was not. */
export function emptiedAt(sql: Sql): number | null {
  const row = hasTable(sql, "emptied") ? rows(sql, "SELECT at FROM emptied")[0] : undefined;
  return row === undefined ? null : integer(row, "at");
}

function hasTable(sql: Sql, name: string): boolean {
  return rows(sql, "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?", name).length > 0;
}

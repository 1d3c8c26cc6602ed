/** Small reads and writes beside the state. */
import { integer, rows, run, text, type Sql } from "./sql.ts";

export function hasTables(sql: Sql): boolean {
  return rows(sql, "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'steps'").length > 0;
}

export function writeEntryKey(sql: Sql, key: Uint8Array): void {
  const hex = Array.from(key, (byte) => byte.toString(16).padStart(2, "0")).join("");
  run(sql, "INSERT OR IGNORE INTO facts (name, body) VALUES ('entry-key', ?)", hex);
}

export function readEntryKey(sql: Sql): string {
  const row = rows(sql, "SELECT body FROM facts WHERE name = 'entry-key'")[0];
  if (row === undefined) throw new Error("a published performance has no entry key");
  return text(row, "body");
}

export function outboxDepth(sql: Sql): number {
  const row = rows(sql, "SELECT COUNT(*) AS depth FROM outbox")[0];
  return row === undefined ? 0 : integer(row, "depth");
}

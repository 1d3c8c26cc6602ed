/** Small reads and writes beside the state: the entry key, kept replies. */
import type { KeptReply } from "../batch.ts";
import type { Reply } from "../contract.ts";
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

export function keptReplies(sql: Sql, ids: readonly string[]): ReadonlyMap<string, KeptReply> {
  const kept = new Map<string, KeptReply>();
  if (ids.length === 0) return kept;
  const query = "SELECT id, hash, reply FROM replies WHERE id IN (SELECT value FROM json_each(?))";
  for (const row of rows(sql, query, JSON.stringify(ids))) {
    kept.set(text(row, "id"), { hash: text(row, "hash"), reply: JSON.parse(text(row, "reply")) as Reply });
  }
  return kept;
}

export function purgeReplies(sql: Sql, now: number): void {
  run(sql, "DELETE FROM replies WHERE expires_at <= ?", now);
}

export function outboxDepth(sql: Sql): number {
  const row = rows(sql, "SELECT COUNT(*) AS depth FROM outbox")[0];
  return row === undefined ? 0 : integer(row, "depth");
}

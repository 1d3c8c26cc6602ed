/** Small reads and writes beside the state. */
import type { PerformanceFacts } from "../contract.ts";
import type { PerformanceState } from "../state.ts";
import { integer, rows, run, text, type Sql } from "./sql.ts";

export function writeEntryKey(sql: Sql, key: Uint8Array): void {
  const hex = Array.from(key, (byte) => byte.toString(16).padStart(2, "0")).join("");
  run(sql, "INSERT OR IGNORE INTO facts (name, body) VALUES ('entry-key', ?)", hex);
}

/** The key that turns members into entries, as hex. @throws in an object that was never published. */
export function readEntryKey(sql: Sql): string {
  const row = rows(sql, "SELECT body FROM facts WHERE name = 'entry-key'")[0];
  if (row === undefined) throw new Error("a published performance has no entry key");
  return text(row, "body");
}

/** Events nobody has reported as applied. */
export function outboxDepth(sql: Sql): number {
  const row = rows(sql, "SELECT COUNT(*) AS depth FROM outbox")[0];
  return row === undefined ? 0 : integer(row, "depth");
}

const NO_KEY = "00".repeat(32);

/** What lobbies and the edge need to know once. Of an object that was emptied only that: nobody's entry is of use any more. */
export function factsOf(
  sql: Sql,
  { performanceId, settings, identities }: PerformanceState,
  emptied: boolean,
): PerformanceFacts {
  return {
    performanceId,
    published: settings !== null || emptied,
    emptied,
    lobbies: settings?.lobbies ?? 1,
    bookingLobbies: settings?.bookingLobbies ?? 1,
    lanes: settings?.lanes ?? [],
    identities: identities.facts(settings?.verification ?? null),
    entryKey: settings === null ? NO_KEY : readEntryKey(sql),
  };
}

/**
 * Kept replies of keyed commands: a row a commit (`reply_packs`), because a row a reply, under a long random key, was half of
 * what a hold cost. Which pack has which key is in memory (reply-index.ts).
 */
import type { KeptReply } from "../batch.ts";
import type { Reply } from "../contract.ts";
import { keyHash, type ReplyIndex } from "../reply-index.ts";
import { bytes, integer, rows, run, text, type Sql } from "./sql.ts";

export interface ReplyToKeep {
  /** (member, operation, the client's key) as one text. */
  readonly id: string;
  readonly hash: string;
  /** JSON. */
  readonly reply: string;
  readonly expiresAt: number;
}

/** Replies of an object of before there were packs lie in the table `replies`, which counts as this pack. */
const TABLE_OF_BEFORE = 0;

/** All replies of one commit; they expire together, a day after it. */
export function saveReplies(sql: Sql, index: ReplyIndex, replies: readonly ReplyToKeep[]): void {
  const first = replies[0];
  if (first === undefined) return;
  const pack = index.nextPack;
  const ids = replies.map(({ id }) => id);
  const hashes = Float64Array.from(index.hashesOf(ids));
  // The replies are JSON already: put together as they are, not quoted once more.
  const body =
    `{"ids":${JSON.stringify(ids)},"hashes":${JSON.stringify(replies.map(({ hash }) => hash))},` +
    `"replies":[${replies.map(({ reply }) => reply).join(",")}]}`;
  run(
    sql,
    "INSERT INTO reply_packs (number, expires_at, keys, body) VALUES (?, ?, ?, ?)",
    pack,
    first.expiresAt,
    new Uint8Array(hashes.buffer),
    body,
  );
  for (const hash of hashes) index.add(hash, pack, first.expiresAt);
}

export function loadReplies(sql: Sql, index: ReplyIndex): void {
  for (const row of sql.exec("SELECT number, expires_at, keys FROM reply_packs ORDER BY number")) {
    const [pack, expiresAt, keys] = [integer(row, "number"), integer(row, "expires_at"), bytes(row, "keys")];
    for (const hash of new Float64Array(keys.buffer)) index.add(hash, pack, expiresAt);
  }
  for (const row of sql.exec("SELECT id, expires_at FROM replies")) {
    index.add(keyHash(text(row, "id")), TABLE_OF_BEFORE, integer(row, "expires_at"));
  }
}

/** The kept replies among these keys; a key nobody used costs no query. */
export function keptReplies(sql: Sql, index: ReplyIndex, ids: readonly string[]): ReadonlyMap<string, KeptReply> {
  const kept = new Map<string, KeptReply>();
  for (const [at, hash] of index.hashesOf(ids).entries()) {
    const id = ids[at] ?? "";
    for (const pack of index.packsOf(hash)) {
      const reply = pack === TABLE_OF_BEFORE ? replyOfBefore(sql, id) : replyIn(sql, pack, id);
      if (reply === null) continue;
      kept.set(id, reply);
      break;
    }
  }
  return kept;
}

function replyIn(sql: Sql, pack: number, id: string): KeptReply | null {
  const row = rows(sql, "SELECT body FROM reply_packs WHERE number = ?", pack)[0];
  if (row === undefined) return null;
  const { ids, hashes, replies } = JSON.parse(text(row, "body")) as StoredPack;
  const at = ids.indexOf(id);
  const [hash, reply] = [hashes[at], replies[at]];
  return hash === undefined || reply === undefined ? null : { hash, reply };
}

interface StoredPack {
  readonly ids: readonly string[];
  readonly hashes: readonly string[];
  readonly replies: readonly Reply[];
}

function replyOfBefore(sql: Sql, id: string): KeptReply | null {
  const row = rows(sql, "SELECT hash, reply FROM replies WHERE id = ?", id)[0];
  return row === undefined ? null : { hash: text(row, "hash"), reply: JSON.parse(text(row, "reply")) as Reply };
}

/** Storage and index forget the same: what expired by `now`. */
export function purgeReplies(sql: Sql, index: ReplyIndex, now: number): void {
  run(sql, "DELETE FROM reply_packs WHERE expires_at <= ?", now);
  run(sql, "DELETE FROM replies WHERE expires_at <= ?", now);
  index.forget(now);
}

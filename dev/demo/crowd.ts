/**
 * The demo's fans as members. They are written into Postgres and their access tokens signed with the local keys, because
 * three hundred password hashes would measure the hash and not the sale; from there on they use the public API alone.
 */
import pg from "pg";
import { keySet } from "../../workers/edge/auth/keys.ts";
import { signAccess } from "../../workers/edge/auth/session.ts";

export interface CrowdMember {
  readonly id: string;
  readonly token: string;
}

/** A load test outlasts an ordinary access token, and has no browser that renews it. */
const LIFETIME_MS = 3 * 3_600_000;

export async function crowd(databaseUrl: string, sessionKeys: string, size: number): Promise<readonly CrowdMember[]> {
  const keys = await keySet(sessionKeys);
  const ids = Array.from({ length: size }, () => crypto.randomUUID());
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `insert into members (id, email, email_key, nickname, password_hash)
       select id::uuid, 'crowd-' || id || '@ticketping.test', 'crowd-' || id || '@ticketping.test', '관객', 'none'
       from unnest($1::text[]) as id`,
      [ids],
    );
  } finally {
    await client.end();
  }
  const now = Date.now();
  return Promise.all(
    ids.map(async (id) => ({
      id,
      token: await signAccess(keys, { id, role: "member", nickname: "관객", verified: true }, now, LIFETIME_MS),
    })),
  );
}

/** Where posters lie. Callers know these two functions and not that it is Postgres. */
import { eq } from "drizzle-orm";
import type { Records } from "./database.ts";
import { posters } from "./schema.ts";

export interface StoredPoster {
  /** SHA-256 of the bytes, 64 hex digits. */
  readonly id: string;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** Idempotent: the same picture twice is one row, whoever brought it first. */
export async function keepPoster(db: Records, owner: string, poster: StoredPoster): Promise<void> {
  await db
    .insert(posters)
    .values({ ...poster, owner })
    .onConflictDoNothing();
}

export async function readPoster(db: Records, id: string): Promise<StoredPoster | null> {
  const { mediaType, width, height, bytes } = posters;
  const rows = await db
    .select({ id: posters.id, mediaType, width, height, bytes })
    .from(posters)
    .where(eq(posters.id, id))
    .limit(1);
  return rows[0] ?? null;
}

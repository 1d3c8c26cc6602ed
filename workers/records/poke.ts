/** Once a minute every performance that may still change is poked: an alarm that was lost for good delays nothing longer. */
import { and, isNotNull, ne } from "drizzle-orm";
import type { Environment } from "../environment.ts";
import { withRecords } from "./database.ts";
import { performances } from "./schema.ts";

const AT_ONCE = 6;
const MOST = 2_000;

export async function pokeOpenPerformances(env: Environment): Promise<void> {
  const rows = await withRecords(env, (db) =>
    db
      .select({ id: performances.id })
      .from(performances)
      .where(and(isNotNull(performances.publishedAt), ne(performances.phase, "closed")))
      .limit(MOST),
  );
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const group = rows.slice(from, from + AT_ONCE);
    await Promise.allSettled(group.map(({ id }) => env.PERFORMANCE.getByName(id).poke()));
  }
}

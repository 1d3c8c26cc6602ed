/** Once a minute every performance that may still change is poked: an alarm that was lost for good delays nothing longer. */
import { and, gt, isNotNull, isNull, ne, or } from "drizzle-orm";
import type { Environment } from "../environment.ts";
import { askPerformanceAgain } from "../calls/objects.ts";
import { withRecords } from "./database.ts";
import { performances } from "./schema.ts";

const AT_ONCE = 6;
const MOST = 2_000;
const CLOSED_FOR_MS = 30 * 86_400_000;
/** A poke asks providers too; what goes on after this goes on without us. Asked whatever the breaker says: it is the rescue. */
const POKE_MS = 20_000;

/** The minute's poke: moves what an alarm that was lost or is late should have moved. */
export async function pokeOpenPerformances(env: Environment): Promise<void> {
  const recent = new Date(Date.now() - CLOSED_FOR_MS);
  const rows = await withRecords(env, (db) =>
    db
      .select({ id: performances.id })
      .from(performances)
      // A closed one may still have refunds on their way.
      .where(
        and(
          isNotNull(performances.publishedAt),
          isNull(performances.emptiedAt),
          or(ne(performances.phase, "closed"), gt(performances.updatedAt, recent)),
        ),
      )
      .limit(MOST),
  );
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const group = rows.slice(from, from + AT_ONCE);
    await Promise.allSettled(group.map((row) => poke(env, row.id)));
  }
}

function poke(env: Environment, id: string): Promise<void> {
  return askPerformanceAgain(env, id, (object) => object.poke(), { deadlineMs: POKE_MS, regardless: true });
}

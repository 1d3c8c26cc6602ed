/**
 * A sale that is over for good leaves nothing in its objects: the records check that they have everything, the object forgets
 * it, and so do the lobbies. A few sales a minute, each step safe to repeat.
 */
import { count, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Figures, Obstacle } from "../../durable-objects/performance/contract.ts";
import { lobbyName } from "../../durable-objects/lobby/contract.ts";
import { askPerformanceAgain } from "../calls/objects.ts";
import { log } from "../../durable-objects/log.ts";
import type { Environment } from "../environment.ts";
import { auditInsert } from "./audit.ts";
import { withRecords } from "./database.ts";
import { keptMs, listFinished } from "./finished-sales.ts";
import { copySale, readSaleCopy, type SaleCopyRow } from "./sale-copies.ts";
import { orders, performances, saleCopies } from "./schema.ts";

const SALES_AT_ONCE = 5;
/** A million people are a thousand segments, 64 a call. */
const COPIES_MOST = 40;

const roomsOf = z.looseObject({ lobbies: z.int().min(0).max(999), bookingLobbies: z.int().min(0).max(999) });

/** What stands in the way: of the object's obstacles, or that the records do not have all that the object reported. */
export type EmptyingObstacle = Obstacle | "orders-missing" | "events-set-aside" | "copy-incomplete";

export type Emptied =
  { readonly ok: true; readonly at: Date } | { readonly ok: false; readonly obstacles: readonly EmptyingObstacle[] };

/** For the minute's cron. */
export async function emptyFinishedSales(env: Environment): Promise<void> {
  const ids = await withRecords(env, (db) => listFinished(db, new Date(Date.now() - keptMs(env)), SALES_AT_ONCE));
  for (const id of ids) {
    const outcome = await emptySale(env, id, "system");
    if (!outcome.ok) {
      const { obstacles } = outcome;
      log("info", "emptying", "not yet", { performanceId: id, reason: obstacles.join(" ") });
    }
  }
}

/**
 * Has a sale leave its objects, if the records have all of it and nothing of it can change; otherwise says what stands in the
 * way. Repeating it finishes what was broken off. `actor`: for the audit log.
 */
export async function emptySale(env: Environment, id: string, actor: string): Promise<Emptied> {
  const ask = <T>(work: (object: ReturnType<Environment["PERFORMANCE"]["getByName"]>) => Promise<T>): Promise<T> =>
    askPerformanceAgain(env, id, work);
  const first = await ask((object) => object.empty(keptMs(env), false));
  const before = await withRecords(env, (db) => readSaleCopy(db, id));
  if (!first.ok) return first;
  // Emptied before, and whoever did it did not get to write it down: what was kept then is all there is.
  if (first.at !== null) return { ok: true, at: await noteEmptied(env, id, first.at, before, null, actor) };
  const figures = await ask((object) => object.figures());
  const missing = await missingIn(env, id, figures);
  if (missing.length > 0) return { ok: false, obstacles: missing };
  const last = await withRecords(env, (db) => readSaleCopy(db, id));
  await withRecords(env, (db) => db.update(saleCopies).set({ figures }).where(eq(saleCopies.performanceId, id)));
  const reply = await ask((object) => object.empty(keptMs(env), true));
  if (!reply.ok) return reply;
  return { ok: true, at: await noteEmptied(env, id, reply.at ?? Date.now(), last, figures, actor) };
}

/** What the records lack of what the object has. */
async function missingIn(env: Environment, id: string, figures: Figures): Promise<readonly EmptyingObstacle[]> {
  let complete = false;
  for (let call = 0; call < COPIES_MOST && !complete; call++) complete = await copySale(env, id);
  const placed = Object.values(figures.ordersByStatus).reduce((sum, n) => sum + n, 0);
  const [recorded, aside] = await withRecords(env, (db) =>
    db.batch([
      db.select({ n: count() }).from(orders).where(eq(orders.performanceId, id)),
      db.execute(sql`select count(*)::int as n from quarantined_events q where q.performance_id = ${id} and not exists
        (select 1 from applied_events a where a.performance_id::text = q.performance_id and a.seq = q.seq)`),
    ]),
  );
  const found: EmptyingObstacle[] = [];
  if (!complete) found.push("copy-incomplete");
  if ((recorded[0]?.n ?? 0) < placed) found.push("orders-missing");
  if (Number(aside.rows[0]?.["n"] ?? 0) > 0) found.push("events-set-aside");
  return found;
}

/** The key that would tell who was in the line goes; the draw's own list, and the last figures, stay. */
async function noteEmptied(
  env: Environment,
  id: string,
  at: number,
  copy: SaleCopyRow | null,
  figures: Figures | null,
  actor: string,
): Promise<Date> {
  const emptiedAt = new Date(at);
  await forgetInLobbies(env, id, copy);
  const sealed = copy?.draw.sealed?.n ?? 0;
  const detail = { orders: figures?.ordersByStatus ?? copy?.figures?.ordersByStatus ?? {} };
  await withRecords(env, (db) =>
    db.batch([
      db.execute(sql`delete from queue_segments where performance_id = ${id}::uuid
        and (kind = 'claims' or number * 1024 >= ${sealed})`),
      db.execute(sql`update queue_segments set entries = substring(entries from 1 for (${sealed} - number * 1024) * 16),
          lanes = substring(lanes from 1 for ${sealed} - number * 1024), updated_at = now()
        where performance_id = ${id}::uuid and (number + 1) * 1024 > ${sealed}`),
      db.update(saleCopies).set({ kept: null, mark: "emptied" }).where(eq(saleCopies.performanceId, id)),
      db.update(performances).set({ emptiedAt }).where(eq(performances.id, id)),
      auditInsert(db, { performanceId: id, actor, action: "performance.emptied", detail }),
    ]),
  );
  log("info", "emptying", "emptied", { performanceId: id });
  return emptiedAt;
}

/** One that does not answer now has nothing that matters: its sockets go with the next deploy. */
async function forgetInLobbies(env: Environment, id: string, copy: SaleCopyRow | null): Promise<void> {
  const parsed = roomsOf.safeParse(copy?.kept?.facts["settings"]);
  const { lobbies, bookingLobbies } = parsed.success ? parsed.data : { lobbies: 0, bookingLobbies: 0 };
  const names = [
    ...Array.from({ length: lobbies }, (_, index) => lobbyName(id, "queue", index)),
    ...Array.from({ length: bookingLobbies }, (_, index) => lobbyName(id, "booking", index)),
  ];
  await Promise.allSettled(names.map((name) => env.LOBBY.getByName(name).empty()));
  await Promise.allSettled([env.CONTROL.getByName(id).empty(), env.REHEARSAL.getByName(id).empty()]);
}

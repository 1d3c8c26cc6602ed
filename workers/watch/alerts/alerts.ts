/** The minute's look at what cannot wait: figures in, at most one message out. */
import { log } from "../../../durable-objects/log.ts";
import type { Environment } from "../../environment.ts";
import { forgetAlerts, markTold, readAlerts, writeAlerts } from "../../records/alerts.ts";
import { withRecords } from "../../records/database.ts";
import type { Sources } from "../metrics/family.ts";
import { conditionsOf } from "./conditions.ts";
import { plan } from "./notices.ts";
import { bodyFor, NOTICES_MAX, post } from "./webhook.ts";

/**
 * Without a webhook in the settings the state is kept all the same, so that one that is set later tells what is so by then.
 * @throws RecordsUnavailable: what was told cannot be known, so nothing is. Prometheus sees that Postgres is away.
 */
export async function watch(env: Environment, sources: Sources, now: Date = new Date()): Promise<void> {
  const { rows, forgotten, notices } = await withRecords(env, async (db) => {
    const planned = plan(await readAlerts(db), conditionsOf(sources), new Set(sources.silent), now);
    await writeAlerts(db, planned.rows);
    await forgetAlerts(db, planned.forgotten);
    return planned;
  });
  const url = env.ALERT_WEBHOOK_URL ?? "";
  const told = notices.slice(0, NOTICES_MAX);
  if (url === "" || told.length === 0) return;
  if (!(await post(env, url, bodyFor(url, told, env.PUBLIC_ORIGIN ?? "ticketping")))) return;
  await withRecords(env, (db) =>
    markTold(
      db,
      told.map(({ row }) => row.key),
      now,
    ),
  );
  log("info", "alerts", "told", { counts: { told: told.length, open: rows.length, forgotten: forgotten.length } });
}

/** The Worker's entry: wiring only. Requests go to the edge, events and the minute's poke to the records. */
import { errorFields, log } from "../durable-objects/log.ts";
import { createApp } from "./edge/app.ts";
import { keysInUse } from "./edge/auth/keys.ts";
import type { Environment } from "./environment.ts";
import { paymentsPort } from "./payments/port.ts";
import { chaseArchivedRefunds } from "./records/archived-orders.ts";
import { noteKeys } from "./records/audit.ts";
import { sendCounts } from "./metering.ts";
import { consume, consumeDeadLetters } from "./records/consume.ts";
import { consumeDeadNotices, consumeNotices, dispatchForgotten } from "./records/notices/consume.ts";
import { withRecords } from "./records/database.ts";
import { emptyFinishedSales } from "./records/emptying.ts";
import { purgeMemberTokens } from "./records/member-tokens.ts";
import { purgeInvitations } from "./records/organisations.ts";
import { pokeOpenPerformances } from "./records/poke.ts";
import { purgeRefreshTokens } from "./records/refresh-tokens.ts";
import { requireRealThings } from "./real-things.ts";
import { reconcile } from "./reconciler/reconcile.ts";
import { purgeOldRows } from "./records/retention.ts";
import { copyOpenSales } from "./records/sale-copies.ts";
import { lookAround } from "./watch/look-around.ts";

export { ControlRoom } from "../durable-objects/control/control-room.ts";
export { Lobby } from "../durable-objects/lobby/lobby.ts";
export { Performance } from "../durable-objects/performance/performance.ts";
export { Rehearsal } from "../durable-objects/rehearsal/rehearsal.ts";
export { Meter } from "../durable-objects/meter/meter.ts";
export { Payments } from "./payments/entrypoint.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  async queue(batch, env, context) {
    requireRealThings(env);
    if (batch.queue.endsWith("-notices")) await consumeNotices(batch, env);
    else if (batch.queue.endsWith("-notices-dead")) await consumeDeadNotices(batch, env);
    else if (batch.queue.endsWith("-dead")) await consumeDeadLetters(batch, env);
    else await consume(batch, env);
    sendCounts(env, context);
  },
  async scheduled(_event, env, context) {
    requireRealThings(env);
    const tasks: readonly (readonly [name: string, work: () => Promise<unknown>])[] = [
      ["poke", () => pokeOpenPerformances(env)],
      ["copies", () => copyOpenSales(env)],
      ["emptying", () => emptyFinishedSales(env)],
      ["late refunds", () => chaseArchivedRefunds(env, paymentsPort(env), Date.now())],
      ["notices", () => dispatchForgotten(env)],
      ["reconciler", () => reconcile(env)],
      ["watch", () => lookAround(env)],
      ["purge refresh tokens", () => withRecords(env, (db) => purgeRefreshTokens(db, new Date()))],
      ["purge member tokens", () => withRecords(env, (db) => purgeMemberTokens(db, new Date()))],
      ["purge invitations", () => withRecords(env, (db) => purgeInvitations(db, new Date()))],
      ["retention", () => purge(env)],
      ["keys", async () => withRecords(env, async (db) => noteKeys(db, await keysInUse(env)))],
    ];
    // One that fails (Postgres may be away) keeps none of the others from its minute.
    const outcomes = await Promise.allSettled(tasks.map(([, work]) => work()));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === "fulfilled") continue;
      log("error", `cron ${tasks[index]?.[0]}`, "failed", errorFields(outcome.reason));
    }
    sendCounts(env, context);
  },
} satisfies ExportedHandler<Environment>;

async function purge(env: Environment): Promise<void> {
  const gone = await withRecords(env, (db) => purgeOldRows(db, new Date()));
  if (Object.keys(gone).length > 0) {
    log("info", "retention", "purged", { counts: gone });
  }
}

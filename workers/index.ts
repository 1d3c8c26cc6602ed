/** The Worker's entry: wiring only. Requests go to the edge, events and the minute's poke to the records. */
import { createApp } from "./edge/app.ts";
import { keysInUse } from "./edge/auth/keys.ts";
import type { Environment } from "./environment.ts";
import { noteKeys } from "./records/audit.ts";
import { sendCounts } from "./metering.ts";
import { consume, consumeDeadLetters } from "./records/consume.ts";
import { consumeDeadNotices, consumeNotices, dispatchForgotten } from "./records/notices/consume.ts";
import { withRecords } from "./records/database.ts";
import { purgeMemberTokens } from "./records/member-tokens.ts";
import { purgeInvitations } from "./records/organisations.ts";
import { pokeOpenPerformances } from "./records/poke.ts";
import { purgeRefreshTokens } from "./records/refresh-tokens.ts";

import { writeAnalytics } from "./watch/metrics/analytics.ts";
import { collect } from "./watch/metrics/collect.ts";

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
    if (batch.queue.endsWith("-notices")) await consumeNotices(batch, env);
    else if (batch.queue.endsWith("-notices-dead")) await consumeDeadNotices(batch, env);
    else if (batch.queue.endsWith("-dead")) await consumeDeadLetters(batch, env);
    else await consume(batch, env);
    sendCounts(env, context);
  },
  async scheduled(_event, env, context) {
    await pokeOpenPerformances(env);
    await dispatchForgotten(env);
    writeAnalytics(env, await collect(env));
    sendCounts(env, context);
    await withRecords(env, async (db) => {
      await purgeRefreshTokens(db, new Date());
      await purgeMemberTokens(db, new Date());
      await noteKeys(db, await keysInUse(env));
      await purgeInvitations(db, new Date());
    });
  },
} satisfies ExportedHandler<Environment>;

/**
 * One decision about an order of a sale whose object was emptied: the rules get the order as the records have it, and what they
 * change is written only if it is still so. Otherwise they are asked again, about the order as it is by then.
 */
import { and, eq, isNotNull } from "drizzle-orm";
import type { Order, Refusal } from "../../durable-objects/performance/contract.ts";
import type { EventEnvelope } from "../../durable-objects/performance/events.ts";
import type { Decision, RuleContext } from "../../durable-objects/performance/rule.ts";
import { emptyState } from "../../durable-objects/performance/state.ts";
import type { Environment } from "../environment.ts";
import { applyOwnEvents } from "./apply.ts";
import { withRecords, type Records } from "./database.ts";
import { sendNotices } from "./notices/consume.ts";
import { readOrder } from "./orders.ts";
import { performances } from "./schema.ts";

/** Each time somebody else has changed this very order in between, which its seats and its refunds soon put an end to. */
const MOST_DECISIONS = 20;

export type ArchivedReply =
  | { readonly ok: true; readonly order: Order }
  | { readonly ok: false; readonly refusal: Refusal | { readonly code: "object-alive" } };

/**
 * Decides and writes, whoever else does so at the same time. The rule may be asked several times and must only decide.
 * @throws RecordsUnavailable when it is not known whether anything was written: the same request may be sent again.
 */
export async function decideArchived(
  env: Environment,
  orderId: string,
  now: number,
  rule: (context: RuleContext) => Decision,
): Promise<ArchivedReply> {
  for (let decisions = 0; decisions < MOST_DECISIONS; decisions++) {
    const order = await withRecords(env, (db) => readOrder(db, orderId));
    if (order === null) return { ok: false, refusal: { code: "order-not-found" } };
    if (!(await withRecords(env, (db) => isEmptied(db, order.performanceId)))) {
      return { ok: false, refusal: { code: "object-alive" } };
    }
    const { reply, events } = decide(order, now, rule);
    if (!reply.ok) return { ok: false, refusal: reply.refusal };
    const told = events.length === 0 ? [] : await withRecords(env, (db) => applyOwnEvents(db, order, events));
    if (told === null) continue;
    await sendNotices(env, told).catch(() => undefined); // the rows wait: the minute's cron sends them
    return { ok: true, order: "order" in reply ? reply.order : order };
  }
  return { ok: false, refusal: { code: "payment-in-progress" } };
}

function decide(
  order: Order,
  now: number,
  rule: (context: RuleContext) => Decision,
): { readonly reply: Decision["reply"]; readonly events: readonly Omit<EventEnvelope, "seq">[] } {
  const { performanceId } = order;
  const state = emptyState(performanceId);
  state.phase = "closed";
  const { reply, changes } = rule({
    state,
    now,
    newId: () => crypto.randomUUID().replaceAll("-", "").slice(0, 24),
    readOrder: (id) => (id === order.id ? order : null),
    ordersAfter: () => [],
  });
  const events = changes.flatMap((change) =>
    change.kind === "event" ? [{ performanceId, at: now, event: change.event }] : [],
  );
  return { reply, events };
}

async function isEmptied(db: Records, performanceId: string): Promise<boolean> {
  const emptied = and(eq(performances.id, performanceId), isNotNull(performances.emptiedAt));
  return (await db.select({ id: performances.id }).from(performances).where(emptied).limit(1)).length > 0;
}

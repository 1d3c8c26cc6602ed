/**
 * The consumer of the notices' queue. A message only names a row; the row says what is to be told and whether it has been.
 * Claiming it is one statement, so that of two deliveries of a message one tells and the other goes away. A crash between
 * telling and writing it down repeats the telling under the same id, by which mail services and receivers know it.
 */
import { z } from "zod";
import { and, eq, inArray, isNull, lt, or, sql } from "drizzle-orm";
import { errorFields, log } from "../../../durable-objects/log.ts";
import { guarded } from "../../calls/guard.ts";
import type { Environment } from "../../environment.ts";
import { isRecordsUnavailable, withRecords } from "../database.ts";
import { members, notices, orders, webhookDeliveries, webhooks } from "../schema.ts";
import { spread } from "../pause.ts";
import { pauseAfter } from "./plan.ts";
import { tellByMail, tellByWebhook, type Told, type Try } from "./tell.ts";
import { maySeeOrders } from "./webhooks.ts";

const messageShape = z.object({ notice: z.string().min(1).max(300) });
const kindShape = z.enum([
  "order-confirmed",
  "order-cancelled",
  "deposit-due",
  "deposit-undone",
  "deposit-lost",
  "refund-account",
  "show-moved",
  "show-cancelled",
  "seats-cancelled",
]);

/** Longer than telling may take, tries of the mail service included. */
const CLAIMED_MS = 60_000;

/** One batch of the second event queue: each message names a notice, which is told, put off or given up. */
export async function consumeNotices(batch: MessageBatch, env: Environment): Promise<void> {
  for (const message of batch.messages) {
    const parsed = messageShape.safeParse(message.body);
    if (!parsed.success) {
      log("error", "notices", "unreadable message");
      message.ack();
      continue;
    }
    try {
      const again = await tell(env, parsed.data.notice);
      if (again === null) message.ack();
      else message.retry({ delaySeconds: again });
    } catch (error) {
      if (!isRecordsUnavailable(error))
        log("error", "notices", "failed", { notice: parsed.data.notice, ...errorFields(error) });
      message.retry({ delaySeconds: spread(60, Math.random()) });
    }
  }
}

/** Seconds until it should be tried again, or null when there is nothing more to do. */
async function tell(env: Environment, id: string): Promise<number | null> {
  const row = await claim(env, id);
  if (row === null) return null;
  const { notice, order, email, nickname, language, url, secret } = row;
  let told: Told;
  let done: Try | null = null;
  const kind = kindShape.safeParse(notice.kind);
  if (order === null || !kind.success) told = { end: "never", reason: "nothing to tell of" };
  else if (notice.channel === "mail") {
    if (email === null || nickname === null || language === null) told = { end: "never", reason: "no such member" };
    else told = await tellByMail(env, { id, kind: kind.data }, order, { email, nickname, language });
  } else if (url === null || secret === null)
    told = { end: "never", reason: "the webhook was removed, or its owner may not see these orders" };
  else ({ told, done } = await tellByWebhook(env, { id, kind: kind.data }, order, { url, secret }));
  return writeDown(env, { id, kind: notice.kind, webhookId: notice.webhookId, tries: notice.tries }, told, done);
}

async function claim(env: Environment, id: string) {
  const now = new Date();
  const free = or(isNull(notices.claimedUntil), lt(notices.claimedUntil, now));
  return withRecords(env, async (db) => {
    const claimed = await db
      .update(notices)
      .set({ claimedUntil: new Date(now.getTime() + CLAIMED_MS), tries: sql`${notices.tries} + 1`, updatedAt: now })
      .where(and(eq(notices.id, id), eq(notices.state, "waiting"), free))
      .returning();
    const [notice] = claimed;
    if (notice === undefined) return null;
    const rows = await db
      .select({
        order: orders.snapshot,
        email: members.email,
        nickname: members.nickname,
        language: members.language,
        url: webhooks.url,
        secret: webhooks.secret,
      })
      .from(orders)
      .leftJoin(members, and(eq(members.id, orders.memberId), isNull(members.withdrawnAt)))
      .leftJoin(
        webhooks,
        notice.webhookId === null
          ? sql`false`
          : and(
              eq(webhooks.enabled, true),
              eq(webhooks.id, notice.webhookId),
              maySeeOrders(webhooks.owner, orders.performanceId),
            ),
      )
      .where(eq(orders.id, notice.orderId))
      .limit(1);
    const nothing = { order: null, email: null, nickname: null, language: null, url: null, secret: null };
    return { notice, ...(rows[0] ?? nothing) };
  });
}

async function writeDown(
  env: Environment,
  notice: { readonly id: string; readonly kind: string; readonly webhookId: string | null; readonly tries: number },
  told: Told,
  done: Try | null,
): Promise<number | null> {
  const pause = told.end === "later" ? pauseAfter(notice.tries, Math.random()) : null;
  const state = told.end === "sent" ? "sent" : pause === null ? "given-up" : "waiting";
  const reason = told.end === "sent" ? null : told.reason;
  const { id, kind, tries } = notice;
  log(state === "given-up" ? "error" : "info", "notices", state, { notice: id, kind, tries, reason });
  await withRecords(env, async (db) => {
    const update = db
      .update(notices)
      .set({ state, reason, claimedUntil: null, updatedAt: new Date() })
      .where(eq(notices.id, notice.id));
    const { webhookId } = notice;
    if (done === null || webhookId === null) return void (await update);
    const { status, error, tookMs, body } = done;
    const delivery = {
      id: crypto.randomUUID(),
      webhookId,
      noticeId: notice.id,
      kind: notice.kind,
      number: notice.tries,
      status,
      error,
      tookMs,
      body,
    };
    await db.batch([update, db.insert(webhookDeliveries).values(delivery)]);
  });
  return pause;
}

/** Dead letters of this queue: their rows say so, and nobody waits for them any more. */
export async function consumeDeadNotices(batch: MessageBatch, env: Environment): Promise<void> {
  for (const message of batch.messages) {
    const parsed = messageShape.safeParse(message.body);
    try {
      if (parsed.success) {
        const waiting = and(eq(notices.id, parsed.data.notice), eq(notices.state, "waiting"));
        await withRecords(env, (db) =>
          db.update(notices).set({ state: "given-up", reason: "dead letter", updatedAt: new Date() }).where(waiting),
        );
      }
      message.ack();
    } catch {
      message.retry({ delaySeconds: spread(60, Math.random()) });
    }
  }
}

const AT_ONCE = 100;
/** Beyond the longest pause between two tries: a row that is older has lost its message. */
const FORGOTTEN_MS = 13 * 3_600_000;
const UNSENT_MS = 120_000;

/** Every minute: rows whose message was never sent, or lost. One that is told meanwhile is told once. */
export async function dispatchForgotten(env: Environment): Promise<void> {
  const now = Date.now();
  const never = and(eq(notices.tries, 0), lt(notices.updatedAt, new Date(now - UNSENT_MS)));
  const rows = await withRecords(env, (db) =>
    db
      .select({ id: notices.id })
      .from(notices)
      .where(and(eq(notices.state, "waiting"), or(never, lt(notices.updatedAt, new Date(now - FORGOTTEN_MS)))))
      .limit(AT_ONCE),
  );
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  await sendNotices(env, ids);
  await withRecords(env, (db) => db.update(notices).set({ updatedAt: new Date() }).where(inArray(notices.id, ids)));
}

/** A queue's batch holds a hundred. */
export async function sendNotices(env: Pick<Environment, "NOTICES">, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const messages = ids.slice(from, from + AT_ONCE).map((notice) => ({ body: { notice } }));
    await guarded(env, "event-queue", () => env.NOTICES.sendBatch(messages));
  }
}

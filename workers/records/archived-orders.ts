/**
 * Orders of a sale whose object was emptied: the records own them now, and decide by the same rules the object had. What
 * still happens to one is money that goes back: because an admin gives it back, or because it arrived too late.
 */
import { and, eq, isNotNull, isNull, lt, or } from "drizzle-orm";
import type { DepositProof, Order, RefusalCode, VerifiedHint } from "../../durable-objects/performance/contract.ts";
import { cancelByOrganiser, settleRefund } from "../../durable-objects/performance/orders/cancellation.ts";
import type { PaymentsPort } from "../../durable-objects/performance/orders/provider.ts";
import { recheck } from "../../durable-objects/performance/orders/recheck.ts";
import { questionsAbout, type Question } from "../../durable-objects/performance/orders/recovery.ts";
import { lacksAccount, refundTask, type RefundAccounts } from "../../durable-objects/performance/orders/refund.ts";
import { settle } from "../../durable-objects/performance/orders/settle.ts";
import { paidAttempt } from "../../durable-objects/performance/order-seats.ts";
import { accept, refuse, type Decision, type RuleContext } from "../../durable-objects/performance/rule.ts";
import type { Environment } from "../environment.ts";
import { decideArchived, type ArchivedReply } from "./archived-decision.ts";
import { withRecords, type Records } from "./database.ts";
import { readOrder } from "./orders.ts";
import { orders, performances, refunds } from "./schema.ts";

const ORDERS_AT_ONCE = 10;
/** A provider has answered by then, or what it did can be read. */
const TRY_MS = 120_000;

export interface ArchivedRefund {
  readonly orderId: string;
  readonly seats: readonly string[] | null;
  readonly reason: string;
  /** Where the money of a bank transfer goes back to, sealed. It is used for this one call and kept nowhere. */
  readonly account: string | null;
}

/**
 * Gives back all of an order, or some of its seats, without a fee. Asking again asks the provider again, under the same key.
 * The money of a bank transfer needs its account with each asking: refused with `refund-account-required` before anything is
 * cancelled, and until the money has gone the refund says that it waits for one.
 */
export async function refundArchived(
  env: Environment,
  payments: PaymentsPort,
  { orderId, seats, reason, account }: ArchivedRefund,
  now: number,
): Promise<ArchivedReply> {
  const decided = await decideArchived(env, orderId, now, (context) => {
    const order = context.readOrder(orderId);
    const waiting = order?.refunds.some(lacksAccount) ?? false;
    const transferred = order?.status === "paid" && (paidAttempt(order)?.deposit ?? null) !== null;
    if (transferred && account === null) return refuse("refund-account-required");
    const cancelled = cancelByOrganiser(context, orderId, seats, reason);
    if (order === null || !waiting || cancelled.changes.length > 0) return cancelled;
    // Nothing more to cancel, but money that waits for its account.
    return account === null ? refuse("refund-account-required") : accept({ ok: true, kind: "order", order });
  });
  if (!decided.ok) return decided;
  const given = account === null ? decided : await payBack(env, payments, decided.order, account, now);
  return given.ok ? { ok: true, order: await askAbout(env, payments, given.order, { now, hinted: false }) } : given;
}

/** The buyer says where the money of a bank transfer goes back to that came, or was given back, after the object was emptied. */
export async function giveArchivedAccount(
  env: Environment,
  payments: PaymentsPort,
  request: { readonly member: string; readonly orderId: string; readonly account: string },
  now: number,
): Promise<ArchivedReply> {
  const { member, orderId, account } = request;
  const decided = await decideArchived(env, orderId, now, (context) => {
    const order = context.readOrder(orderId);
    if (order?.member !== member) return refuse("order-not-found");
    return order.refunds.some(lacksAccount)
      ? accept({ ok: true, kind: "order", order })
      : refuse("refund-account-not-needed");
  });
  return decided.ok ? payBack(env, payments, decided.order, account, now) : decided;
}

/** A provider has news of an order that is long over: money that has come after all goes back. Why it was refused; null: taken. */
export async function recheckArchived(
  env: Environment,
  payments: PaymentsPort,
  news: { readonly orderId: string; readonly hint: VerifiedHint | null; readonly proof: DepositProof | null },
  now: number,
): Promise<RefusalCode | "object-alive" | null> {
  const { orderId, hint, proof } = news;
  const decided = await decideArchived(env, orderId, now, (context) => recheck(context, orderId, hint, proof));
  if (!decided.ok) return decided.refusal.code;
  await askAbout(env, payments, decided.order, { now, hinted: true });
  return null;
}

/** For the minute's cron: money that is still on its way back. */
export async function chaseArchivedRefunds(env: Environment, payments: PaymentsPort, now: number): Promise<void> {
  const rows = await withRecords(env, (db) =>
    db
      .selectDistinct({ id: orders.id })
      .from(refunds)
      .innerJoin(orders, eq(orders.id, refunds.orderId))
      .innerJoin(performances, eq(performances.id, orders.performanceId))
      .where(and(eq(refunds.status, "requested"), isNotNull(performances.emptiedAt)))
      .limit(ORDERS_AT_ONCE),
  );
  for (const { id } of rows) {
    const order = await withRecords(env, (db) => readOrder(db, id));
    if (order !== null) await askAbout(env, payments, order, { now, hinted: false });
  }
}

/** No account was ever kept here: a refund of a transfer waits until it is asked for with one. */
const NO_ACCOUNTS: RefundAccounts = new Map();

/** Whatever a provider owes an answer about; its answers are written down one by one. */
async function askAbout(
  env: Environment,
  payments: PaymentsPort,
  order: Order,
  { now, hinted }: { readonly now: number; readonly hinted: boolean },
): Promise<Order> {
  let latest = order;
  // The buyer has long gone: an attempt is brought to an end, never confirmed.
  for (let asked = 0; asked <= order.attempts.length + order.refunds.length + 1; asked++) {
    const known = latest;
    let changed = false;
    for (const question of questionsAbout(known, { now, tries: 1, hinted, accounts: NO_ACCOUNTS })) {
      const decide = await answerOf(payments, question, known.version, ownCause());
      const decided = decide === null ? null : await decideArchived(env, order.id, now, decide);
      if (decided?.ok !== true || decided.order.version === latest.version) continue;
      [latest, changed] = [decided.order, true];
      break; // what is to be asked now is another question
    }
    if (!changed) break;
  }
  return latest;
}

/**
 * Every refund that waits for an account goes to this one. What the provider does not say leaves it waiting. Two who say an
 * account for the same money at once would have it sent twice: the second is refused with `payment-in-progress`.
 */
async function payBack(
  env: Environment,
  payments: PaymentsPort,
  order: Order,
  account: string,
  now: number,
): Promise<ArchivedReply> {
  let latest = order;
  for (const refund of order.refunds.filter(lacksAccount)) {
    if (!(await withRecords(env, (db) => startTry(db, order.id, refund.number, now)))) {
      return { ok: false, refusal: { code: "payment-in-progress" } };
    }
    const outcome = await payments.refund(refundTask(order, refund, account), ownCause());
    if (outcome.result === "unknown") continue; // it may still be at it: nobody tries for a while
    const settled = await decideArchived(env, order.id, now, (context) => {
      // A provider that said no has had the account, but nobody keeps it.
      const given = (id: string): Order | null => withAccountGiven(context.readOrder(id), refund.number);
      const readOrder = outcome.result === "key-spent" ? context.readOrder : given;
      return settleRefund({ ...context, readOrder }, order.id, refund.number, outcome);
    });
    if (settled.ok) latest = settled.order;
    await withRecords(env, (db) => endTry(db, order.id, refund.number));
  }
  return { ok: true, order: latest };
}

/** False: somebody else has begun to, and is not done. */
async function startTry(db: Records, orderId: string, number: number, now: number): Promise<boolean> {
  const { accountTriedAt } = refunds;
  const free = or(isNull(accountTriedAt), lt(accountTriedAt, new Date(now - TRY_MS)));
  const tried = await db
    .update(refunds)
    .set({ accountTriedAt: new Date(now) })
    .where(and(eq(refunds.orderId, orderId), eq(refunds.number, number), eq(refunds.status, "requested"), free))
    .returning({ number: refunds.number });
  return tried.length > 0;
}

async function endTry(db: Records, orderId: string, number: number): Promise<void> {
  const one = and(eq(refunds.orderId, orderId), eq(refunds.number, number));
  await db.update(refunds).set({ accountTriedAt: null }).where(one);
}

function withAccountGiven(order: Order | null, number: number): Order | null {
  if (order === null) return null;
  const refunds = order.refunds.map((one) =>
    one.number === number && lacksAccount(one) ? { ...one, account: "given" as const } : one,
  );
  return { ...order, refunds };
}

/** Id of a command the records give themselves, in the form of a request's. */
function ownCause(): string {
  return `${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}.1`;
}

/** The rule that writes down what the provider said; null: it said nothing. `asked`: the version it was asked about. */
async function answerOf(
  payments: PaymentsPort,
  { ask, task }: Question,
  asked: number,
  cause: string,
): Promise<((context: RuleContext) => Decision) | null> {
  if (ask === "refund") {
    const outcome = await payments.refund(task, cause);
    if (outcome.result === "unknown") return null;
    return (context) => settleRefund(context, task.orderId, task.refund, outcome);
  }
  const outcome = await payments[ask](task, cause);
  if (outcome.result === "unknown") return null;
  return (context) => settle(context, task.orderId, task.attempt, outcome, asked);
}

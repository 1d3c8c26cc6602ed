/**
 * Money on its way back: requested (named, with its key), then refunded when the provider has said so (cancellation.ts). A bank
 * transfer goes back to an account only its buyer knows: until that is given, nobody can be asked to send it.
 */
import type { Change, RefundAccount } from "../changes.ts";
import type { Order, PaymentAttempt, Refund, RefundTask } from "../contract.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { taskOf } from "./payment.ts";
import { changed, orderChanges, ownOrder } from "./rules.ts";

/** An account nobody has been paid back to in this time is forgotten, and asked for again. */
const ACCOUNT_KEPT_MS = 30 * 86_400_000;

/** Sealed accounts by order and number of the refund. */
export type RefundAccounts = ReadonlyMap<string, RefundAccount>;

/** The order with one more refund, under the next number. It says nothing of the order's status. */
export function addRefund(
  order: Order,
  attempt: PaymentAttempt,
  amount: number,
  { reason, account }: { readonly reason: string; readonly account: string | null },
  now: number,
): Order {
  const refund: Refund = {
    number: order.refunds.length + 1,
    attempt: attempt.number,
    amount,
    reason,
    status: "requested",
    transaction: null,
    requestedAt: now,
    settledAt: null,
    account: attempt.deposit === null ? null : account === null ? "needed" : "given",
    keysSpent: 0,
  };
  return { ...order, refunds: [...order.refunds, refund] };
}

/** What the provider is asked for. `account`: sealed, where the money of a transfer goes back to. */
export function refundTask(order: Order, refund: Refund, account: string | null): RefundTask {
  const attempt = order.attempts.find((one) => one.number === refund.attempt);
  if (attempt === undefined) throw new Error(`refund ${refund.number} of order ${order.id} has no attempt`);
  return {
    ...taskOf(order, attempt),
    amount: refund.amount,
    idempotencyKey: `${order.id}:${attempt.number}:refund:${refund.number}`,
    refund: refund.number,
    reason: refund.reason,
    keysSpent: refund.keysSpent,
    account,
  };
}

/** So many keys follow one another with every try; later ones come further apart, for each is a version of the order. */
const KEYS_AT_ONCE = 4;
const KEY_EVERY_MS = 240_000;

/** The refund under its next key, where it is time for one; null: it goes on as it is (docs/decisions/0051). */
export function nextKey(order: Order, refund: Refund, keysSpent: number, now: number): Refund | null {
  if (refund.status !== "requested" || keysSpent <= refund.keysSpent) return null;
  const due = refund.keysSpent < KEYS_AT_ONCE || now - order.updatedAt >= KEY_EVERY_MS;
  return due ? { ...refund, keysSpent } : null;
}

/** Can the provider be asked for it? */
export function isOnItsWay({ status, account }: Refund): boolean {
  return status === "requested" && (account === null || account === "given");
}

/** Does it wait for its buyer to say where the money goes? */
export function lacksAccount({ status, account }: Refund): boolean {
  return status === "requested" && (account === "needed" || account === "refused");
}

export function accountKey(orderId: string, refund: number): string {
  return `${orderId}/${refund}`;
}

/** Every refund still under way since before `since` that a provider can be asked for. */
export function openRefunds(orders: Iterable<Order>, since: number, accounts: RefundAccounts): readonly RefundTask[] {
  const tasks: RefundTask[] = [];
  for (const order of orders) {
    for (const refund of order.refunds) {
      if (!isOnItsWay(refund) || refund.requestedAt > since) continue;
      tasks.push(refundTask(order, refund, accounts.get(accountKey(order.id, refund.number))?.sealed ?? null));
    }
  }
  return tasks;
}

/** The account is kept, sealed, until the money has gone. */
export function accountGiven(order: Order, refund: number, sealed: string, now: number): Change {
  const account: RefundAccount = { orderId: order.id, refund, sealed, until: now + ACCOUNT_KEPT_MS };
  return { kind: "refund-account", account, kept: true };
}

/** Once the money has gone nobody needs the account any more. */
export function accountForgotten({ refundAccounts }: RuleContext["state"], order: Order, refund: number): Change[] {
  const account = refundAccounts.get(accountKey(order.id, refund));
  return account === undefined ? [] : [{ kind: "refund-account", account, kept: false }];
}

/** The buyer says where the money of a bank transfer goes back to. One that is on its way already keeps its account. */
export function giveAccount(context: RuleContext, member: string, orderId: string, sealed: string): Decision {
  const { now } = context;
  const order = ownOrder(context, member, orderId);
  if (order === null) return refuse("order-not-found");
  const waiting = order.refunds.filter(lacksAccount);
  const [first] = waiting;
  if (first === undefined) return refuse("refund-account-not-needed");
  const refunds = order.refunds.map((refund): Refund =>
    waiting.includes(refund) ? { ...refund, account: "given" } : refund,
  );
  const given: Order = { ...changed(order, now), refunds };
  return accept(
    { ok: true, kind: "refund", order: given, task: refundTask(given, first, sealed) },
    ...orderChanges(given, order, now),
    ...waiting.map(({ number }) => accountGiven(order, number, sealed, now)),
  );
}

/** Nobody was paid back in the time an account is kept: it is gone, and has to be given again. */
export function accountExpired(order: Order, account: RefundAccount, now: number): readonly Change[] {
  const refunds = order.refunds.map((refund): Refund =>
    refund.number === account.refund && refund.status === "requested" ? { ...refund, account: "needed" } : refund,
  );
  const after: Order = { ...changed(order, now), refunds };
  return [...orderChanges(after, order, now), { kind: "refund-account", account, kept: false }];
}

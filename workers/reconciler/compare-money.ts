/**
 * What the object says of money and a provider does not, or the other way round. Pure. A provider must have taken and given
 * back exactly what the order says; what it did without us is followed where it is certain what that means.
 */
import type { Order, PaymentAttempt, ProviderBooks, Refund } from "../../durable-objects/performance/contract.ts";
import { report, type Drift, type Remedy } from "./drift.ts";

/** A refund that was asked for so long ago and is not made has something in its way, which the provider's books may show. */
const REFUND_LATE_MS = 10 * 60_000;

/** An order that a provider still owes an answer about is the recovery's, and no difference yet. */
export function isSettled(order: Order, now: number): boolean {
  const open = order.attempts.some(({ status }) => status === "confirming");
  const late = ({ status, requestedAt }: Refund): boolean =>
    status !== "requested" || now - requestedAt >= REFUND_LATE_MS;
  return !open && order.refunds.every(late);
}

/** A provider's books of the attempts that were asked about, by number. What is not known says nothing. */
export function compareMoney(order: Order, books: ReadonlyMap<number, ProviderBooks>): readonly Drift[] {
  return Array.from(books).flatMap(([number, found]) => {
    const attempt = order.attempts.find((one) => one.number === number);
    if (attempt === undefined || found.result === "unknown") return [];
    const item = String(number);
    const { captured } = found;
    const ours = attempt.status === "approved" ? attempt.amount : 0;
    if (captured > 0 && ours === 0) {
      const remedy = settling(order, attempt, found);
      const detail = `attempt ${item}: the provider took ${captured} and we know of nothing`;
      return [{ kind: "capture-unknown", subject: order.id, item, detail, remedy }];
    }
    if (captured !== ours) {
      const detail = `attempt ${item}: the provider took ${captured}, we have booked ${ours}`;
      if (captured !== 0) return [report("capture-amount", order.id, item, detail)];
      return [{ ...report("capture-missing", order.id, item, detail), remedy: askingTheBank(order, attempt) }];
    }
    // An account that no money ever reached may be closed in the console too: nothing went back by that.
    if (ours === 0 && (attempt.deposit?.arrivals.length ?? 0) === 0) return [];
    return compareRefunds(order, attempt, found);
  });
}

/**
 * The provider's word settles the attempt: seats or money back. One whose payment was never named to us gets its name first, and
 * the recovery concludes it.
 */
function settling(order: Order, attempt: PaymentAttempt, found: Extract<ProviderBooks, { result: "known" }>): Remedy {
  const { captured: amount, paymentKey, transaction, method, at, receiptUrl } = found;
  const { id: orderId } = order;
  const { number, provider } = attempt;
  if (attempt.paymentKey === null) {
    return { kind: "recheck", orderId, verified: { provider, attempt: number, paymentKey } };
  }
  const outcome = { transaction: transaction ?? paymentKey, amount, method, at, receiptUrl };
  return { kind: "settle", orderId, attempt: number, outcome: { result: "approved", ...outcome } };
}

/**
 * Banks take transfers back, and then the order waits for its money again. Whether that is what happened only the provider's own
 * word says: the object asks for it, and one that waits again is believed. Money that came in another way is gone for no reason.
 */
function askingTheBank(order: Order, attempt: PaymentAttempt): Remedy | null {
  return attempt.deposit === null ? null : { kind: "recheck", orderId: order.id, verified: null };
}

function compareRefunds(
  order: Order,
  attempt: PaymentAttempt,
  { captured, refunds, undelivered }: Extract<ProviderBooks, { result: "known" }>,
): readonly Drift[] {
  const ofAttempt = order.refunds.filter((refund) => refund.attempt === attempt.number);
  const ours = ofAttempt.filter(({ status }) => status === "refunded");
  const known = new Set(ours.map(({ transaction }) => transaction));
  const theirs = new Map(refunds.map((refund) => [refund.transaction, refund]));
  const unknown = refunds.filter(({ transaction }) => !known.has(transaction));
  const left = refunds.reduce((rest, { amount }) => rest - amount, captured);
  const missing = ours.flatMap((refund) => {
    const there = theirs.get(refund.transaction ?? "");
    if (there?.amount === refund.amount) return [];
    const detail = `refund ${refund.number}: we have booked ${refund.amount}, the provider gave back ${there?.amount ?? 0}`;
    return [report("provider-refund-missing", order.id, String(refund.number), detail)];
  });
  const failed = `attempt ${attempt.number}: the bank could not deliver all of what went back, the buyer has not got it`;
  const lost = undelivered === true ? [report("provider-refund-missing", order.id, "undelivered", failed)] : [];
  return [...unknownRefunds(order, attempt, unknown, left), ...missing, ...lost];
}

/**
 * Money went back that we have not booked. Where no refund of ours is under way it is booked. Where one is, it may be that very
 * one: only once so little is left that ours can never be made any more is it certain that somebody made it by hand.
 */
function unknownRefunds(
  order: Order,
  attempt: PaymentAttempt,
  unknown: Extract<ProviderBooks, { result: "known" }>["refunds"],
  left: number,
): readonly Drift[] {
  const open = order.refunds.filter((one) => one.attempt === attempt.number && one.status === "requested");
  const drifts: Drift[] = [];
  for (const refund of unknown) {
    const { transaction, amount, at } = refund;
    const drift = report(
      "provider-refund-unknown",
      order.id,
      transaction,
      `attempt ${attempt.number}: the provider gave back ${amount} and we know of nothing`,
    );
    const twin = open.findIndex((one) => one.amount === amount);
    const [same] = twin === -1 ? [] : open.splice(twin, 1);
    if (same !== undefined) {
      if (left >= amount) continue;
      const outcome = { result: "refunded", transaction, amount, at } as const;
      const detail = `refund ${same.number}: we asked for ${amount}, and it was given back by hand`;
      const remedy = { kind: "settle-refund", orderId: order.id, refund: same.number, outcome } as const;
      drifts.push({ ...drift, detail, remedy });
    } else if (open.length > 0) {
      const waiting = open.map((one) => `refund ${one.number} of ${one.amount}`).join(", ");
      drifts.push({ ...drift, detail: `${drift.detail}, while ${waiting} waits and ${left} is left` });
    } else if (attempt.status === "approved") {
      drifts.push({ ...drift, remedy: { kind: "note-refund", orderId: order.id, attempt: attempt.number, refund } });
    } else {
      const voided = order.refunds.filter((one) => one.attempt === attempt.number && one.status === "void");
      const which = voided.map((one) => `, refund ${one.number} is void here`).join("");
      drifts.push({ ...drift, detail: `attempt ${attempt.number}: the provider gave back ${amount}${which}` });
    }
  }
  return drifts;
}

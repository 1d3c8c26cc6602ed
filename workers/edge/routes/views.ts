/** The objects' plain data as the API shows it: times as ISO 8601, nothing that only we need. */
import type { Deposit, DrawView, HoldView, Order } from "../../../durable-objects/performance/contract.ts";
import { orderNumber } from "../../../durable-objects/performance/order-number.ts";

export function iso(time: number): string {
  return new Date(time).toISOString();
}

export function viewHold(hold: HoldView): Record<string, unknown> {
  return { ...hold, expiresAt: iso(hold.expiresAt) };
}

export function viewOrder(order: Order): Record<string, unknown> {
  const { member: _member, holdNumber: _holdNumber, cancellations, moved, ...rest } = order;
  return {
    ...rest,
    number: orderNumber(order.id),
    startsAt: iso(order.startsAt),
    placedAt: iso(order.placedAt),
    payBy: iso(order.payBy),
    updatedAt: iso(order.updatedAt),
    attempts: order.attempts.map((attempt) => ({
      number: attempt.number,
      provider: attempt.provider,
      method: attempt.method,
      amount: attempt.amount,
      status: attempt.status,
      declineCode: attempt.declineCode,
      declineMessage: attempt.declineMessage,
      receiptUrl: attempt.receiptUrl,
      deposit: viewDeposit(attempt.deposit),
      begunAt: iso(attempt.begunAt),
      settledAt: attempt.settledAt === null ? null : iso(attempt.settledAt),
    })),
    refunds: order.refunds.map((refund) => ({
      number: refund.number,
      amount: refund.amount,
      reason: refund.reason,
      status: refund.status,
      account: refund.account,
      settledAt: refund.settledAt === null ? null : iso(refund.settledAt),
    })),
    cancellations: cancellations.map(({ at, settledAt, refund: _refund, ...shown }) => ({
      ...shown,
      at: iso(at),
      settledAt: settledAt === null ? null : iso(settledAt),
    })),
    moved: moved === null ? null : { from: iso(moved.from), at: iso(moved.at), freeUntil: iso(moved.freeUntil) },
  };
}

/** Where and until when to transfer; null where there is nothing to transfer to. */
function viewDeposit(deposit: Deposit | null): Record<string, unknown> | null {
  if (deposit === null || deposit.account === null) return null;
  const { bank, number, holder } = deposit.account;
  return { bank, number, holder, dueAt: iso(deposit.dueAt) };
}

export function viewDraw(view: DrawView): Record<string, unknown> {
  const { beaconUntil, sealed, drawn } = view;
  return {
    ...view,
    beaconUntil: beaconUntil === null ? null : iso(beaconUntil),
    sealed: sealed === null ? null : { ...sealed, at: iso(sealed.at) },
    drawn: drawn === null ? null : { ...drawn, at: iso(drawn.at) },
  };
}

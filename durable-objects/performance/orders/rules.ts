/** Orders up to the payment: placing, reading, giving up. Money itself is in payment.ts and refund.ts. */
import { boardOf } from "../apply.ts";
import { sessionUnderPass } from "../admission/standing.ts";
import { holdEnded, type Change } from "../changes.ts";
import type { Order, PaymentAttempt } from "../contract.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { isCancelled, type PerformanceState } from "../state.ts";
import { ownHold } from "../seats/rules.ts";
import { next, type OrderEvent } from "./machine.ts";

export type { OrderEvent } from "./machine.ts";

export interface PlaceOrderRequest {
  readonly entry: string;
  readonly member: string;
  readonly epoch: number;
  readonly holdId: string;
}

/** The price is frozen by the server, the hold becomes the order's, and the time to pay begins. */
export function placeOrder(context: RuleContext, request: PlaceOrderRequest): Decision {
  const { state, now } = context;
  const settings = state.settings;
  if (settings === null) return refuse("not-published");
  const hold = ownHold(state, request.member, request.holdId);
  if (hold === null) return orderOfHold(state, request);
  if (hold.expiresAt <= now) return refuse("hold-expired");
  if (sessionUnderPass(state, request, now) === null) return refuse("session-ended");
  if (state.phase === "paused") return refuse("performance-paused");
  if (state.phase === "closed") return refuse("performance-closed");
  if (isCancelled(state, hold.scheduleId)) return refuse("schedule-cancelled");
  const board = boardOf(state, hold.scheduleId);
  const seats = hold.seats.map((position) => board.describe(position));
  const order: Order = {
    id: `${state.performanceId.replaceAll("-", "")}-${context.newId()}`,
    performanceId: state.performanceId,
    version: 1,
    member: request.member,
    holdNumber: hold.number,
    title: settings.title,
    scheduleId: hold.scheduleId,
    startsAt: board.plan.startsAt,
    hallName: board.plan.hallName,
    timeZone: board.plan.timeZone,
    seats,
    amount: seats.reduce((sum, seat) => sum + seat.price, 0),
    currency: settings.currency,
    status: "pending",
    placedAt: now,
    payBy: now + settings.paymentSeconds * 1_000,
    attempts: [],
    refunds: [],
    policy: settings.cancellation,
    cancellations: [],
    moved: null,
    updatedAt: now,
  };
  return accept({ ok: true, kind: "order", order }, holdEnded(hold, "ordered"), ...orderChanges(order, null, now));
}

/** One order per hold, for ever: who asks again, under whatever key, is answered the order there is. */
function orderOfHold(state: PerformanceState, request: PlaceOrderRequest): Decision {
  for (const order of state.openOrders.values()) {
    if (order.member === request.member && `h${order.holdNumber}` === request.holdId) {
      return accept({ ok: true, kind: "order", order });
    }
  }
  return refuse("hold-not-found");
}

/** An order of this member; somebody else's does not exist for them. */
export function ownOrder(context: RuleContext, member: string, orderId: string): Order | null {
  const order = findOrder(context, orderId);
  return order !== null && order.member === member ? order : null;
}

/** Whoever's it is: an open one from memory, any other from storage. */
export function findOrder(context: RuleContext, orderId: string): Order | null {
  return context.state.openOrders.get(orderId) ?? context.readOrder(orderId);
}

export function readOwnOrder(context: RuleContext, member: string, orderId: string): Decision {
  const order = ownOrder(context, member, orderId);
  return order === null ? refuse("order-not-found") : accept({ ok: true, kind: "order", order });
}

/** The order after an event, one version on; null where the machine has no such edge. */
export function move(order: Order, event: OrderEvent, now: number): Order | null {
  const status = next(order.status, event);
  return status === null ? null : { ...order, status, version: order.version + 1, updatedAt: now };
}

/**
 * An attempt that was begun but never confirmed took no money: confirming is what charges, and only we do it. An account that
 * is open for a transfer has to be closed first, for money may be on its way.
 */
export function abandonAttempt(order: Order, now: number): Order {
  const attempts = order.attempts.map((attempt): PaymentAttempt => {
    if (attempt.status === "awaiting-deposit") return { ...attempt, status: "closing" };
    return attempt.status === "begun" ? { ...attempt, status: "abandoned", settledAt: now } : attempt;
  });
  return { ...order, attempts };
}

export function replaceAttempt(order: Order, attempt: PaymentAttempt): Order {
  return { ...order, attempts: order.attempts.map((one) => (one.number === attempt.number ? attempt : one)) };
}

/** The order one version on, in the same status. */
export function changed(order: Order, now: number): Order {
  return { ...order, version: order.version + 1, updatedAt: now };
}

/** A changed order is always written and reported together. */
export function orderChanges(order: Order, before: Order | null, now: number): readonly Change[] {
  return [
    { kind: "order", order, before },
    { kind: "event", event: { type: "order-changed", order }, at: now },
  ];
}

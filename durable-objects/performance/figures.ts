/** The object's figures for operators and metrics. */
import { statusOf } from "./admission/status.ts";
import type { Figures } from "./figures-contract.ts";
import { isOnItsWay, lacksAccount } from "./orders/refund.ts";
import { SEAT, seatStatusNames, type SeatStatus } from "./seats/board.ts";
import type { PerformanceState } from "./state.ts";
import type { Tally } from "./tally.ts";

export function figuresOf(
  state: PerformanceState,
  outbox: { readonly depth: number; readonly oldest: number | null },
  calls: number,
  tally: Tally,
  now: number,
): Figures {
  const seatsByStatus: Record<string, number> = {};
  for (const board of state.boards.values()) {
    for (const grade of Object.keys(board.plan.prices)) {
      for (const [status, name] of seatStatusNames.entries()) {
        seatsByStatus[name] = (seatsByStatus[name] ?? 0) + board.count(grade, status as SeatStatus);
      }
    }
  }
  const orders = Array.from(state.openOrders.values());
  const unknown = orders.flatMap(({ attempts, updatedAt }) => {
    const last = attempts.at(-1);
    const overdue = last?.status === "awaiting-deposit" ? (last.deposit?.dueAt ?? now) : now;
    if (overdue < now) return [overdue];
    return last?.status === "confirming" ? [last.confirmingAt ?? updatedAt] : [];
  });
  const refunds = orders.flatMap((order) =>
    order.refunds.flatMap((refund) => (isOnItsWay(refund) ? [refund.requestedAt] : [])),
  );
  return {
    status: statusOf(state, now),
    calls,
    admittedTotal: state.admittedTotal,
    absent: state.line.passedOver.size - state.line.returned,
    returned: state.line.returned,
    grades: gradesOf(state),
    sockets: tally.sockets(now),
    seatsByStatus,
    ordersByStatus: Object.fromEntries(state.ordersByStatus),
    holds: state.holds.size,
    outboxDepth: outbox.depth,
    oldestOutboxAt: outbox.oldest,
    unknownPayments: unknown.length,
    oldestUnknownPaymentAt: earliest(unknown),
    openRefunds: refunds.length,
    oldestOpenRefundAt: earliest(refunds),
    refundsWithoutAccount: orders.reduce((sum, order) => sum + order.refunds.filter(lacksAccount).length, 0),
    tally: tally.figures(),
  };
}

/** Over all dates, in the order in which the grades first appear. */
function gradesOf(state: PerformanceState): Figures["grades"] {
  const found = new Map<string, { total: number; free: number; sold: number; value: number }>();
  for (const board of state.boards.values()) {
    for (const [grade, price] of Object.entries(board.plan.prices)) {
      const sum = found.get(grade) ?? { total: 0, free: 0, sold: 0, value: 0 };
      found.set(grade, sum);
      const sold = board.count(grade, SEAT.sold);
      for (const status of seatStatusNames.keys()) sum.total += board.count(grade, status as SeatStatus);
      sum.free += board.count(grade, SEAT.free);
      sum.sold += sold;
      sum.value += sold * price;
    }
  }
  return Array.from(found, ([grade, sum]) => ({ grade, ...sum }));
}

function earliest(times: readonly number[]): number | null {
  return times.length === 0 ? null : times.reduce((least, time) => Math.min(least, time));
}

/** The object's figures for operators and metrics. */
import { statusOf } from "./admission/status.ts";
import type { Figures } from "./contract.ts";
import { owed } from "./orders/recovery.ts";
import { seatStatusNames, type SeatStatus } from "./seats/board.ts";
import type { PerformanceState } from "./state.ts";

export function figuresOf(
  state: PerformanceState,
  outbox: { readonly depth: number; readonly oldest: number | null },
  calls: number,
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
  const unknown = Array.from(state.openOrders.values()).filter(owed);
  const since = unknown.map((order) => order.attempts.at(-1)?.confirmingAt ?? order.updatedAt);
  return {
    status: statusOf(state, now),
    calls,
    admittedTotal: state.admittedTotal,
    seatsByStatus,
    ordersByStatus: Object.fromEntries(state.ordersByStatus),
    outboxDepth: outbox.depth,
    oldestOutboxAt: outbox.oldest,
    unknownPayments: unknown.length,
    oldestUnknownPaymentAt: since.length === 0 ? null : Math.min(...since),
  };
}

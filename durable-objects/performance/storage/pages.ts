/** Pages of all orders, for whoever compares books: as they are stored, and whether the plan agrees with them. */
import type { OrderPage } from "../contract.ts";
import { taskOf } from "../orders/payment.ts";
import { agreesWithPlan } from "../orders/reconciling.ts";
import { SEAT } from "../seats/board.ts";
import type { PerformanceState } from "../state.ts";
import { readOrders } from "./load.ts";
import type { Sql } from "./sql.ts";

/** `oldestUnreportedAt`: of the outbox. An object that was never published has no tables, and no orders. */
export function pageOfOrders(
  sql: Sql,
  state: PerformanceState,
  after: string,
  limit: number,
  oldestUnreportedAt: number | null,
): OrderPage {
  const orders = state.settings === null ? [] : readOrders(sql, after, limit);
  const tasks = orders.flatMap((order) =>
    order.attempts
      .filter(({ status, provider }) => status !== "begun" && provider !== "free")
      .map((attempt) => taskOf(order, attempt)),
  );
  const contradictions = orders.filter((order) => !agreesWithPlan(state, order)).map(({ id }) => id);
  let sold = 0;
  for (const board of state.boards.values()) for (const status of board.status) if (status === SEAT.sold) sold += 1;
  return { orders, tasks, contradictions, oldestUnreportedAt, sold };
}

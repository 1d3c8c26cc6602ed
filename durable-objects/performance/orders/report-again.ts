/**
 * Everything about a date's orders told once more, for records that have lost something: a page at a time, so that a full
 * house never stops a sale. Nobody is mailed again because of it.
 */
import type { Change } from "../changes.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";

/** Orders of one commit. */
const REPORT_ORDERS = 200;

/** Tells a slice of a date's orders to the records once more, from behind the order `after`; nobody is mailed again. */
export function reportAgain(context: RuleContext, scheduleId: string, after: string): Decision {
  const { state, now } = context;
  const { settings } = state;
  if (settings === null) return refuse("not-published");
  if (!state.boards.has(scheduleId)) return refuse("unknown-schedule");
  const orders = context.ordersAfter(scheduleId, after, REPORT_ORDERS);
  const changes = orders.map((order): Change => ({
    kind: "event",
    event: { type: "order-changed", order, again: true },
    at: now,
  }));
  if (after === "") changes.unshift(standing(context));
  const next = orders.length < REPORT_ORDERS ? null : (orders.at(-1)?.id ?? null);
  return accept({ ok: true, kind: "reported", orders: orders.length, next }, ...changes);
}

/** As it stands, under the version it has: records that know it already change nothing. */
function standing({ state, now }: RuleContext): Change {
  const { stateVersion: version, phase, notice, settings } = state;
  const { capacity = 0, ratePerMinute = 0 } = settings ?? {};
  return {
    kind: "event",
    at: now,
    event: { type: "performance-changed", version, phase, capacity, ratePerMinute, notice },
  };
}

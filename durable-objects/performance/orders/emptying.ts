/**
 * When an object may be emptied: when no order of it can change any more, by anybody, at any time. From then on the records
 * are all there is, and what still has to go back goes back through them.
 */
import type { Obstacle } from "../copy-contract.ts";
import type { PerformanceState } from "../state.ts";

/** `keepMs`: how long an object stays as it is after its sale and its last date, whatever else is over. */
export function obstaclesToEmptying(
  state: PerformanceState,
  outboxDepth: number,
  now: number,
  keepMs: number,
): readonly Obstacle[] {
  const { settings } = state;
  if (settings === null) return ["not-published"];
  const found: Obstacle[] = [];
  if (state.phase !== "closed") found.push("not-closed");
  if (state.sessions.size > 0) found.push("sessions");
  if (state.holds.size > 0) found.push("holds");
  // Payments without an answer, deposits on their way and refunds that were asked for are all open orders.
  if (state.openOrders.size > 0) found.push("open-orders");
  if (state.returns.size > 0) found.push("seats-returning");
  if (Array.from(state.dates.values()).some(({ sweptTo }) => sweptTo !== null)) found.push("dates-being-told");
  if (outboxDepth > 0) found.push("events-unreported");
  const ends = Array.from(state.boards.values(), (board) => endOf(state, board.plan.id, board.plan.startsAt));
  if (ends.some((end) => end > now)) found.push("date-not-over");
  // One that an operator closed early is not kept for the day on which it would have closed.
  const last = Math.max(0, ...ends, settings.closeAt <= now ? settings.closeAt : 0);
  if (last + keepMs > now && found.length === 0) found.push("kept-until");
  return found;
}

/** From here on nobody may cancel: members may until their date begins, or until they were told after it was moved. */
function endOf(state: PerformanceState, scheduleId: string, startsAt: number): number {
  const date = state.dates.get(scheduleId);
  if (date?.cancelled != null) return date.cancelled.at;
  return Math.max(startsAt, date?.moved?.startsAt ?? 0, date?.moved?.freeUntil ?? 0);
}

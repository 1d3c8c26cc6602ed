/** When a lobby ticks next: often while something happens, seldom otherwise, and on time when a phase changes. */
import type { StatusFrame } from "../performance/contract.ts";

const TICK_FAR_MS = 5_000;
const TICK_NEAR_MS = 1_000;
/** News of the last seconds keep the tick short. */
const LIVELY_MS = 10_000;

export function nextTick(now: number, livelyAt: number, status: StatusFrame | null): number {
  let at = now + (now - livelyAt < LIVELY_MS ? TICK_NEAR_MS : TICK_FAR_MS);
  // A phase that changes before the next tick is told on time.
  for (const moment of [status?.gatherAt ?? 0, status?.openAt ?? 0, status?.closeAt ?? 0]) {
    if (moment > now && moment < at) at = moment + 20;
  }
  return at;
}

/** What an operator does to a running sale. */
import type { OperatorAction } from "../../durable-objects/performance/contract.ts";
import { SCHEDULE_ID } from "./charts.ts";
import type { Random } from "./random.ts";

export function someAction(random: Random, start: number, now: number): OperatorAction {
  return random.pick<OperatorAction>([
    { do: "pause" },
    { do: "resume" },
    { do: "resume" },
    { do: "limits", capacity: random.below(10), ratePerMinute: 1 + random.below(40) },
    { do: "notice", text: "잠시만 기다려 주세요" },
    { do: "revoke-all" },
    { do: "block", scheduleId: SCHEDULE_ID, reason: "카메라", seats: [`r1s${1 + random.below(4)}`] },
    { do: "unblock", block: 1 + random.below(3) },
    ...ofDates(random, start, now),
  ]);
}

/** Rarely: the date is moved, or cancelled for good. */
function ofDates(random: Random, start: number, now: number): readonly OperatorAction[] {
  const scheduleId = SCHEDULE_ID;
  const startsAt = start + (100 + random.below(50)) * 86_400_000;
  if (random.chance(0.1)) return [{ do: "move-date", scheduleId, startsAt, freeUntil: now + 600_000 }];
  return random.chance(0.03) ? [{ do: "cancel-date", scheduleId, reason: "simulated" }] : [];
}

/** The event that tells the records how the performance stands after a change of phase, limits or notice. */
import type { Change } from "../changes.ts";
import type { Phase } from "../contract.ts";
import type { PerformanceState } from "../state.ts";

export interface Standing {
  readonly phase?: Phase;
  readonly capacity?: number;
  readonly ratePerMinute?: number;
  readonly notice?: string | null;
}

/** To be added beside the one change it reports: `version` is the one that change leads to. */
export function performanceChanged(state: PerformanceState, after: Standing, now: number): Change {
  return {
    kind: "event",
    at: now,
    event: {
      type: "performance-changed",
      version: state.stateVersion + 1,
      phase: after.phase ?? state.phase,
      capacity: after.capacity ?? state.settings?.capacity ?? 0,
      ratePerMinute: after.ratePerMinute ?? state.settings?.ratePerMinute ?? 0,
      notice: after.notice === undefined ? state.notice : after.notice,
    },
  };
}

/** At the end of a sale with lanes the audit log is told how the public shares were kept. */
export function lanesCounted(state: PerformanceState, phase: Phase, now: number): readonly Change[] {
  const lanes = state.settings?.lanes ?? [];
  if (lanes.length < 2 || (phase !== "soldout" && phase !== "closed")) return [];
  const counts = lanes.map(({ id, share }, lane) => ({
    id,
    share,
    admitted: state.turns.admitted(lane),
    waiting: state.line.lane(lane).waiting,
  }));
  const event = {
    type: "operator-acted",
    operator: "system",
    action: "lanes-counted",
    detail: JSON.stringify({ lanes: counts }),
  } as const;
  return [{ kind: "event", event, at: now }];
}

/** Which screen somebody should see: decided from the standing in the queue and the phase, nothing else. */
import type { Phase, Standing } from "../calls/queue.ts";

export type Screen =
  | "joining"
  | "before"
  | "gathering"
  | "sealed"
  | "waiting"
  | "passed"
  | "admitted"
  | "entered"
  | "ended"
  | "left"
  | "paused"
  | "soldout"
  | "closed"
  | "revoked"
  | "refused";

/**
 * Somebody who is in keeps what they have, whatever the phase: begun bookings finish. `wasIn`: this page has seen them in
 * the queue, so that having no place means they gave it up, perhaps in another tab.
 */
export function screenOf(standing: Standing, phase: Phase, wasIn: boolean): Screen {
  if (standing === "admitted" || standing === "entered") return standing;
  if (phase === "closed") return "closed";
  if (standing === "ended") return "ended";
  if (standing === "none") return wasIn ? "left" : outside(phase);
  if (phase === "soldout" || phase === "paused" || phase === "sealed") return phase;
  if (standing === "passed-over") return "passed";
  return phase === "open" ? "waiting" : "gathering";
}

function outside(phase: Phase): Screen {
  switch (phase) {
    case "unpublished":
    case "scheduled":
      return "before";
    case "paused":
      return "paused";
    case "soldout":
      return "soldout";
    default:
      return "joining";
  }
}

export interface Moments {
  readonly gatherAt: number | null;
  readonly openAt: number;
}

/** The deadline the screen counts down to, if it has one. */
export function deadlineOf(screen: Screen, moments: Moments, until: number | null): number | null {
  if (screen === "admitted" || screen === "entered") return until;
  if (screen === "before") return moments.gatherAt ?? moments.openAt;
  return screen === "gathering" || screen === "sealed" ? moments.openAt : null;
}

/** Whether joining should happen by itself once the deadline is reached. */
export function joinsByItself(screen: Screen): boolean {
  return screen === "before" || screen === "joining";
}

/** Phases: scheduled → gathering → sealed → open ⇄ paused → soldout | closed. Only the object's clock moves them. */
import type { PerformanceSettings, Phase } from "../contract.ts";

/** The list is sealed this long before opening, so that it can be published before the order is drawn. */
const SEALED_MS = 60_000;
/** How long an opening waits for the beacon's round, published beforehand; after it the draw goes on without. */
export const BEACON_WAIT_MS = 600_000;

/**
 * The phase the clock alone asks for, from the phase that is. Pausing, and selling out, are left by other means than time
 * (an operator, a returned seat); closing is final.
 */
export function phaseByClock(settings: PerformanceSettings, phase: Phase, now: number): Phase {
  if (phase === "closed" || phase === "unpublished") return phase;
  if (now >= settings.closeAt) return "closed";
  if (phase === "paused" || phase === "soldout" || phase === "open") return phase;
  if (now >= settings.openAt) return "open";
  if (settings.gatherAt === null) return "scheduled";
  if (now >= settings.openAt - SEALED_MS && settings.gatherAt < settings.openAt - SEALED_MS) return "sealed";
  return now >= settings.gatherAt ? "gathering" : "scheduled";
}

/** When the clock moves the phase next, or null. */
export function nextPhaseChange(settings: PerformanceSettings, phase: Phase): number | null {
  switch (phase) {
    case "unpublished":
    case "closed":
      return null;
    case "scheduled":
      return settings.gatherAt ?? settings.openAt;
    case "gathering":
      return settings.openAt - SEALED_MS > (settings.gatherAt ?? 0) ? settings.openAt - SEALED_MS : settings.openAt;
    case "sealed":
      return settings.openAt;
    case "open":
    case "paused":
    case "soldout":
      return settings.closeAt;
    default:
      return phase satisfies never;
  }
}

/**
 * May people join the line now? Not before, not after, and not when nothing is left. While the list is sealed they may:
 * they follow behind those who take part in the draw, in the order in which they come.
 */
export function joinRefusal(phase: Phase): "not-published" | "not-open-yet" | "sold-out" | "performance-closed" | null {
  switch (phase) {
    case "unpublished":
      return "not-published";
    case "scheduled":
      return "not-open-yet";
    case "soldout":
      return "sold-out";
    case "closed":
      return "performance-closed";
    default:
      return null;
  }
}

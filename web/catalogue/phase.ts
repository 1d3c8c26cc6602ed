/** Where a performance stands: by its announced times, and by what the sale itself last reported. */
export type SalePhase = "soon" | "gathering" | "open" | "paused" | "soldout" | "closed";

export interface SaleTimes {
  readonly gatherAt: number | null;
  readonly openAt: number;
  readonly closeAt: number;
  readonly phase?: string | null;
}

/** Times decide what they can; only an unplanned pause, sell-out or end is taken from the report, which may be late. */
export function salePhase({ gatherAt, openAt, closeAt, phase }: SaleTimes, now: number): SalePhase {
  if (now >= closeAt || phase === "closed") return "closed";
  if (phase === "paused" || phase === "soldout") return phase;
  if (now >= openAt) return "open";
  if (gatherAt !== null && now >= gatherAt) return "gathering";
  return "soon";
}

/** The next moment that changes something for the reader. */
export function nextMoment({ gatherAt, openAt, closeAt }: SaleTimes, now: number): number | null {
  return [gatherAt, openAt, closeAt].find((moment) => moment !== null && moment > now) ?? null;
}

/** When joining begins. */
export function joinsFrom({ gatherAt, openAt }: SaleTimes): number {
  return gatherAt ?? openAt;
}

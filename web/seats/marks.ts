/**
 * The shape of a seat on the plan, centred on 0,0 in seat widths. Grades differ by shape as well as by colour; a seat
 * that is taken is a small cross, one that is not for sale a bar, one that a code may open carries a bar, a chosen one a
 * tick, one held by us a dot; a wheelchair space carries a wheel, a seat with a restricted view a slot.
 */
const circle = "M-.4 0a.4.4 0 1 0 .8 0a.4.4 0 1 0-.8 0Z";
const square =
  "M-.3-.38h.6a.08.08 0 0 1 .08.08v.6a.08.08 0 0 1-.08.08h-.6a.08.08 0 0 1-.08-.08v-.6a.08.08 0 0 1 .08-.08Z";
const diamond = "M0-.46L.46 0L0 .46L-.46 0Z";
const hexagon = "M-.22-.4h.44L.45 0L.22 .4h-.44L-.45 0Z";
const triangle = "M0-.44L.46 .36h-.92Z";
const shield = "M-.38-.38h.76v.4Q.38 .3 0 .46Q-.38 .3-.38 .02Z";

export const gradeShapes: readonly string[] = [circle, square, diamond, hexagon, triangle, shield];

const cross = "M-.2-.26L0-.06L.2-.26L.26-.2L.06 0L.26 .2L.2 .26L0 .06L-.2 .26L-.26 .2L-.06 0L-.26-.2Z";
const tick = "M-.25 .01L-.15-.09L-.05 .01L.16-.2L.26-.1L-.05 .21Z";
const dot = "M-.15 0a.15.15 0 1 1 .3 0a.15.15 0 1 1-.3 0Z";

const bar = "M-.24-.07h.48v.14h-.48Z";
const wheel =
  "M-.14-.26a.07.07 0 1 0 .14 0a.07.07 0 1 0-.14 0ZM-.12-.16h.1v.16h.16v.08h-.26ZM-.2 .02h.07a.13.13 0 1 0 .24 .12h.07a.2.2 0 1 1-.38-.12Z";
const slot = "M-.2 .1h.4v.1h-.4Z";

/** `coded`: kept for those who have a code, and there is one. */
export type Mark = "free" | "coded" | "picked" | "mine" | "taken" | "blocked";

/** What a seat is besides its grade. */
export type Trait = "accessible" | "restricted" | null;

export function traitOf(seat: { readonly accessible: boolean; readonly restricted: boolean }): Trait {
  return seat.accessible ? "accessible" : seat.restricted ? "restricted" : null;
}

export function gradeShape(gradeIndex: number): string {
  return gradeShapes[gradeIndex % gradeShapes.length] ?? circle;
}

export function markPath(mark: Mark, gradeIndex: number, trait: Trait = null): string {
  if (mark === "taken") return cross;
  if (mark === "blocked") return bar;
  const shape = gradeShape(gradeIndex);
  if (mark === "coded") return shape + bar;
  if (mark === "picked") return shape + tick;
  if (mark === "mine") return shape + dot;
  return trait === null ? shape : shape + (trait === "accessible" ? wheel : slot);
}

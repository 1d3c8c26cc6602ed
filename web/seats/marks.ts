/**
 * The shape of a seat on the plan, centred on 0,0 in seat widths. Grades differ by shape as well as by colour; a seat
 * that cannot be had is a small cross, a chosen one carries a tick, one held by us a dot.
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

export type Mark = "free" | "picked" | "mine" | "taken";

export function gradeShape(gradeIndex: number): string {
  return gradeShapes[gradeIndex % gradeShapes.length] ?? circle;
}

export function markPath(mark: Mark, gradeIndex: number): string {
  if (mark === "taken") return cross;
  const shape = gradeShape(gradeIndex);
  if (mark === "picked") return shape + tick;
  return mark === "mine" ? shape + dot : shape;
}

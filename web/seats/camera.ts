/**
 * Which part of the hall the window shows: `x`, `y` is the point of the hall in the window's upper left corner, in seat
 * widths, `scale` is the size of a seat in CSS pixels. Pure: every movement is a new camera.
 */
import type { Bounds } from "./hall.ts";

export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** The window, in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** From this size on a seat can be pressed (WCAG 2.5.8: 24 CSS pixels); a tap on anything smaller moves nearer. */
export const pressablePx = 24;
/** How large seats are after moving nearer: a little more than the least that is needed. */
export const handyPx = 32;
export const largestPx = 56;

/** The scale at which all of the hall is in the window; small halls do not fill it with giant seats. */
export function fittingScale(bounds: Bounds, { width, height }: Size): number {
  const across = bounds.right - bounds.left;
  const down = bounds.bottom - bounds.top;
  return Math.min(largestPx * 0.75, width / across, height / down);
}

export function fit(bounds: Bounds, size: Size): Camera {
  return clamp({ x: 0, y: 0, scale: fittingScale(bounds, size) }, bounds, size);
}

/** Not beyond the hall, and where there is less hall than window, in the middle of it. */
export function clamp(camera: Camera, bounds: Bounds, size: Size): Camera {
  const least = fittingScale(bounds, size);
  const scale = Math.min(Math.max(camera.scale, least), Math.max(largestPx, least));
  return {
    x: within(camera.x, bounds.left, bounds.right, size.width / scale),
    y: within(camera.y, bounds.top, bounds.bottom, size.height / scale),
    scale,
  };
}

function within(at: number, from: number, to: number, shown: number): number {
  if (to - from <= shown) return (from + to - shown) / 2;
  return Math.min(Math.max(at, from), to - shown);
}

/** Moves by pixels on the screen: what is under the finger stays under it. */
export function pan(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale };
}

/** Nearer or farther around a point of the window, which keeps its place. */
export function zoomAt(camera: Camera, factor: number, px: number, py: number): Camera {
  const scale = camera.scale * factor;
  return { x: camera.x + px / camera.scale - px / scale, y: camera.y + py / camera.scale - py / scale, scale };
}

/** A point of the hall in the middle of the window. */
export function centred(x: number, y: number, scale: number, { width, height }: Size): Camera {
  return { x: x - width / scale / 2, y: y - height / scale / 2, scale };
}

/** Part of the way from one camera to another; sizes grow evenly to the eye. */
export function between(a: Camera, b: Camera, share: number): Camera {
  const scale = a.scale * (b.scale / a.scale) ** share;
  // The same share in the hall as the scale has of its way, so that the movement is straight on the screen.
  const way = a.scale === b.scale ? share : (1 / a.scale - 1 / scale) / (1 / a.scale - 1 / b.scale);
  return { x: a.x + (b.x - a.x) * way, y: a.y + (b.y - a.y) * way, scale };
}

import { describe, expect, it } from "vitest";
import { between, type Camera, centred, clamp, fit, fittingScale, pan, zoomAt } from "./camera.ts";

const stadium = { left: -220, top: -220, right: 220, bottom: 220 };
const phone = { width: 360, height: 420 };
const onScreen = (camera: Camera, x: number, y: number) => [
  (x - camera.x) * camera.scale,
  (y - camera.y) * camera.scale,
];

describe("the window on the hall", () => {
  it("shows all of a stadium on a phone, in its middle", () => {
    const camera = fit(stadium, phone);
    expect(camera.scale).toBeCloseTo(360 / 440);
    expect(onScreen(camera, 0, 0)[0]).toBeCloseTo(180);
    expect(onScreen(camera, 0, 0)[1]).toBeCloseTo(210);
  });
  it("keeps the point under the finger where it is while zooming and panning", () => {
    const camera = centred(50, -80, 10, phone);
    const before = onScreen(camera, 55, -75);
    const nearer = zoomAt(camera, 2.5, before[0] ?? 0, before[1] ?? 0);
    expect(onScreen(nearer, 55, -75)[0]).toBeCloseTo(before[0] ?? 0);
    expect(onScreen(nearer, 55, -75)[1]).toBeCloseTo(before[1] ?? 0);
    const moved = pan(nearer, 30, -12);
    expect(onScreen(moved, 55, -75)[0]).toBeCloseTo((before[0] ?? 0) + 30);
    expect(onScreen(moved, 55, -75)[1]).toBeCloseTo((before[1] ?? 0) - 12);
  });
  it("never leaves the hall, nor comes nearer than is of use", () => {
    const lost = clamp({ x: 9_999, y: -9_999, scale: 9_999 }, stadium, phone);
    expect(lost.scale).toBe(56);
    expect(lost.x + phone.width / lost.scale).toBeCloseTo(stadium.right);
    expect(lost.y).toBe(stadium.top);
    expect(clamp({ x: 0, y: 0, scale: 0 }, stadium, phone).scale).toBe(fittingScale(stadium, phone));
  });
  it("goes from one view to another and arrives", () => {
    const [far, near] = [fit(stadium, phone), centred(10, 20, 32, phone)];
    expect(between(far, near, 0)).toEqual(far);
    const arrived = between(far, near, 1);
    expect([arrived.x, arrived.y, arrived.scale].map((n) => n.toFixed(6))).toEqual(
      [near.x, near.y, near.scale].map((n) => n.toFixed(6)),
    );
    const level = between(near, pan(near, 100, 0), 0.5);
    expect(level.x).toBeCloseTo(near.x - 50 / 32);
  });
});

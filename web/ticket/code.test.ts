import jsQR from "jsqr";
import { encode } from "uqr";
import { expect, it } from "vitest";
import { pathOf } from "./code.tsx";

/** A token as long as they get: the order's id, a seat, a date, a version, and a signature. */
const token = `eyJ${"Ab3_-".repeat(86)}`;

it("a drawn code reads as what was drawn, by the reader the door uses", () => {
  const { data } = encode(token, { ecc: "L", border: 4 });
  const scale = 4;
  const side = data.length * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  // The path itself is painted, not the modules it was made from.
  for (const [, x = 0, y = 0, width = 0] of [...pathOf(data).matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)].map((m) =>
    m.map(Number),
  )) {
    for (let row = y * scale; row < (y + 1) * scale; row += 1) {
      for (let column = x * scale; column < (x + width) * scale; column += 1) {
        pixels.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
      }
    }
  }
  expect(jsQR(pixels, side, side)?.data).toBe(token);
});

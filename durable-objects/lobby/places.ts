/** From number to place, worked out by the lobby itself: once the seed is public, the order is too. */
import { drawOrder, placesOf } from "../performance/admission/draw.ts";
import type { StatusFrame } from "../performance/contract.ts";

export class Places {
  #seed: string | null = null;
  #places: Uint32Array | null = null;

  /** Takes note of a frame; true when it brought the draw. */
  learn({ draw }: StatusFrame): boolean {
    if (draw?.seed == null || draw.n === null || draw.seed === this.#seed) return false;
    this.#seed = draw.seed;
    this.#places = placesOf(drawOrder(draw.seed, draw.n));
    return true;
  }

  /** Null: takes part in a draw that has not happened. */
  of(number: number, { draw }: StatusFrame): number | null {
    if (draw !== null && draw.seed === null && (draw.n === null || number < draw.n)) return null;
    return this.#places?.[number] ?? number;
  }
}

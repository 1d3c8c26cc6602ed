/** All of the hall in a corner of the map, and the window in it; a press there moves the window. For the eye only. */
import type { Camera, Size } from "./camera.ts";
import type { Hall } from "./hall.ts";
import type { Colours } from "./map-colours.ts";
import { trace } from "./map-paint.ts";

const longestPx = 88;

export class MiniMap {
  readonly root: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #window: HTMLElement;
  readonly #hall: Hall;
  readonly #scale: number;

  constructor(hall: Hall, goTo: (x: number, y: number) => void) {
    this.#hall = hall;
    const { left, top, right, bottom } = hall.bounds;
    this.#scale = longestPx / Math.max(right - left, bottom - top);
    this.root = document.createElement("div");
    this.root.className = "map-mini";
    this.root.setAttribute("aria-hidden", "true");
    this.#canvas = this.root.appendChild(document.createElement("canvas"));
    this.#window = this.root.appendChild(document.createElement("div"));
    for (const [name, length] of [
      ["width", right - left],
      ["height", bottom - top],
    ] as const)
      this.root.style[name] = `${Math.round(length * this.#scale)}px`;
    this.root.addEventListener("pointerdown", (event) => event.stopPropagation());
    this.root.addEventListener("click", (event) => {
      event.stopPropagation();
      const box = this.root.getBoundingClientRect();
      goTo(left + (event.clientX - box.left) / this.#scale, top + (event.clientY - box.top) / this.#scale);
    });
  }

  paint(colours: Colours, ratio: number): void {
    const { bounds, stage, sections, zones } = this.#hall;
    const unit = this.#scale * ratio;
    this.#canvas.width = Math.round((bounds.right - bounds.left) * unit);
    this.#canvas.height = Math.round((bounds.bottom - bounds.top) * unit);
    const context = this.#canvas.getContext("2d");
    if (context === null) return;
    context.setTransform(unit, 0, 0, unit, -bounds.left * unit, -bounds.top * unit);
    const areas = [...sections, ...zones].map(({ outline, gradeIndex }) => ({ outline, gradeIndex }));
    for (const { outline, gradeIndex } of areas) {
      if (outline === null) continue;
      trace(context, outline);
      context.fillStyle = colours.grades[gradeIndex % 6] ?? colours.ink;
      context.globalAlpha = 0.55;
      context.fill();
    }
    context.globalAlpha = 1;
    trace(context, stage);
    context.fillStyle = colours.faint;
    context.fill();
  }

  show(camera: Camera, size: Size, near: boolean): void {
    this.root.hidden = !near;
    if (!near) return;
    const { left, top } = this.#hall.bounds;
    const at = (value: number): string => `${(value * this.#scale).toFixed(1)}px`;
    const { style } = this.#window;
    style.transform = `translate(${at(camera.x - left)}, ${at(camera.y - top)})`;
    style.width = at(size.width / camera.scale);
    style.height = at(size.height / camera.scale);
  }
}

/**
 * Paints the hall on a canvas: from far away sections as areas with their names, near by every seat that is in the window.
 * Seats of one kind look alike, so each kind is drawn once and stamped: thousands a frame cost little more than a copy.
 */
import type { Camera, Size } from "./camera.ts";
import type { Bounds, Hall, HallSeat, HallSection, Outline } from "./hall.ts";
import type { Colours } from "./map-colours.ts";
import { type Mark, markPath, type Trait, traitOf } from "./marks.ts";

/** Seats smaller than this many CSS pixels are drawn as their section. */
export const seatsFromPx = 5;

/** From here on the window itself says which section it shows. */
const namedUntilPx = 14;

export interface Scene {
  readonly hall: Hall;
  readonly colours: Colours;
  readonly font: string;
  readonly stageName: string;
  readonly markOf: (index: number) => Mark;
  readonly freeInSection: (index: number) => number;
  readonly isSectionOpen: (index: number) => boolean;
  readonly freeInZone: (index: number) => number;
  /** "512 left"; of none: what only a code opens. */
  readonly leftText: (free: number) => string;
}

/** What lies in the window, in seat widths. */
export function shownBounds(camera: Camera, size: Size): Bounds {
  return {
    left: camera.x,
    top: camera.y,
    right: camera.x + size.width / camera.scale,
    bottom: camera.y + size.height / camera.scale,
  };
}

/** Half a seat further than the window, because a seat is as wide as one. */
export function touches(a: Bounds, b: Bounds): boolean {
  return a.left < b.right + 0.5 && a.right > b.left - 0.5 && a.top < b.bottom + 0.5 && a.bottom > b.top - 0.5;
}

export class Painter {
  #stamps = new Map<string, HTMLCanvasElement>();
  #stampsFor = "";

  /** `ratio`: device pixels per CSS pixel. */
  paint(canvas: HTMLCanvasElement, scene: Scene, camera: Camera, size: Size, ratio: number): void {
    const context = canvas.getContext("2d");
    if (context === null) return;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    const unit = camera.scale * ratio;
    context.setTransform(unit, 0, 0, unit, -camera.x * unit, -camera.y * unit);
    const shown = shownBounds(camera, size);
    this.#stage(context, scene, camera.scale);
    for (const [index, zone] of scene.hall.zones.entries()) {
      const free = scene.freeInZone(index);
      if (zone.outline !== null) area(context, scene, zone, { free, open: free > 0 }, camera.scale);
    }
    const near = camera.scale >= seatsFromPx;
    for (const [index, section] of scene.hall.sections.entries()) {
      if (!touches(section.bounds, shown)) continue;
      if (near) this.#seats(context, scene, section, shown, unit);
      else {
        const room = { free: scene.freeInSection(index), open: scene.isSectionOpen(index) };
        area(context, scene, section, room, camera.scale);
      }
    }
    if (near && camera.scale < namedUntilPx && scene.hall.sections.length > 1) {
      for (const section of scene.hall.sections)
        if (touches(section.bounds, shown)) nameOf(context, scene, section, camera.scale);
    }
  }

  #stage(context: CanvasRenderingContext2D, { hall, colours, font, stageName }: Scene, scale: number): void {
    trace(context, hall.stage);
    context.fillStyle = colours.line;
    context.fill();
    context.lineWidth = 1 / scale;
    context.strokeStyle = colours.faint;
    context.stroke();
    const box = boxOf(hall.stage);
    const size = Math.min(0.4 * (box.bottom - box.top), 16 / scale);
    write(context, stageName, box, size, { font, colour: colours.ink, bold: true });
  }

  #seats(context: CanvasRenderingContext2D, scene: Scene, section: HallSection, shown: Bounds, unit: number): void {
    const { seats } = scene.hall;
    for (const row of section.rows) {
      if (!touches(row.bounds, shown)) continue;
      for (let index = row.start; index < row.end; index++) {
        const seat = seats[index];
        if (seat === undefined || !inside(seat, shown)) continue;
        context.drawImage(
          this.#stamp(scene, scene.markOf(index), seat.gradeIndex, traitOf(seat), unit),
          seat.x - 0.5,
          seat.y - 0.5,
          1,
          1,
        );
      }
    }
  }

  #stamp({ colours }: Scene, mark: Mark, gradeIndex: number, trait: Trait, unit: number): HTMLCanvasElement {
    const all = `${unit.toFixed(3)} ${colours.ink} ${colours.card} ${colours.grades.join()}`;
    if (all !== this.#stampsFor) {
      this.#stamps = new Map();
      this.#stampsFor = all;
    }
    const gone = mark === "taken" || mark === "blocked";
    const key = gone ? mark : `${mark} ${gradeIndex % 6} ${mark === "free" ? (trait ?? "") : ""}`;
    const known = this.#stamps.get(key);
    if (known !== undefined) return known;
    const stamp = document.createElement("canvas");
    stamp.width = stamp.height = Math.max(1, Math.round(unit));
    const context = stamp.getContext("2d");
    if (context !== null) {
      context.scale(stamp.width, stamp.height);
      context.translate(0.5, 0.5);
      context.fillStyle = gone
        ? colours.faint
        : mark === "free" || mark === "coded"
          ? (colours.grades[gradeIndex % 6] ?? colours.ink)
          : colours.ink;
      context.fill(drawingOf(markPath(mark, gradeIndex, trait)), "evenodd");
    }
    this.#stamps.set(key, stamp);
    return stamp;
  }
}

const drawingOf = (path: string): Path2D => new Path2D(path);

function inside({ x, y }: HallSeat, { left, top, right, bottom }: Bounds): boolean {
  return x > left - 0.5 && x < right + 0.5 && y > top - 0.5 && y < bottom + 0.5;
}

export function trace(context: CanvasRenderingContext2D, outline: Outline): void {
  context.beginPath();
  for (const [x, y] of outline) context.lineTo(x, y);
  context.closePath();
}

export function boxOf(outline: Outline): Bounds {
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

interface Area {
  readonly name: string;
  readonly gradeIndex: number;
  readonly outline: Outline | null;
}

interface Room {
  readonly free: number;
  /** Something may be picked there, if only with a code. */
  readonly open: boolean;
}

/** A section from far away, or a standing zone: tinted while there is room, struck through when there is none. */
function area(context: CanvasRenderingContext2D, scene: Scene, of: Area, { free, open }: Room, scale: number): void {
  const { colours, font } = scene;
  if (of.outline === null || of.outline.length === 0) return;
  const colour = colours.grades[of.gradeIndex % 6] ?? colours.ink;
  const box = boxOf(of.outline);
  trace(context, of.outline);
  context.fillStyle = open ? colour : colours.line;
  context.globalAlpha = open ? 0.22 : 0.6;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 1.5 / scale;
  context.lineJoin = "round";
  context.strokeStyle = open ? colour : colours.faint;
  context.stroke();
  if (!open) {
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const arm = Math.min(box.right - box.left, box.bottom - box.top) / 5;
    context.beginPath();
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x + arm, y - arm);
    context.lineTo(x - arm, y + arm);
    context.stroke();
    return;
  }
  const size = 12 / scale;
  const middle = (box.top + box.bottom) / 2;
  const both = box.bottom - box.top > 2.4 * size;
  const bold = { font, colour: colours.ink, bold: true };
  const upper = { ...box, top: middle - size * 1.2, bottom: middle };
  const alone = { ...box, top: middle - size / 2, bottom: middle + size / 2 };
  if (box.bottom - box.top < size || !write(context, of.name, both ? upper : alone, size, bold, true)) return;
  const lower = { ...box, top: middle, bottom: middle + size * 1.2 };
  if (both) write(context, scene.leftText(free), lower, size * 0.9, { ...bold, bold: false }, true);
}

/** The name of a section over its seats, where it is wide enough. */
function nameOf(context: CanvasRenderingContext2D, scene: Scene, section: HallSection, scale: number): void {
  const size = 12 / scale;
  const middle = scene.hall.seats[Math.floor((section.start + section.end) / 2)];
  if (middle === undefined || section.name === "") return;
  const half = (section.bounds.right - section.bounds.left) / 2;
  const box = { left: middle.x - half, right: middle.x + half, top: middle.y - size, bottom: middle.y + size };
  const { colours, font } = scene;
  write(context, section.name, box, size, { font, colour: colours.ink, bold: true, behind: colours.card }, true);
}

interface Words {
  readonly font: string;
  readonly colour: string;
  readonly bold: boolean;
  readonly behind?: string;
}

/** In the middle of a box; `onlyIfFits`: or not at all, and then the answer is false. */
function write(
  context: CanvasRenderingContext2D,
  text: string,
  box: Bounds,
  size: number,
  { font, colour, bold, behind }: Words,
  onlyIfFits = false,
): boolean {
  // Fonts have whole pixels, seat widths do not: written in pixels of a hundredth of the size.
  context.save();
  context.translate((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  context.scale(size / 100, size / 100);
  context.font = `${bold ? "600" : "400"} 100px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const room = ((box.right - box.left) / size) * 100;
  const { width } = context.measureText(text);
  const fits = !onlyIfFits || width < room * 0.92;
  if (fits && behind !== undefined) {
    context.fillStyle = behind;
    context.globalAlpha = 0.85;
    context.fillRect(-width / 2 - 25, -70, width + 50, 140);
    context.globalAlpha = 1;
  }
  context.fillStyle = colour;
  if (fits) context.fillText(text, 0, 0);
  context.restore();
  return fits;
}

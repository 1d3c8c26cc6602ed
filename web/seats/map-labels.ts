/** What stays in sight however far the map is moved: the names of the rows, and of the section in the middle. */
import type { Camera, Size } from "./camera.ts";
import type { Hall, HallRow, HallSection } from "./hall.ts";
import type { Colours } from "./map-colours.ts";
import { shownBounds, touches } from "./map-paint.ts";

/** Below this size the names of rows would overlap. */
const labelsFromPx = 14;

export interface LabelLook {
  readonly colours: Colours;
  readonly font: string;
  readonly ratio: number;
}

export function paintLabels(canvas: HTMLCanvasElement, hall: Hall, camera: Camera, size: Size, look: LabelLook): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const [width, height] = [Math.round(size.width * look.ratio), Math.round(size.height * look.ratio)];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  context.setTransform(look.ratio, 0, 0, look.ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  if (camera.scale < labelsFromPx) return;
  const shown = shownBounds(camera, size);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `600 11px ${look.font}`;
  for (const section of hall.sections) {
    if (!touches(section.bounds, shown)) continue;
    for (const row of section.rows) {
      const place = touches(row.bounds, shown) ? placeOf(row, hall, camera, size) : null;
      if (place !== null) chip(context, row.label, place[0], place[1], look.colours);
    }
  }
  const name = hall.sections.length > 1 ? sectionInSight(hall, camera, size)?.name : undefined;
  if (name === undefined || name === "") return;
  context.font = `600 13px ${look.font}`;
  chip(context, name, size.width / 2, 16, look.colours);
}

/** Before the first seat of the row, or where that is out of sight, on the first one that is not. */
function placeOf(row: HallRow, { seats }: Hall, camera: Camera, size: Size): readonly [number, number] | null {
  for (let index = row.start; index < row.end; index++) {
    const seat = seats[index];
    if (seat === undefined) return null;
    const [x, y] = [(seat.x - camera.x) * camera.scale, (seat.y - camera.y) * camera.scale];
    if (x < 0 || y < 0 || x > size.width || y > size.height) continue;
    const next = seats[index + 1 < row.end ? index + 1 : index - 1];
    if (index > row.start || next === undefined || row.end - row.start < 2) return inSight(x, y, size);
    const apart = Math.hypot(next.x - seat.x, next.y - seat.y) || 1;
    const back = (0.9 * camera.scale) / apart;
    return inSight(x - (next.x - seat.x) * back, y - (next.y - seat.y) * back, size);
  }
  return null;
}

function inSight(x: number, y: number, { width, height }: Size): readonly [number, number] {
  return [Math.min(Math.max(x, 12), width - 12), Math.min(Math.max(y, 9), height - 9)];
}

function chip(context: CanvasRenderingContext2D, text: string, x: number, y: number, colours: Colours): void {
  const wide = context.measureText(text).width + 8;
  context.fillStyle = colours.card;
  context.globalAlpha = 0.88;
  context.beginPath();
  context.roundRect(x - wide / 2, y - 9, wide, 18, 6);
  context.fill();
  context.globalAlpha = 1;
  context.fillStyle = colours.ink;
  context.fillText(text, x, y);
}

function sectionInSight(hall: Hall, camera: Camera, size: Size): HallSection | undefined {
  const [x, y] = [camera.x + size.width / camera.scale / 2, camera.y + size.height / camera.scale / 2];
  const away = ({ bounds }: HallSection): number =>
    Math.hypot((bounds.left + bounds.right) / 2 - x, (bounds.top + bounds.bottom) / 2 - y);
  const under = hall.sections.filter(({ bounds }) => touches(bounds, { left: x, right: x, top: y, bottom: y }));
  return under.toSorted((a, b) => away(a) - away(b))[0];
}

/**
 * The plan: a canvas somewhat larger than its window that the browser moves along, painted again only when it runs out or
 * the scale is another. Seats large enough to be pressed are buttons over the canvas: for fingers, keys and screen readers.
 */
import * as cameras from "./camera.ts";
import type { Camera, Size } from "./camera.ts";
import type { HallSeat } from "./hall.ts";
import { coloursOf, whenColoursChange } from "./map-colours.ts";
import { listenToGestures } from "./map-gestures.ts";
import { type LabelLook, paintLabels } from "./map-labels.ts";
import { MiniMap } from "./map-mini.ts";
import { Painter, shownBounds, touches } from "./map-paint.ts";
import { type Look, type PlanWords, SeatView, type ViewOptions } from "./seat-view.ts";

/** So much of the window's size is painted beyond each of its sides. */
const beyond = 0.4;
const settleMs = 120;
const travelMs = 260;
const panPx = 80;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export interface MapOptions extends ViewOptions {
  readonly freeInZone: (index: number) => number;
  readonly onZone: (zone: string) => void;
}

export class MapView extends SeatView {
  readonly root: HTMLElement;
  protected override readonly steady = true;
  readonly #options: MapOptions;
  readonly #canvas = document.createElement("canvas");
  readonly #labels = document.createElement("canvas");
  readonly #targets = document.createElement("div");
  readonly #mini: MiniMap;
  readonly #painter = new Painter();
  readonly #sizes: ResizeObserver;
  readonly #forgetColours: () => void;
  #known: LabelLook | null = null;
  #words: PlanWords | null = null;
  #size: Size = { width: 0, height: 0 };
  #camera: Camera = { x: 0, y: 0, scale: 1 };
  /** What the canvas shows, and the scale the buttons were laid out for. */
  #painted: { readonly camera: Camera; readonly size: Size } | null = null;
  #laidOut = 0;
  #frame = 0;
  #journey = 0;
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(options: MapOptions) {
    super(options);
    this.#options = options;
    this.root = document.createElement("div");
    this.root.className = "map";
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "group");
    this.#canvas.className = "map-hall";
    this.#labels.className = "map-labels";
    this.#targets.className = "map-targets";
    this.#mini = new MiniMap(this.hall, (x, y) => this.#travel(cameras.centred(x, y, this.#camera.scale, this.#size)));
    this.root.append(this.#canvas, this.#targets, this.#labels, this.#mini.root);
    this.listen(this.root);
    listenToGestures(this.root, {
      pan: (dx, dy) => this.#show(cameras.pan(this.#camera, dx, dy)),
      zoom: (factor, x, y) => this.#show(cameras.zoomAt(this.#camera, factor, x, y)),
      tap: (x, y) => this.#tap(x, y),
      canZoom: (factor) => this.#clamped(cameras.zoomAt(this.#camera, factor, 0, 0)).scale !== this.#camera.scale,
    });
    this.root.addEventListener("keydown", (event) => this.#keys(event));
    this.#sizes = new ResizeObserver(() => this.#resize());
    this.#sizes.observe(this.root);
    this.#forgetColours = whenColoursChange(() => {
      this.#known = null;
      this.#repaint();
    });
  }

  end(): void {
    this.#sizes.disconnect();
    this.#forgetColours();
    cancelAnimationFrame(this.#frame);
    cancelAnimationFrame(this.#journey);
    clearTimeout(this.#settling);
  }

  translate(words: PlanWords): void {
    this.#words = words;
    this.root.setAttribute("aria-label", `${words.mapLabel} ${words.mapHint}`);
    this.paint();
  }

  override paint(indexes?: Iterable<number>): void {
    super.paint(indexes);
    this.#repaint();
  }

  protected dress(element: HTMLElement, _seat: HallSeat, look: Look): void {
    element.className = `map-seat seat-${look.mark}`;
    element.title = look.name;
  }

  zoom(factor: number): void {
    this.#travel(cameras.zoomAt(this.#camera, factor, this.#size.width / 2, this.#size.height / 2));
  }

  fit(): void {
    this.#travel(cameras.fit(this.hall.bounds, this.#size));
  }

  /** In sight and large enough to be pressed, at once: the focus is about to go there. */
  protected reveal(index: number): void {
    const seat = this.hall.seats[index];
    if (seat === undefined) return;
    const { camera, size } = { camera: this.#camera, size: this.#size };
    const [x, y] = [(seat.x - camera.x) * camera.scale, (seat.y - camera.y) * camera.scale];
    const edge = camera.scale * 1.5;
    const inSight = x > edge && y > edge && x < size.width - edge && y < size.height - edge;
    if (inSight && camera.scale >= cameras.pressablePx && this.elementOf(index) !== undefined) return;
    const scale = camera.scale >= cameras.pressablePx ? camera.scale : cameras.handyPx;
    cancelAnimationFrame(this.#journey);
    if (!inSight || scale !== camera.scale) this.#show(cameras.centred(seat.x, seat.y, scale, size));
    this.#settle();
  }

  /** A press from too far away moves nearer; on a standing zone it leads to the number of people. */
  #tap(px: number, py: number): void {
    const { x, y, scale } = this.#camera;
    const [hx, hy] = [x + px / scale, y + py / scale];
    const zone = this.hall.zones.find(({ outline }) => outline !== null && contains(outline, hx, hy));
    if (zone !== undefined) this.#options.onZone(zone.id);
    else if (scale < cameras.pressablePx) this.#travel(cameras.centred(hx, hy, cameras.handyPx, this.#size));
  }

  #keys(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const onMap = event.target === this.root;
    const pan = (dx: number, dy: number) => () => onMap && this.#show(cameras.pan(this.#camera, dx, dy));
    const act: Readonly<Record<string, (() => unknown) | undefined>> = {
      "+": () => this.zoom(1.4),
      "=": () => this.zoom(1.4),
      "-": () => this.zoom(1 / 1.4),
      "0": () => this.fit(),
      ArrowLeft: pan(panPx, 0),
      ArrowRight: pan(-panPx, 0),
      ArrowUp: pan(0, panPx),
      ArrowDown: pan(0, -panPx),
      Enter: onMap ? () => this.goTo(this.current) : undefined,
    };
    const action = act[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  }

  #resize(): void {
    const size = { width: this.root.clientWidth, height: this.root.clientHeight };
    if (size.width === 0 || size.height === 0) return;
    const first = this.#size.width === 0;
    const { x, y, scale } = this.#camera;
    const middle = [x + this.#size.width / scale / 2, y + this.#size.height / scale / 2] as const;
    // Who looked at all of the hall still does in a window of another size.
    const whole = first || scale <= cameras.fittingScale(this.hall.bounds, this.#size) * 1.001;
    this.#size = size;
    this.#painted = null;
    this.#show(whole ? cameras.fit(this.hall.bounds, size) : cameras.centred(middle[0], middle[1], scale, size));
  }

  #clamped(camera: Camera): Camera {
    return cameras.clamp(camera, this.hall.bounds, this.#size);
  }

  #show(camera: Camera): void {
    if (this.#size.width === 0) return;
    this.#camera = this.#clamped(camera);
    this.#ask();
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle(), settleMs);
  }

  #travel(target: Camera): void {
    cancelAnimationFrame(this.#journey);
    const [from, to] = [this.#camera, this.#clamped(target)];
    if (calm.matches) {
      this.#show(to);
      return;
    }
    const startedAt = performance.now();
    const step = (): void => {
      const share = Math.min(1, (performance.now() - startedAt) / travelMs);
      this.#show(cameras.between(from, to, 1 - (1 - share) ** 3));
      if (share < 1) this.#journey = requestAnimationFrame(step);
    };
    step();
  }

  #repaint(): void {
    this.#painted = null;
    this.#ask();
  }

  #ask(): void {
    if (this.#frame !== 0 || this.#size.width === 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const [camera, size, painted] = [this.#camera, this.#size, this.#painted];
    if (painted === null || !covers(painted, camera, size)) this.#paintHall();
    this.#place();
    const look = this.#look();
    paintLabels(this.#labels, this.hall, camera, size, look);
    this.#mini.show(camera, size, camera.scale > cameras.fittingScale(this.hall.bounds, size) * 1.4);
    // All of the hall in sight: one finger scrolls the page.
    const far = camera.scale <= cameras.fittingScale(this.hall.bounds, size) * 1.001;
    this.root.dataset["far"] = String(far);
  }

  #look(): LabelLook {
    if (this.#known !== null) return this.#known;
    const look = {
      colours: coloursOf(this.root),
      font: getComputedStyle(this.root).fontFamily,
      ratio: Math.min(2, devicePixelRatio),
    };
    this.#known = look;
    this.#mini.paint(look.colours, look.ratio);
    return look;
  }

  #paintHall(): void {
    const { freeInSection, freeInZone, isSectionOpen, markOf } = this.#options;
    const words = this.#words;
    const { x, y, scale } = this.#camera;
    const { width, height } = this.#size;
    const size = { width: width * (1 + 2 * beyond), height: height * (1 + 2 * beyond) };
    const camera = { x: x - (width * beyond) / scale, y: y - (height * beyond) / scale, scale };
    const { colours, font, ratio } = this.#look();
    const leftText = (free: number): string =>
      (free === 0 ? words?.coded : words?.left({ n: free.toLocaleString(document.documentElement.lang) })) ?? "";
    const counts = { freeInSection, isSectionOpen, freeInZone, leftText };
    const scene = { hall: this.hall, colours, font, markOf, ...counts };
    this.#painter.paint(this.#canvas, { ...scene, stageName: words?.stage ?? "" }, camera, size, ratio);
    this.#canvas.style.width = `${size.width}px`;
    this.#canvas.style.height = `${size.height}px`;
    this.#painted = { camera, size };
  }

  /** The canvas and the buttons are moved by the compositor: no layout, no painting. */
  #place(): void {
    const { x, y, scale } = this.#camera;
    if (this.#painted !== null) {
      const { camera } = this.#painted;
      const [left, top] = [(camera.x - x) * scale, (camera.y - y) * scale];
      this.#canvas.style.transform = `translate(${left}px, ${top}px) scale(${scale / camera.scale})`;
    }
    if (this.#laidOut > 0)
      this.#targets.style.transform = `translate(${-x * scale}px, ${-y * scale}px) scale(${scale / this.#laidOut})`;
  }

  /** At rest: sharp at this scale, and with buttons where seats can be pressed. */
  #settle(): void {
    clearTimeout(this.#settling);
    if (this.#painted?.camera.scale !== this.#camera.scale) this.#repaint();
    const { scale } = this.#camera;
    const shown = shownBounds(this.#camera, this.#size);
    const wanted = new Set<number>();
    if (scale >= cameras.pressablePx) {
      for (const section of this.hall.sections) {
        if (!touches(section.bounds, shown)) continue;
        for (const row of section.rows) {
          if (!touches(row.bounds, shown)) continue;
          for (let index = row.start; index < row.end; index++) {
            const seat = this.hall.seats[index];
            // Half a seat at the edge is nothing to press.
            if (
              seat !== undefined &&
              seat.x > shown.left &&
              seat.x < shown.right &&
              seat.y > shown.top &&
              seat.y < shown.bottom
            )
              wanted.add(index);
          }
        }
      }
    }
    this.#layOut(wanted, scale);
  }

  #layOut(wanted: ReadonlySet<number>, scale: number): void {
    const active = document.activeElement;
    const hadFocus = active instanceof HTMLElement && this.#targets.contains(active);
    for (const [index] of [...this.elements()]) if (!wanted.has(index)) this.drop(index);
    const added = document.createDocumentFragment();
    for (const index of wanted) {
      const seat = this.hall.seats[index];
      if (seat === undefined) continue;
      const known = this.elementOf(index);
      if (known !== undefined && scale === this.#laidOut) continue;
      const element = known ?? this.add(seat);
      if (known === undefined) added.appendChild(element);
      element.style.left = `${(seat.x - 0.5) * scale}px`;
      element.style.top = `${(seat.y - 0.5) * scale}px`;
    }
    this.#targets.style.setProperty("--seat", `${scale}px`);
    this.#targets.appendChild(added);
    this.#laidOut = scale;
    this.keepReachable();
    // The seat that had the focus is out of sight: the map has it now, and arrow keys go on from there.
    if (hadFocus && !active.isConnected) this.root.focus({ preventScroll: true });
    this.#place();
  }
}

/** Is what was painted enough for this camera: the same scale or nearly, and nothing missing at the sides? */
function covers(painted: { readonly camera: Camera; readonly size: Size }, camera: Camera, size: Size): boolean {
  const share = camera.scale / painted.camera.scale;
  if (share > 1.4 || share < 0.75) return false;
  const [a, b] = [shownBounds(painted.camera, painted.size), shownBounds(camera, size)];
  return a.left <= b.left && a.right >= b.right && a.top <= b.top && a.bottom >= b.bottom;
}

/** Is the point inside? Counts the sides to its right. */
function contains(outline: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  for (const [index, [ax, ay]] of outline.entries()) {
    const [bx, by] = outline[(index + 1) % outline.length] ?? [ax, ay];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

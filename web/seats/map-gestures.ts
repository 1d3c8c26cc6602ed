/** Fingers, mouse and wheel on the map, as movements of the window. A press that moved is not a press. */
export interface Gestures {
  readonly pan: (dx: number, dy: number) => void;
  /** Around a point of the window. */
  readonly zoom: (factor: number, x: number, y: number) => void;
  /** A press on what is no button. */
  readonly tap: (x: number, y: number) => void;
  /** Would the wheel change anything? If not, it scrolls the page. */
  readonly canZoom: (factor: number) => boolean;
}

/** A finger is not as still as it means to be. */
const stillPx = 6;

interface Point {
  readonly x: number;
  readonly y: number;
}

export function listenToGestures(root: HTMLElement, gestures: Gestures): void {
  const down = new Map<number, Point>();
  let start: Point | null = null;
  let moved = false;

  const at = (event: MouseEvent): Point => {
    const box = root.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    down.set(event.pointerId, at(event));
    if (down.size > 1) {
      moved = true;
      return;
    }
    start = at(event);
    moved = false;
  });

  root.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (before === undefined) return;
    const now = at(event);
    if (!moved) {
      if (start === null || Math.hypot(now.x - start.x, now.y - start.y) < stillPx) return;
      moved = true;
    }
    // From the first movement on, so that a drag may leave the map; earlier, and a press would miss its button.
    if (!root.hasPointerCapture(event.pointerId)) root.setPointerCapture(event.pointerId);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, now);
    if (other === undefined) {
      gestures.pan(now.x - before.x, now.y - before.y);
      return;
    }
    const middle = (point: Point): Point => ({ x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 });
    const apart = (point: Point): number => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    const [from, to] = [middle(before), middle(now)];
    gestures.pan(to.x - from.x, to.y - from.y);
    gestures.zoom(apart(now) / apart(before), to.x, to.y);
  });

  const up = (event: PointerEvent): void => {
    down.delete(event.pointerId);
  };
  root.addEventListener("pointerup", up);
  root.addEventListener("pointercancel", up);

  root.addEventListener(
    "click",
    (event) => {
      // Keys press buttons too: those have no place (detail 0), and were never a drag.
      if (!moved || event.detail === 0) return;
      moved = false;
      event.stopPropagation();
      event.preventDefault();
    },
    { capture: true },
  );
  root.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("button") !== null) return;
    const { x, y } = at(event);
    gestures.tap(x, y);
  });

  root.addEventListener(
    "wheel",
    (event) => {
      const lines = event.deltaMode === 1 ? 16 : 1;
      // A pinch on a trackpad arrives as small wheel steps with Control held.
      const factor = Math.exp((-event.deltaY * lines * (event.ctrlKey ? 4 : 1)) / 400);
      if (!gestures.canZoom(factor)) return;
      event.preventDefault();
      const { x, y } = at(event);
      gestures.zoom(Math.min(2, Math.max(0.5, factor)), x, y);
    },
    { passive: false },
  );
}

/** A picture one can press or draw around: tells which part of it was meant, in CSS pixels from its upper left corner. */
import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Box } from "./picking.ts";

/** CSS pixels: what is drawn smaller than this was meant as a press. */
const DRAG_PX = 5;

interface Props {
  readonly children: ComponentChildren;
  /** A press is a box without an extent. */
  readonly onBox: (box: Box) => void;
}

type Spot = readonly [x: number, y: number];

export function PickArea({ children, onBox }: Props): JSX.Element {
  const from = useRef<Spot | null>(null);
  const [drawn, setDrawn] = useState<Box | null>(null);
  const leave = (): void => {
    from.current = null;
    setDrawn(null);
  };
  return (
    <figure
      class="chart-picture pickable"
      onPointerDown={(event) => {
        from.current = spotOf(event.currentTarget, event.clientX, event.clientY);
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (from.current !== null)
          setDrawn(between(from.current, spotOf(event.currentTarget, event.clientX, event.clientY)));
      }}
      onPointerCancel={leave}
      onPointerUp={(event) => {
        const begun = from.current;
        leave();
        if (begun === null) return;
        const box = between(begun, spotOf(event.currentTarget, event.clientX, event.clientY));
        const press = box.right - box.left < DRAG_PX && box.bottom - box.top < DRAG_PX;
        onBox(press ? between(begun, begun) : box);
      }}
    >
      {children}
      {drawn !== null && (
        <span
          class="pick-box"
          style={{
            left: `${drawn.left}px`,
            top: `${drawn.top}px`,
            width: `${drawn.right - drawn.left}px`,
            height: `${drawn.bottom - drawn.top}px`,
          }}
        />
      )}
    </figure>
  );
}

function spotOf(area: HTMLElement, x: number, y: number): Spot {
  const { left, top } = area.getBoundingClientRect();
  return [x - left, y - top];
}

function between([x, y]: Spot, [otherX, otherY]: Spot): Box {
  return {
    left: Math.min(x, otherX),
    top: Math.min(y, otherY),
    right: Math.max(x, otherX),
    bottom: Math.max(y, otherY),
  };
}

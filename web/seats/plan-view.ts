/** The plan: one SVG path per seat. Zooming changes its width; panning is the container's own scrolling. */
import type { HallSeat } from "./hall.ts";
import { markPath } from "./marks.ts";
import { type Look, type PlanWords, SeatView, type ViewOptions } from "./seat-view.ts";

const space = "http://www.w3.org/2000/svg";
const margin = 2;
const stageHeight = 1.6;
/** A seat smaller than this (CSS pixels) is hard to press: a finger needs more than a mouse. */
const handySeatPx = matchMedia("(pointer: coarse)").matches ? 30 : 19;
const largestSeatPx = 56;

function make(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

function label(text: string, x: number, y: number, className: string): SVGElement {
  const element = make("text", { x, y, class: className });
  element.textContent = text;
  return element;
}

export class PlanView extends SeatView {
  readonly svg: SVGElement;
  readonly #stage: SVGElement;
  readonly #width: number;
  #seatPx = handySeatPx;

  constructor(options: ViewOptions) {
    super(options);
    const { left, top, right, bottom } = this.hall.bounds;
    const x = left - margin;
    const y = top - margin - stageHeight - 1;
    this.#width = right - left + 2 * margin;
    const height = bottom - y + margin;
    this.svg = make("svg", { viewBox: `${x} ${y} ${this.#width} ${height}`, class: "plan", role: "group" });
    const stageWidth = Math.max(6, (right - left) * 0.6);
    const middle = (left + right) / 2;
    const stage = { x: middle - stageWidth / 2, y: y + 0.5, width: stageWidth, height: stageHeight, rx: 0.5 };
    this.svg.appendChild(make("rect", { ...stage, class: "stage" }));
    this.#stage = this.svg.appendChild(label("", middle, y + 0.5 + stageHeight / 2, "stage-name"));
    for (const section of this.hall.sections) this.#drawSection(section.start, section.end, section.name);
    this.listen(this.svg);
    this.#drawRowNames();
  }

  #drawSection(start: number, end: number, name: string): void {
    const group = make("g", { role: "group" });
    group.setAttribute("aria-label", name);
    const seats = this.hall.seats.slice(start, end);
    if (this.hall.sections.length > 1 && name !== "") {
      const xs = seats.map((seat) => seat.x);
      const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
      group.appendChild(label(name, middle, Math.min(...seats.map((seat) => seat.y)) - 0.9, "section-name"));
    }
    for (const seat of seats) {
      const path = make("path", { transform: `translate(${seat.x} ${seat.y})`, role: "button" });
      this.add(path, seat);
      group.appendChild(path);
    }
    this.svg.appendChild(group);
  }

  #drawRowNames(): void {
    const group = make("g", { "aria-hidden": "true" });
    for (const section of this.hall.sections) {
      for (const row of section.rows) {
        const first = this.hall.seats[row.start];
        if (first !== undefined) group.appendChild(label(row.label, first.x - 0.95, first.y, "row-name"));
      }
    }
    this.svg.appendChild(group);
  }

  translate(words: PlanWords): void {
    this.#stage.textContent = words.stage;
    this.svg.setAttribute("aria-label", words.mapLabel);
    this.paint();
  }

  protected dress(element: SVGElement, seat: HallSeat, look: Look): void {
    element.setAttribute("class", `seat grade-${seat.gradeIndex % 6} seat-${look.mark}`);
    element.setAttribute("d", markPath(look.mark, seat.gradeIndex));
  }

  /** The whole hall where seats stay easy to press, otherwise its middle at a handy size. */
  settle(frame: HTMLElement): void {
    const fitting = frame.clientWidth / this.#width;
    this.#size(frame, Math.min(largestSeatPx * 0.75, Math.max(handySeatPx, fitting)));
    frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
  }

  fit(frame: HTMLElement): void {
    this.#size(frame, frame.clientWidth / this.#width);
  }

  zoom(frame: HTMLElement, factor: number): void {
    const smallest = frame.clientWidth / this.#width;
    const next = Math.min(
      Math.max(largestSeatPx, smallest),
      Math.max(Math.min(smallest, handySeatPx), this.#seatPx * factor),
    );
    const [x, y] = [
      middleShare(frame.scrollLeft, frame.clientWidth, frame.scrollWidth),
      middleShare(frame.scrollTop, frame.clientHeight, frame.scrollHeight),
    ];
    this.#size(frame, next);
    frame.scrollTo(x * frame.scrollWidth - frame.clientWidth / 2, y * frame.scrollHeight - frame.clientHeight / 2);
  }

  #size(frame: HTMLElement, seatPx: number): void {
    this.#seatPx = seatPx;
    this.svg.setAttribute(
      "width",
      String(Math.floor(Math.max(seatPx * this.#width, Math.min(frame.clientWidth, 280)))),
    );
  }
}

function middleShare(offset: number, shown: number, whole: number): number {
  return (offset + shown / 2) / Math.max(1, whole);
}

/** What the plan and the list have in common: seats that can be walked with arrow keys, pressed, and repainted. */
import type { Hall, HallSeat } from "./hall.ts";
import type { Mark } from "./marks.ts";
import { seatToward } from "./roving.ts";

export interface Look {
  readonly mark: Mark;
  readonly name: string;
}

export interface ViewOptions {
  readonly hall: Hall;
  readonly look: (seat: HallSeat) => Look;
  readonly onPress: (index: number) => void;
  readonly markOf: (index: number) => Mark;
  readonly freeInSection: (index: number) => number;
  /** Something in it may be picked, if only with a code. */
  readonly isSectionOpen: (index: number) => boolean;
}

/** The words of a view, which change with the language while the view itself stays as it was left. */
export interface PlanWords {
  readonly stage: string;
  readonly mapLabel: string;
  readonly mapHint: string;
  readonly soldOut: string;
  /** Of places that only a code opens. */
  readonly coded: string;
  readonly left: (values: { readonly n: string }) => string;
  readonly rowName: (values: { readonly row: string }) => string;
}

export abstract class SeatView {
  protected readonly hall: Hall;
  readonly #look: (seat: HallSeat) => Look;
  readonly #onPress: (index: number) => void;
  /** Of the seats that have one just now: those in the window of the map, those of the open sections of the list. */
  readonly #elements = new Map<number, HTMLElement>();
  #current = 0;

  constructor({ hall, look, onPress }: ViewOptions) {
    this.hall = hall;
    this.#look = look;
    this.#onPress = onPress;
  }

  abstract translate(words: PlanWords): void;

  protected abstract dress(element: HTMLElement, seat: HallSeat, look: Look): void;

  /** Brings a seat that has no element yet to where it has one. */
  protected abstract reveal(index: number): void;

  protected get current(): number {
    return this.#current;
  }

  /** The button of a seat. */
  protected add(seat: HallSeat): HTMLButtonElement {
    const element = document.createElement("button");
    element.type = "button";
    element.setAttribute("data-seat-id", seat.id);
    element.setAttribute("data-index", String(seat.index));
    element.setAttribute("tabindex", seat.index === this.#current ? "0" : "-1");
    this.#elements.set(seat.index, element);
    this.#dressSeat(seat);
    return element;
  }

  protected elementOf(index: number): HTMLElement | undefined {
    return this.#elements.get(index);
  }

  protected elements(): IterableIterator<[number, HTMLElement]> {
    return this.#elements.entries();
  }

  protected drop(index: number): void {
    this.#elements.get(index)?.remove();
    this.#elements.delete(index);
  }

  /** One seat can be tabbed to: the one that was last, or where that is not there, the first. */
  protected keepReachable(): void {
    if (this.#elements.has(this.#current)) return;
    const first = Math.min(...this.#elements.keys());
    if (Number.isFinite(first)) this.#moveTo(first);
  }

  protected listen(root: Element): void {
    root.addEventListener("click", (event) => {
      const index = indexOf(event.target);
      if (index === null) return;
      this.#moveTo(index);
      this.#onPress(index);
    });
    root.addEventListener("keydown", (event) => {
      if (event instanceof KeyboardEvent) this.#key(event);
    });
  }

  paint(indexes?: Iterable<number>): void {
    for (const index of indexes ?? this.#elements.keys()) {
      const seat = this.hall.seats[index];
      if (seat !== undefined) this.#dressSeat(seat);
    }
  }

  #dressSeat(seat: HallSeat): void {
    const element = this.#elements.get(seat.index);
    if (element === undefined) return;
    const look = this.#look(seat);
    element.setAttribute("aria-label", look.name);
    element.setAttribute("aria-pressed", String(look.mark === "picked" || look.mark === "mine"));
    element.setAttribute("aria-disabled", String(look.mark === "taken" || look.mark === "blocked"));
    element.setAttribute("data-mark", look.mark);
    this.dress(element, seat, look);
  }

  #key(event: KeyboardEvent): void {
    const index = indexOf(event.target);
    if (index === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = seatToward(this.hall, index, event.key);
    if (next === null) return;
    event.preventDefault();
    this.goTo(next);
  }

  /** Shows a seat and puts the focus on it. */
  goTo(index: number): void {
    this.reveal(index);
    this.#moveTo(index);
    this.#elements.get(index)?.focus({ preventScroll: this.steady });
  }

  /** Shows a seat, and leaves the focus where it is. */
  bring(index: number): void {
    this.reveal(index);
  }

  /** Does the view move by itself, so that the browser must not scroll it? */
  protected readonly steady: boolean = false;

  #moveTo(index: number): void {
    this.#elements.get(this.#current)?.setAttribute("tabindex", "-1");
    this.#elements.get(index)?.setAttribute("tabindex", "0");
    this.#current = index;
  }
}

function indexOf(target: EventTarget | null): number | null {
  const seat = target instanceof Element ? target.closest("[data-index]") : null;
  const index = seat?.getAttribute("data-index");
  return index === null || index === undefined ? null : Number(index);
}

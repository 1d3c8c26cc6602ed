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
}

/** The words of a view, which change with the language while the view itself stays as it was left. */
export interface PlanWords {
  readonly stage: string;
  readonly mapLabel: string;
  readonly rowName: (values: { readonly row: string }) => string;
}

export abstract class SeatView {
  protected readonly hall: Hall;
  readonly #look: (seat: HallSeat) => Look;
  readonly #onPress: (index: number) => void;
  readonly #elements: (HTMLElement | SVGElement)[] = [];
  #current = 0;

  constructor({ hall, look, onPress }: ViewOptions) {
    this.hall = hall;
    this.#look = look;
    this.#onPress = onPress;
  }

  abstract translate(words: PlanWords): void;

  protected abstract dress(element: HTMLElement | SVGElement, seat: HallSeat, look: Look): void;

  /** Registers a seat's element, which `translate` then paints; called in chart order. */
  protected add(element: HTMLElement | SVGElement, seat: HallSeat): void {
    element.setAttribute("data-seat-id", seat.id);
    element.setAttribute("data-index", String(seat.index));
    element.setAttribute("tabindex", seat.index === this.#current ? "0" : "-1");
    this.#elements[seat.index] = element;
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
    if (indexes === undefined) for (const seat of this.hall.seats) this.#dressSeat(seat);
    else {
      for (const index of indexes) {
        const seat = this.hall.seats[index];
        if (seat !== undefined) this.#dressSeat(seat);
      }
    }
  }

  #dressSeat(seat: HallSeat): void {
    const element = this.#elements[seat.index];
    if (element === undefined) return;
    const look = this.#look(seat);
    element.setAttribute("aria-label", look.name);
    element.setAttribute("aria-pressed", String(look.mark === "picked" || look.mark === "mine"));
    element.setAttribute("aria-disabled", String(look.mark === "taken"));
    element.setAttribute("data-mark", look.mark);
    this.dress(element, seat, look);
  }

  #key(event: KeyboardEvent): void {
    const index = indexOf(event.target);
    if (index === null || event.altKey || event.ctrlKey || event.metaKey) return;
    if ((event.key === "Enter" || event.key === " ") && event.target instanceof SVGElement) {
      event.preventDefault();
      this.#onPress(index);
      return;
    }
    const next = seatToward(this.hall, index, event.key);
    if (next === null) return;
    event.preventDefault();
    this.#moveTo(next);
    this.#elements[next]?.focus();
  }

  #moveTo(index: number): void {
    this.#elements[this.#current]?.setAttribute("tabindex", "-1");
    this.#elements[index]?.setAttribute("tabindex", "0");
    this.#current = index;
  }
}

function indexOf(target: EventTarget | null): number | null {
  const seat = target instanceof Element ? target.closest("[data-index]") : null;
  const index = seat?.getAttribute("data-index");
  return index === null || index === undefined ? null : Number(index);
}

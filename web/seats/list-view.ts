/** The same seats as a list: sections, rows, one button per seat. */
import type { HallSeat } from "./hall.ts";
import { type Look, type PlanWords, SeatView, type ViewOptions } from "./seat-view.ts";

export class ListView extends SeatView {
  readonly root: HTMLElement;
  readonly #rows: { readonly line: HTMLElement; readonly title: HTMLElement; readonly row: string }[] = [];

  constructor(options: ViewOptions) {
    super(options);
    this.root = document.createElement("div");
    this.root.className = "seat-list";
    for (const section of this.hall.sections) {
      const part = document.createElement("section");
      if (section.name !== "") {
        const heading = part.appendChild(document.createElement("h3"));
        heading.textContent = section.name;
      }
      for (const row of section.rows) part.appendChild(this.#row(row.label, row.start, row.end));
      this.root.appendChild(part);
    }
    this.listen(this.root);
  }

  #row(row: string, start: number, end: number): HTMLElement {
    const line = document.createElement("div");
    line.className = "seat-row";
    line.setAttribute("role", "group");
    const title = line.appendChild(document.createElement("span"));
    title.className = "seat-row-name";
    this.#rows.push({ line, title, row });
    const seats = line.appendChild(document.createElement("div"));
    seats.className = "seat-row-seats";
    for (const seat of this.hall.seats.slice(start, end)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = seat.label;
      this.add(button, seat);
      seats.appendChild(button);
    }
    return line;
  }

  translate(words: PlanWords): void {
    for (const { line, title, row } of this.#rows) {
      const name = words.rowName({ row });
      line.setAttribute("aria-label", name);
      title.textContent = name;
    }
    this.paint();
  }

  protected dress(element: HTMLElement, seat: HallSeat, look: Look): void {
    element.className = `seat-button grade-${seat.gradeIndex % 6} seat-${look.mark}`;
  }
}

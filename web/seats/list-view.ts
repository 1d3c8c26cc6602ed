/**
 * The same seats as a list: sections, rows, one button per seat. Where there are several sections, one that is closed is a
 * single line, so that a stadium is as quick to walk through as a small hall.
 */
import type { HallRow, HallSeat, HallSection } from "./hall.ts";
import { type Look, type PlanWords, SeatView, type ViewOptions } from "./seat-view.ts";

/** A hall of no more seats is shown with all its sections open. */
const openSeats = 300;

interface Part {
  readonly section: HallSection;
  readonly body: HTMLElement;
  readonly details: HTMLDetailsElement | null;
  readonly left: HTMLElement | null;
  readonly rows: { readonly line: HTMLElement; readonly title: HTMLElement; readonly row: string }[];
}

export class ListView extends SeatView {
  readonly root: HTMLElement;
  readonly #parts: readonly Part[];
  readonly #freeInSection: (index: number) => number;
  readonly #isSectionOpen: (index: number) => boolean;
  #words: PlanWords | null = null;

  constructor(options: ViewOptions) {
    super(options);
    this.#freeInSection = options.freeInSection;
    this.#isSectionOpen = options.isSectionOpen;
    this.root = document.createElement("div");
    this.root.className = "seat-list";
    this.#parts = this.hall.sections.map((section) => this.#part(section));
    this.listen(this.root);
    for (const part of this.#parts) if (part.details === null) this.#fill(part);
    const all = this.hall.seats.length <= openSeats;
    for (const { details } of this.#parts) if (details !== null && all) details.open = true;
  }

  #part(section: HallSection): Part {
    if (this.hall.sections.length === 1) {
      const body = this.root.appendChild(document.createElement("section"));
      if (section.name !== "") body.appendChild(document.createElement("h2")).textContent = section.name;
      return { section, body, details: null, left: null, rows: [] };
    }
    const details = this.root.appendChild(document.createElement("details"));
    details.dataset["section"] = section.id;
    const summary = details.appendChild(document.createElement("summary"));
    summary.appendChild(document.createElement("strong")).textContent = section.name;
    const left = summary.appendChild(document.createElement("span"));
    left.className = "faint";
    const body = details.appendChild(document.createElement("div"));
    const part: Part = { section, body, details, left, rows: [] };
    details.addEventListener("toggle", () => (details.open ? this.#fill(part) : this.#empty(part)));
    return part;
  }

  #fill(part: Part): void {
    if (part.rows.length > 0) return;
    for (const row of part.section.rows) this.#row(part, row);
    this.#nameRows(part);
    this.keepReachable();
  }

  #empty({ section, body, rows }: Part): void {
    for (let index = section.start; index < section.end; index++) this.drop(index);
    rows.length = 0;
    body.replaceChildren();
  }

  #row({ body, rows }: Part, { label, start, end }: HallRow): void {
    const line = body.appendChild(document.createElement("div"));
    line.className = "seat-row";
    line.setAttribute("role", "group");
    const title = line.appendChild(document.createElement("span"));
    title.className = "seat-row-name";
    rows.push({ line, title, row: label });
    const seats = line.appendChild(document.createElement("div"));
    seats.className = "seat-row-seats";
    for (const seat of this.hall.seats.slice(start, end)) {
      const button = this.add(seat);
      button.textContent = seat.label;
      seats.appendChild(button);
    }
  }

  translate(words: PlanWords): void {
    this.#words = words;
    for (const part of this.#parts) this.#nameRows(part);
    this.paint();
  }

  override paint(indexes?: Iterable<number>): void {
    super.paint(indexes);
    const words = this.#words;
    if (words === null) return;
    for (const [index, { left }] of this.#parts.entries()) {
      if (left === null) continue;
      const free = this.#freeInSection(index);
      const none = this.#isSectionOpen(index) ? words.coded : words.soldOut;
      const said = free === 0 ? none : words.left({ n: free.toLocaleString(document.documentElement.lang) });
      if (left.textContent !== said) left.textContent = said;
    }
  }

  #nameRows({ rows }: Part): void {
    for (const { line, title, row } of rows) {
      const name = this.#words?.rowName({ row }) ?? row;
      line.setAttribute("aria-label", name);
      title.textContent = name;
    }
  }

  protected reveal(index: number): void {
    if (this.elementOf(index) !== undefined) return;
    const part = this.#parts.find(({ section }) => index >= section.start && index < section.end);
    if (part?.details == null) return;
    part.details.open = true;
    this.#fill(part);
  }

  protected dress(element: HTMLElement, seat: HallSeat, look: Look): void {
    const trait = seat.accessible ? " seat-accessible" : seat.restricted ? " seat-restricted" : "";
    element.className = `seat-button grade-${seat.gradeIndex % 6} seat-${look.mark}${trait}`;
  }
}

/** What stands around the queue: the show's name, the organiser's notice, the seats that are left and what they cost. */
import { moneyText } from "../format/money.ts";
import { part, show, write } from "./parts.ts";
import type { Room } from "./room.ts";
import { type Show, titleIn } from "./show.ts";
import { language, word } from "./words.ts";

export function drawSurroundings({ screen, status }: Room, performance: Show | null): void {
  const notice = status?.notice ?? "";
  show("notice", notice !== "");
  write("notice", notice === "" ? "" : `${word("notice")}: ${notice}`);
  write("show", titleIn(performance, language()));
  const grades = screen === "closed" ? [] : Object.entries(status?.seatsLeft ?? {});
  show("seats", grades.length > 0);
  const list = part("seat-list");
  while (list.children.length > grades.length) list.lastElementChild?.remove();
  grades.forEach(([grade, left], index) => {
    const price = performance?.grades.find((one) => one.grade === grade)?.price;
    const row = list.children[index] ?? list.appendChild(document.createElement("li"));
    const texts = [
      word("grade", { grade }),
      price === undefined ? "" : moneyText(price.amount, price.currency, language()),
      left === 0 ? word("gone") : word("seatN", { n: left.toLocaleString(language()) }),
    ];
    texts.forEach((text, column) => {
      const cell = row.children[column] ?? row.appendChild(document.createElement("span"));
      if (cell.textContent !== text) cell.textContent = text;
    });
  });
}

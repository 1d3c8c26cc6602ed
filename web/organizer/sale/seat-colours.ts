/** Colours of seats by what has happened to them: a digit a seat in chart order (durable-objects/performance/seats/board.ts). */
import { gradeColour } from "../chart-picture.tsx";

type Kind = "free" | "blocked" | "held" | "sold";

const kinds: readonly Kind[] = ["free", "blocked", "held", "held", "held", "sold", "held"];
const kindOf = (digit: string | undefined): Kind => kinds[Number(digit)] ?? "blocked";

export function countsOf(statuses: string): Readonly<Record<Kind, number>> {
  const counts = { free: 0, blocked: 0, held: 0, sold: 0 };
  for (const digit of statuses) counts[kindOf(digit)] += 1;
  return counts;
}

/** Reads the page's own colours, so that both themes have theirs. */
export function seatColours(statuses: string): (index: number) => string | null {
  const styles = getComputedStyle(document.documentElement);
  const colour = (name: string): string => styles.getPropertyValue(name).trim();
  const byKind: Readonly<Record<Kind, string>> = {
    free: colour("--seat-free"),
    blocked: colour("--seat-blocked"),
    held: colour("--seat-held"),
    sold: colour("--seat-sold"),
  };
  return (index) => byKind[kindOf(statuses[index])];
}

/** Sold seats in the colour of their grade, all others as if they were nobody's. */
export function gradeColours(
  statuses: string,
  seats: readonly { readonly grade: string }[],
  grades: readonly string[],
): (index: number) => string | null {
  const styles = getComputedStyle(document.documentElement);
  const free = styles.getPropertyValue("--seat-free").trim();
  const colours = grades.map((_, index) => gradeColour(styles, index));
  return (index) =>
    kindOf(statuses[index]) === "sold" ? (colours[grades.indexOf(seats[index]?.grade ?? "")] ?? free) : free;
}

export function withPicked(
  base: (index: number) => string | null,
  seats: readonly { readonly id: string }[],
  picked: ReadonlySet<string>,
): (index: number) => string | null {
  if (picked.size === 0) return base;
  const accent = getComputedStyle(document.documentElement).getPropertyValue("--bad").trim();
  return (index) => (picked.has(seats[index]?.id ?? "") ? accent : base(index));
}

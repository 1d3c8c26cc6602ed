/** Colours of seats by what has happened to them: a digit a seat in chart order (durable-objects/performance/seats/board.ts). */
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

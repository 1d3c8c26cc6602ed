/** The page's colours as a canvas needs them: read from the style sheet, again whenever light and dark change. */
export interface Colours {
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly card: string;
  readonly accent: string;
  readonly grades: readonly string[];
}

const forced = matchMedia("(forced-colors: active)");
const dark = matchMedia("(prefers-color-scheme: dark)");

export function coloursOf(element: Element): Colours {
  if (forced.matches) {
    const [ink, faint, line] = ["CanvasText", "GrayText", "CanvasText"];
    return { ink, faint, line, card: "Canvas", accent: "Highlight", grades: Array<string>(6).fill(ink) };
  }
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim() || "#555";
  return {
    ink: colour("--ink"),
    faint: colour("--faint"),
    line: colour("--line"),
    card: colour("--card"),
    accent: colour("--accent"),
    grades: [0, 1, 2, 3, 4, 5].map((grade) => colour(`--grade-${grade}`)),
  };
}

/** Calls when the colours may be others; the answer ends it. */
export function whenColoursChange(changed: () => void): () => void {
  for (const query of [forced, dark]) query.addEventListener("change", changed);
  return () => {
    for (const query of [forced, dark]) query.removeEventListener("change", changed);
  };
}

/** Marks at which a screen reader hears the time left, in seconds. */
const spokenMarks: readonly number[] = [600, 300, 120, 60, 30, 10];

/** The mark that was crossed between two moments, if any. */
export function crossedMark(beforeMs: number, afterMs: number): number | null {
  return spokenMarks.find((mark) => beforeMs > mark * 1000 && afterMs <= mark * 1000 && afterMs > 0) ?? null;
}

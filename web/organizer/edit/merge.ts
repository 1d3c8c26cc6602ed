/**
 * Two people change one draft: what each of them did is told apart by what the draft was when this page read it last. Who
 * changes different fields is in nobody's way; the same field, to different values, is for a person to decide.
 */
export type Values = Readonly<Record<string, unknown>>;

export interface Merged {
  /** What somebody else has changed and this page has not. */
  readonly theirs: Values;
  /** What both have changed, with their value. */
  readonly conflicts: Values;
}

/** What no organiser writes; it changes by itself. */
const BESIDE = new Set(["id", "phase", "publishedAt", "updatedAt"]);

/** `base`: as it was read; `now`: as it is; `mine`: what is changed here and not saved yet. */
export function merged(base: Values, now: Values, mine: Values): Merged {
  const theirs: Record<string, unknown> = {};
  const conflicts: Record<string, unknown> = {};
  for (const field of new Set([...Object.keys(base), ...Object.keys(now)])) {
    if (BESIDE.has(field) || same(base[field], now[field])) continue;
    if (!(field in mine)) theirs[field] = now[field] ?? null;
    else if (!same(mine[field], now[field])) conflicts[field] = now[field] ?? null;
  }
  return { theirs, conflicts };
}

/** Nothing is nothing, whether it is null or was never said; prices are the same in whatever order. */
export function same(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries);
}

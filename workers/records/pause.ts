/** Pauses before something is tried again. Messages that failed together (Postgres was away) must not come back together. */

/** A pause in whole seconds, up to a quarter shorter by `chance` in [0, 1), and never less than one. */
export function spread(seconds: number, chance: number): number {
  return Math.max(1, Math.round(seconds * (1 - chance / 4)));
}

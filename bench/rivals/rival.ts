/** What others do with the same crowd: seats in a store of their own, and an atomic hold of some of them. */

export interface Attempt {
  readonly member: number;
  /** Seats by number, from 0. */
  readonly seats: readonly number[];
}

export interface Rival {
  /** All seats free, so many of them. */
  reset(seats: number): Promise<void>;
  /** Every attempt is answered: held, all of its seats, or not. */
  run(attempts: readonly Attempt[]): Promise<Outcome>;
  /** Seats that are held now. */
  held(): Promise<number>;
}

export interface Outcome {
  readonly granted: number;
  readonly refused: number;
  readonly milliseconds: number;
}

/** Holds last as long as ours (300 s), so that none ends meanwhile. */
export const HOLD_MS = 300_000;

/** Each line takes the next attempt when it has the answer to its last. */
export async function onLines(
  lines: readonly ((attempt: Attempt) => Promise<boolean>)[],
  attempts: readonly Attempt[],
): Promise<Outcome> {
  let [next, granted] = [0, 0];
  const startedAt = performance.now();
  await Promise.all(
    lines.map(async (hold) => {
      for (let attempt = attempts[next++]; attempt !== undefined; attempt = attempts[next++]) {
        if (await hold(attempt)) granted += 1;
      }
    }),
  );
  const milliseconds = performance.now() - startedAt;
  return { granted, refused: attempts.length - granted, milliseconds };
}

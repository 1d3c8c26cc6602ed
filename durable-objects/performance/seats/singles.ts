/**
 * No single seat left: a choice of seats must not leave a free seat with nobody's free seat beside it, where it had one
 * before. One pure function for the object and for the page. It never refuses the only possible purchase: where every
 * choice of that many seats would leave one, all of them are allowed.
 *
 * `runs` are stretches of seats beside each other, each from one aisle or end of a row to the next; `free` says whether the
 * buyer may have a seat. A seat that is taken, blocked, of an allotment, or kept for wheelchairs ends a stretch like a wall;
 * one of another grade does not.
 */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

type Free = (position: number) => boolean;

/**
 * The single seats a choice would newly leave, in order; none when it leaves none, or when no choice of that many seats
 * could do better. `eligible`: the seats the purchase might have been made of instead (those of the same grades).
 */
export function singlesLeft(
  runs: readonly Stretch[],
  free: Free,
  chosen: ReadonlySet<number>,
  eligible: Free,
): readonly number[] {
  const left: number[] = [];
  for (const run of runs) {
    if (!touches(run, chosen)) continue;
    left.push(...singlesIn(run, free, chosen));
  }
  if (left.length === 0) return left;
  return possibleWithout(runs, free, eligible, chosen.size) ? left : [];
}

function touches({ from, to }: Stretch, chosen: ReadonlySet<number>): boolean {
  for (const position of chosen) if (position >= from && position < to) return true;
  return false;
}

function singlesIn({ from, to }: Stretch, free: Free, chosen: ReadonlySet<number>): number[] {
  const before = (position: number): boolean => position >= from && position < to && free(position);
  const after = (position: number): boolean => before(position) && !chosen.has(position);
  const found: number[] = [];
  for (let position = from; position < to; position++) {
    if (!after(position) || after(position - 1) || after(position + 1)) continue;
    if (before(position - 1) || before(position + 1)) found.push(position);
  }
  return found;
}

/** Can `count` eligible seats be taken somewhere so that no single one is newly left? */
function possibleWithout(runs: readonly Stretch[], free: Free, eligible: Free, count: number): boolean {
  const reachable = new Uint8Array(count + 1);
  reachable[0] = 1;
  for (const { from, to } of runs) {
    for (let start = from; start < to;) {
      if (!free(start)) {
        start += 1;
        continue;
      }
      let end = start;
      while (end < to && free(end)) end += 1;
      join(reachable, takeable(start, end, eligible, count));
      if (reachable[count] === 1) return true;
      start = end;
    }
  }
  return false;
}

/** Which numbers of seats can be taken from one stretch of free seats without leaving a new single one: 1 where possible. */
function takeable(start: number, end: number, eligible: Free, most: number): Uint8Array {
  // Alone it is single already, and may be taken or left.
  const alone = end - start === 1;
  // By how many seats are left free just before here: none, one, several; and by how many were taken.
  let states = [new Uint8Array(most + 1), new Uint8Array(most + 1), new Uint8Array(most + 1)];
  const [none] = states;
  if (none !== undefined) none[0] = 1;
  for (let position = start; position < end; position++) {
    const next = [new Uint8Array(most + 1), new Uint8Array(most + 1), new Uint8Array(most + 1)];
    const may = eligible(position);
    for (let left = 0; left <= 2; left++) {
      for (let taken = 0; taken <= most; taken++) {
        if (states[left]?.[taken] !== 1) continue;
        const kept = next[Math.min(2, left + 1)];
        if (kept !== undefined) kept[taken] = 1;
        const zero = next[0];
        if (may && left !== 1 && taken < most && zero !== undefined) zero[taken + 1] = 1;
      }
    }
    states = next;
  }
  const result = new Uint8Array(most + 1);
  for (let taken = 0; taken <= most; taken++) {
    const possible = states[0]?.[taken] === 1 || states[2]?.[taken] === 1 || (alone && states[1]?.[taken] === 1);
    result[taken] = possible ? 1 : 0;
  }
  return result;
}

/** Sums of what was reachable and what one more stretch can give. */
function join(reachable: Uint8Array, more: Uint8Array): void {
  for (let total = reachable.length - 1; total > 0; total--) {
    for (let part = 1; part <= total && reachable[total] === 0; part++) {
      if (more[part] === 1 && reachable[total - part] === 1) reachable[total] = 1;
    }
  }
}

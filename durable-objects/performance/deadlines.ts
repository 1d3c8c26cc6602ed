/**
 * A binary min-heap of deadlines. Entries are never removed early: whoever takes one checks whether it still holds, which
 * is cheaper than finding it and keeps the rule "a deadline is decided by comparing times" in one place.
 */
export interface Deadline<Subject> {
  readonly at: number;
  readonly subject: Subject;
}

export class Deadlines<Subject> {
  readonly #heap: Deadline<Subject>[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest time anything may be due, or null. It may turn out to be stale. */
  get earliest(): number | null {
    return this.#heap[0]?.at ?? null;
  }

  peek(): Deadline<Subject> | null {
    return this.#heap[0] ?? null;
  }

  add(at: number, subject: Subject): void {
    const heap = this.#heap;
    let child = heap.push({ at, subject }) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (at >= (heap[parent]?.at ?? 0)) break;
      this.#swap(child, parent);
      child = parent;
    }
  }

  /** Removes and returns the earliest deadline that has come by `now`, or null. */
  takeDue(now: number): Deadline<Subject> | null {
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return null;
    this.#removeFirst();
    return first;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    let parent = 0;
    for (;;) {
      const left = parent * 2 + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const smaller = right < heap.length && (heap[right]?.at ?? 0) < (heap[left]?.at ?? 0) ? right : left;
      if ((heap[smaller]?.at ?? 0) >= last.at) return;
      this.#swap(parent, smaller);
      parent = smaller;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    const first = heap[a];
    const second = heap[b];
    if (first === undefined || second === undefined) return;
    heap[a] = second;
    heap[b] = first;
  }
}

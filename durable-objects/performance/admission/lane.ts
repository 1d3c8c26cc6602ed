/**
 * One lane of a line: a separately ordered part of the people, with its own front, its own returned, and its own count of
 * who is there. Places are those of the whole line; to a lane the places of others are gone.
 *
 * `front` is the first place this lane has not considered yet. Below it everybody of the lane has been admitted, has left,
 * or was passed over because absent; a passed-over person who comes back waits among the returned and goes before everybody
 * behind. So a free slot costs a constant number of steps, however many people are absent.
 */
import { Deadlines } from "../deadlines.ts";

/** Places per block of the count of those who are gone. */
const BLOCK = 1_024;
/** Leases are counted by the second they end in; none is longer than the ring of seconds. */
const RING = 256;
export const LEASE_MAX_SECONDS = RING - 16;

export class Lane {
  front = 0;
  /** People of the lane with standing `waiting`, all at or behind the front. */
  waiting = 0;
  /** Per block of places: how many are not waiting in this lane. */
  #gone = new Int32Array(16);
  /** People waiting by the second their lease ends in, and all of them: who is there to be let in. */
  readonly #leases = new Uint32Array(RING);
  #present = 0;
  /** Leases that end in this second or before have ended. */
  #second = 0;
  readonly #returned = new Deadlines<number>();
  readonly #inReturned = new Set<number>();

  /** How many of those waiting show signs of life. */
  present(now: number): number {
    this.expire(now);
    return this.#present;
  }

  /** Somebody waiting has (`by` 1) or no longer has (-1) a lease that ends in this second. */
  countLease(second: number, by: 1 | -1): void {
    if (second <= this.#second) return;
    this.#leases[second % RING] = (this.#leases[second % RING] ?? 0) + by;
    this.#present += by;
  }

  /** The second until which leases have ended. */
  get second(): number {
    return this.#second;
  }

  expire(now: number): void {
    const second = Math.floor(now / 1_000);
    if (second <= this.#second) return;
    const from = Math.max(this.#second + 1, second - RING + 1);
    for (let ended = from; ended <= second; ended++) {
      this.#present -= this.#leases[ended % RING] ?? 0;
      this.#leases[ended % RING] = 0;
    }
    this.#second = second;
  }

  countGone(place: number, by: number): void {
    const block = Math.floor(place / BLOCK);
    if (block >= this.#gone.length) {
      const larger = new Int32Array(Math.max(block + 1, this.#gone.length * 2));
      larger.set(this.#gone);
      this.#gone = larger;
    }
    this.#gone[block] = (this.#gone[block] ?? 0) + by;
  }

  /** The places have been drawn: everybody is counted anew. */
  recount(): void {
    this.#gone.fill(0);
  }

  /** How many are gone from `from` to `to` (exclusive); `isGone` is asked only in blocks where somebody is. */
  goneBetween(from: number, to: number, isGone: (place: number) => boolean): number {
    const first = Math.floor(from / BLOCK);
    const last = Math.floor(to / BLOCK);
    const within = (start: number, end: number): number => {
      if ((this.#gone[Math.floor(start / BLOCK)] ?? 0) === 0) return 0;
      let count = 0;
      for (let place = start; place < end; place++) if (isGone(place)) count += 1;
      return count;
    };
    if (first === last) return within(from, to);
    let count = within(from, (first + 1) * BLOCK) + within(last * BLOCK, to);
    for (let block = first + 1; block < last; block++) count += this.#gone[block] ?? 0;
    return count;
  }

  comeBack(place: number, number: number): void {
    if (this.#inReturned.has(number)) return;
    this.#inReturned.add(number);
    this.#returned.add(place, number);
  }

  /** The first of the returned, by place, for whom `holds`; those for whom it does not are dropped on the way. Or -1. */
  firstReturned(holds: (number: number) => boolean): number {
    for (;;) {
      const top = this.#returned.peek();
      if (top === null) return -1;
      if (holds(top.subject)) return top.subject;
      this.#returned.takeDue(Number.POSITIVE_INFINITY);
      this.#inReturned.delete(top.subject);
    }
  }

  get returned(): number {
    return this.#returned.size;
  }

  get byteLength(): number {
    return this.#gone.byteLength + this.#leases.byteLength;
  }
}

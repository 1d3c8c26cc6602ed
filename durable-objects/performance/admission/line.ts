/**
 * The line of a performance: everybody's standing by number, the front, and who shows signs of life. Plain data with the
 * questions the rules ask of it; only apply.ts changes it (and presence, which lives in memory alone).
 *
 * A number says when somebody came, a place when their turn is. They are the same but for those who took part in the draw.
 *
 * `front` is the first place nobody has considered yet. Below it everybody has been admitted, has left, or was passed over
 * because absent; a passed-over person who comes back waits in `#returned` and goes before everybody behind. So a free slot
 * costs a constant number of steps, however many people are absent.
 */
import { Deadlines } from "../deadlines.ts";
import { placesOf } from "./draw.ts";
import { lobbyOf } from "./entry.ts";
import { Roster } from "./roster.ts";

export const STANDING = { waiting: 0, left: 1, passedOver: 2, admitted: 3, ended: 4 } as const;
export type StandingCode = (typeof STANDING)[keyof typeof STANDING];

export interface PassedOver {
  /** When first passed over: the grace runs from here. */
  readonly at: number;
  /** Missed a show-up: only something explicit brings the person back, a socket left open does not. */
  readonly explicit: boolean;
}

const BLOCK = 1_024;
/** Leases are counted by the second they end in; none is longer than the ring of seconds. */
const RING = 256;
const LEASE_MAX_SECONDS = RING - 16;
/** By how much leases are extended when their lobby has started again. */
const FORGIVEN_MS = 30_000;

export class Line {
  readonly roster = new Roster();
  front = 0;
  /** People with standing `waiting`, all at or behind the front. */
  waiting = 0;
  readonly passedOver = new Map<number, PassedOver>();
  /** Who missed a show-up once; the second miss ends the place. */
  readonly missed = new Set<number>();
  #standing = new Uint8Array(BLOCK);
  /** Lease ends in whole seconds since 1970; 0 is absent. */
  #presentUntil = new Uint32Array(BLOCK);
  /** People waiting by the second their lease ends in, and all of them: who is there to be let in. */
  readonly #leases = new Uint32Array(RING);
  #present = 0;
  /** Leases that end in this second or before have ended. */
  #second = 0;
  /** Of those who took part in the draw: place → number and number → place. */
  #order: Uint32Array = new Uint32Array();
  #places: Uint32Array = new Uint32Array();
  /** Per block of 1,024 places: how many at or behind the front are no longer waiting (left). */
  #gone = new Int32Array(16);
  /** When which lobby last started again. */
  readonly #restarts = new Map<number, number>();
  #lobbies = 1;
  readonly #returned = new Deadlines<number>();
  readonly #inReturned = new Set<number>();

  /** Who is at a place. */
  numberAt(place: number): number {
    return this.#order[place] ?? place;
  }

  placeOf(number: number): number {
    return this.#places[number] ?? number;
  }

  /** The draw: from here on the first places belong to those whom it put there. */
  draw(order: Uint32Array): void {
    this.#order = order;
    this.#places = placesOf(order);
    this.#gone.fill(0);
    for (let number = 0; number < this.roster.size; number++) {
      if (this.#standing[number] !== STANDING.waiting) this.#countGone(number, 1);
    }
  }

  standing(number: number): StandingCode {
    return (this.#standing[number] ?? STANDING.ended) as StandingCode;
  }

  isPresent(number: number, now: number): boolean {
    const until = (this.#presentUntil[number] ?? 0) * 1_000;
    if (until > now) return true;
    return this.#restarts.size > 0 && until + FORGIVEN_MS > now && this.#forgiven(number, now);
  }

  /** A lobby started again: its people have to reconnect, so their leases run on for a while. */
  forgive(lobby: number, lobbies: number, now: number): void {
    this.#lobbies = lobbies;
    this.#restarts.set(lobby, now);
  }

  #forgiven(number: number, now: number): boolean {
    const restart = this.#restarts.get(lobbyOf(this.roster.entry(number), this.#lobbies));
    return restart !== undefined && now - restart < FORGIVEN_MS;
  }

  /** How many of those waiting show signs of life. People whose lobby started again are not among them until it reports. */
  presentWaiting(now: number): number {
    this.#expire(now);
    return this.#present;
  }

  /** Is anybody there to be let in from the front? If not, there is no use in passing anybody over. */
  mayAdmit(now: number): boolean {
    if (this.presentWaiting(now) > 0) return true;
    for (const restart of this.#restarts.values()) if (now - restart < FORGIVEN_MS) return true;
    return false;
  }

  /** A lease as the person's lobby reports it; the lobby knows all of a person's tabs, so its word replaces the last one. */
  see(number: number, until: number, now: number): void {
    if (number >= this.roster.size) return;
    this.#expire(now);
    const waits = this.#standing[number] === STANDING.waiting;
    if (waits) this.#countLease(number, -1);
    this.#presentUntil[number] = Math.min(Math.ceil(until / 1_000), this.#second + LEASE_MAX_SECONDS);
    if (waits) this.#countLease(number, 1);
    const passed = until === 0 ? undefined : this.passedOver.get(number);
    if (passed !== undefined && !passed.explicit) this.comeBack(number);
  }

  /** A passed-over person is back: next in line, in order of place among those who are. */
  comeBack(number: number): void {
    if (this.#inReturned.has(number)) return;
    this.#inReturned.add(number);
    this.#returned.add(this.placeOf(number), number);
  }

  passOver(number: number, at: number, explicit: boolean): void {
    this.setStanding(number, STANDING.passedOver);
    this.passedOver.set(number, { at, explicit });
  }

  add(bytes: Uint8Array, offset: number): number {
    const number = this.roster.add(bytes, offset);
    if (number >= this.#standing.length) this.#grow(number);
    this.waiting += 1;
    return number;
  }

  setStanding(number: number, standing: StandingCode): void {
    const before = this.standing(number);
    if (before === standing) return;
    if (before === STANDING.waiting) this.#countLease(number, -1);
    this.#standing[number] = standing;
    if (standing === STANDING.waiting) this.#countLease(number, 1);
    if (before === STANDING.waiting) this.waiting -= 1;
    if (standing === STANDING.waiting) this.waiting += 1;
    const gone = Number(standing !== STANDING.waiting) - Number(before !== STANDING.waiting);
    this.#countGone(number, gone);
    if (standing !== STANDING.passedOver) this.passedOver.delete(number);
  }

  /** The first returned person who is still entitled and present, or -1. Stale entries are dropped on the way. */
  firstReturned(now: number): number {
    for (;;) {
      const top = this.#returned.peek();
      if (top === null) return -1;
      const number = top.subject;
      if (this.standing(number) === STANDING.passedOver && this.isPresent(number, now)) return number;
      this.#returned.takeDue(Number.POSITIVE_INFINITY);
      this.#inReturned.delete(number);
    }
  }

  /** People who would be admitted before the person at `place`: those waiting in front, and those who returned. */
  ahead(place: number): number {
    if (place <= this.front) return 0;
    let count = place - this.front;
    const first = Math.floor(this.front / BLOCK);
    const last = Math.floor(place / BLOCK);
    if (first === last) return count - this.#goneBetween(this.front, place) + this.#returned.size;
    count -= this.#goneBetween(this.front, (first + 1) * BLOCK) + this.#goneBetween(last * BLOCK, place);
    for (let block = first + 1; block < last; block++) count -= this.#gone[block] ?? 0;
    return count + this.#returned.size;
  }

  /** `ahead` of many places, in ascending order: one walk from the front, whatever their number. */
  aheads(places: readonly number[]): number[] {
    let at = this.front;
    let gone = 0;
    return places.map((place) => {
      if (place <= this.front) return 0;
      const first = Math.floor(at / BLOCK);
      const last = Math.floor(place / BLOCK);
      if (first === last) gone += this.#goneBetween(at, place);
      else {
        gone += this.#goneBetween(at, (first + 1) * BLOCK) + this.#goneBetween(last * BLOCK, place);
        for (let block = first + 1; block < last; block++) gone += this.#gone[block] ?? 0;
      }
      at = place;
      return place - this.front - gone + this.#returned.size;
    });
  }

  get returnedCount(): number {
    return this.#returned.size;
  }

  get byteLength(): number {
    const drawn = this.#order.byteLength + this.#places.byteLength;
    return (
      drawn + this.roster.byteLength + this.#standing.byteLength + this.#presentUntil.byteLength + this.#gone.byteLength
    );
  }

  #countLease(number: number, by: number): void {
    const second = this.#presentUntil[number] ?? 0;
    if (second <= this.#second) return;
    this.#leases[second % RING] = (this.#leases[second % RING] ?? 0) + by;
    this.#present += by;
  }

  #expire(now: number): void {
    const second = Math.floor(now / 1_000);
    if (second <= this.#second) return;
    const from = Math.max(this.#second + 1, second - RING + 1);
    for (let ended = from; ended <= second; ended++) {
      this.#present -= this.#leases[ended % RING] ?? 0;
      this.#leases[ended % RING] = 0;
    }
    this.#second = second;
  }

  #countGone(number: number, by: number): void {
    const block = Math.floor(this.placeOf(number) / BLOCK);
    this.#gone[block] = (this.#gone[block] ?? 0) + by;
  }

  #goneBetween(from: number, to: number): number {
    if ((this.#gone[Math.floor(from / BLOCK)] ?? 0) === 0) return 0;
    let count = 0;
    for (let place = from; place < to; place++) {
      if (this.#standing[this.numberAt(place)] !== STANDING.waiting) count += 1;
    }
    return count;
  }

  #grow(number: number): void {
    const size = Math.max(this.#standing.length * 2, number + 1);
    const standing = new Uint8Array(size);
    standing.set(this.#standing);
    this.#standing = standing;
    const present = new Uint32Array(size);
    present.set(this.#presentUntil);
    this.#presentUntil = present;
    const gone = new Int32Array(Math.ceil(size / BLOCK) + 1);
    gone.set(this.#gone.subarray(0, Math.min(this.#gone.length, gone.length)));
    this.#gone = gone;
  }
}

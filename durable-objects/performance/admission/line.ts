/**
 * The line of a performance: everybody's standing by number, and who shows signs of life. Plain data with the questions the
 * rules ask of it; only apply.ts changes it (and presence, which lives in memory alone).
 *
 * A number says when somebody came, a place when their turn is. They are the same but for those who took part in the draw.
 * Numbers and places are those of the whole line; each lane (lane.ts) walks its own people in the order of their places.
 */
import { placesOf } from "./draw.ts";
import { lobbyOf } from "./entry.ts";
import { Lane, LEASE_MAX_SECONDS } from "./lane.ts";
import { Roster } from "./roster.ts";

export const STANDING = { waiting: 0, left: 1, passedOver: 2, admitted: 3, ended: 4 } as const;
export type StandingCode = (typeof STANDING)[keyof typeof STANDING];

export interface PassedOver {
  /** When first passed over: the grace runs from here. */
  readonly at: number;
  /** Missed a show-up: only something explicit brings the person back, a socket left open does not. */
  readonly explicit: boolean;
}

const SMALLEST = 1_024;
/** By how much leases are extended when their lobby has started again. */
const FORGIVEN_MS = 30_000;

export class Line {
  readonly roster = new Roster();
  /** The general lane, and those the organiser added. */
  lanes: readonly Lane[] = [new Lane()];
  readonly passedOver = new Map<number, PassedOver>();
  /** Who missed a show-up once; the second miss ends the place. */
  readonly missed = new Set<number>();
  #standing = new Uint8Array(SMALLEST);
  /** Which lane a number is in. */
  #laneOf = new Uint8Array(SMALLEST);
  /** Lease ends in whole seconds since 1970; 0 is absent. */
  #presentUntil = new Uint32Array(SMALLEST);
  /** Of those who took part in the draw: place → number and number → place. */
  #order: Uint32Array = new Uint32Array();
  #places: Uint32Array = new Uint32Array();
  /** When which lobby last started again. */
  readonly #restarts = new Map<number, number>();
  #lobbies = 1;

  /** So many lanes, from publication on: before anybody joined. */
  divide(lanes: number): void {
    if (lanes === this.lanes.length) return;
    if (this.roster.size > 0) throw new Error("lanes are fixed before anybody joins");
    this.lanes = Array.from({ length: lanes }, () => new Lane());
  }

  /** Who is at a place. */
  numberAt(place: number): number {
    return this.#order[place] ?? place;
  }

  placeOf(number: number): number {
    return this.#places[number] ?? number;
  }

  laneOf(number: number): number {
    return this.#laneOf[number] ?? 0;
  }

  /** The lanes of numbers `from` to `to` (exclusive), a byte each; of those there are. */
  lanesOf(from: number, to: number): Uint8Array {
    return this.#laneOf.slice(from, Math.min(to, this.roster.size));
  }

  lane(index: number): Lane {
    const lane = this.lanes[index];
    if (lane === undefined) throw new Error(`no lane ${index}`);
    return lane;
  }

  /** People with standing `waiting`, in all lanes. */
  get waiting(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.waiting, 0);
  }

  get returned(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.returned, 0);
  }

  /** The draw: from here on the first places belong to those whom it put there. */
  draw(order: Uint32Array): void {
    this.#order = order;
    this.#places = placesOf(order);
    for (const [index, lane] of this.lanes.entries()) {
      lane.recount();
      for (let number = 0; number < this.roster.size; number++) {
        if (!this.#waitsIn(index, number)) lane.countGone(this.placeOf(number), 1);
      }
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
    return this.lanes.reduce((sum, lane) => sum + lane.present(now), 0);
  }

  /** Is anybody there to be let in from the lane's front? If not, there is no use in passing anybody over. */
  mayAdmit(lane: number, now: number): boolean {
    if (this.lane(lane).present(now) > 0) return true;
    for (const restart of this.#restarts.values()) if (now - restart < FORGIVEN_MS) return true;
    return false;
  }

  /** A lease as the person's lobby reports it; the lobby knows all of a person's tabs, so its word replaces the last one. */
  see(number: number, until: number, now: number): void {
    if (number >= this.roster.size) return;
    const lane = this.lane(this.laneOf(number));
    lane.expire(now);
    const waits = this.#standing[number] === STANDING.waiting;
    if (waits) lane.countLease(this.#presentUntil[number] ?? 0, -1);
    const second = Math.min(Math.ceil(until / 1_000), lane.second + LEASE_MAX_SECONDS);
    this.#presentUntil[number] = second;
    if (waits) lane.countLease(second, 1);
    const passed = until === 0 ? undefined : this.passedOver.get(number);
    if (passed !== undefined && !passed.explicit) this.comeBack(number);
  }

  /** A passed-over person is back: next in the lane, in order of place among those who are. */
  comeBack(number: number): void {
    this.lane(this.laneOf(number)).comeBack(this.placeOf(number), number);
  }

  passOver(number: number, at: number, explicit: boolean): void {
    this.setStanding(number, STANDING.passedOver);
    this.passedOver.set(number, { at, explicit });
  }

  add(bytes: Uint8Array, offset: number, lane = 0): number {
    const number = this.roster.add(bytes, offset);
    if (number >= this.#standing.length) this.#grow(number);
    this.#laneOf[number] = lane;
    this.lane(lane).waiting += 1;
    if (this.lanes.length > 1) {
      for (const [index, other] of this.lanes.entries()) if (index !== lane) other.countGone(number, 1);
    }
    return number;
  }

  setStanding(number: number, standing: StandingCode): void {
    const before = this.standing(number);
    if (before === standing) return;
    const lane = this.lane(this.laneOf(number));
    const until = this.#presentUntil[number] ?? 0;
    this.#standing[number] = standing;
    if (before === STANDING.waiting) {
      lane.waiting -= 1;
      lane.countLease(until, -1);
      lane.countGone(this.placeOf(number), 1);
    }
    if (standing === STANDING.waiting) {
      lane.waiting += 1;
      lane.countLease(until, 1);
      lane.countGone(this.placeOf(number), -1);
    }
    if (standing !== STANDING.passedOver) this.passedOver.delete(number);
  }

  /** The lane's first returned person who is still entitled and present, or -1. */
  firstReturned(lane: number, now: number): number {
    return this.lane(lane).firstReturned(
      (number) => this.standing(number) === STANDING.passedOver && this.isPresent(number, now),
    );
  }

  /** People of the lane who would be admitted before whoever is at `place`: those waiting in front, and who returned. */
  ahead(place: number, lane: number): number {
    return this.aheads([place], lane)[0] ?? 0;
  }

  /** `ahead` of many places, in ascending order: one walk from the front, whatever their number. */
  aheads(places: readonly number[], index: number): number[] {
    const lane = this.lane(index);
    const isGone = (place: number): boolean => !this.#waitsIn(index, this.numberAt(place));
    let at = lane.front;
    let gone = 0;
    return places.map((place) => {
      if (place <= lane.front) return 0;
      gone += lane.goneBetween(at, place, isGone);
      at = place;
      return place - lane.front - gone + lane.returned;
    });
  }

  get byteLength(): number {
    const drawn = this.#order.byteLength + this.#places.byteLength;
    const perNumber = this.#standing.byteLength + this.#laneOf.byteLength + this.#presentUntil.byteLength;
    return drawn + perNumber + this.roster.byteLength + this.lanes.reduce((sum, lane) => sum + lane.byteLength, 0);
  }

  #waitsIn(lane: number, number: number): boolean {
    return this.#standing[number] === STANDING.waiting && this.#laneOf[number] === lane;
  }

  #grow(number: number): void {
    const size = Math.max(this.#standing.length * 2, number + 1);
    const standing = new Uint8Array(size);
    standing.set(this.#standing);
    this.#standing = standing;
    const laneOf = new Uint8Array(size);
    laneOf.set(this.#laneOf);
    this.#laneOf = laneOf;
    const present = new Uint32Array(size);
    present.set(this.#presentUntil);
    this.#presentUntil = present;
  }
}

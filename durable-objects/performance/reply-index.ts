/**
 * In which stored pack a kept reply lies, by a hash of its key: replies are written a pack a commit, not a row each, and
 * this is what finds one again. Twelve bytes an entry at half load; a lost index is read from the packs.
 */
const HOUR_MS = 3_600_000;
/** Whoever makes keys up whose hashes collide is not looked after further than this; keys carry their member's id. */
const CANDIDATES_MAX = 8;

export class ReplyIndex {
  /** By the hour in which they expire, so that forgetting is dropping a table. */
  readonly #hours = new Map<number, HashTable>();
  /** Number of the next pack. */
  nextPack = 1;
  /** Of the keys asked for last: a key that is new is looked for, and kept in the same batch. */
  #latest = new Map<string, number>();

  hashesOf(keys: readonly string[]): readonly number[] {
    const before = this.#latest;
    const hashes = keys.map((key) => before.get(key) ?? keyHash(key));
    this.#latest = new Map(keys.map((key, at) => [key, hashes[at] ?? 0]));
    return hashes;
  }

  add(hash: number, pack: number, expiresAt: number): void {
    const hour = Math.floor(expiresAt / HOUR_MS);
    let table = this.#hours.get(hour);
    if (table === undefined) this.#hours.set(hour, (table = new HashTable()));
    table.add(hash, pack);
    this.nextPack = Math.max(this.nextPack, pack + 1);
  }

  /** Packs that may have a reply to a key of this hash, the latest first. */
  packsOf(hash: number): readonly number[] {
    let found: number[] | null = null;
    for (const table of this.#hours.values()) found = table.collect(hash, found);
    return found === null ? NONE : found.toSorted((a, b) => b - a).slice(0, CANDIDATES_MAX);
  }

  /** What has expired is gone; an hour is forgotten when it is over. */
  forget(now: number): void {
    for (const hour of this.#hours.keys()) if ((hour + 1) * HOUR_MS <= now) this.#hours.delete(hour);
  }
}

const NONE: readonly number[] = [];

/** Open addressing with linear probing; the same hash may stand in it more than once. */
class HashTable {
  #hashes = new Float64Array(256);
  /** Number of the pack plus one; 0 is an empty slot. */
  #packs = new Int32Array(256);
  #size = 0;

  add(hash: number, pack: number): void {
    if ((this.#size + 1) * 2 > this.#packs.length) this.#grow();
    this.#size += 1;
    this.#put(hash, pack + 1);
  }

  collect(hash: number, found: number[] | null): number[] | null {
    const mask = this.#packs.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const pack = this.#packs[slot] ?? 0;
      if (pack === 0) return found;
      if (this.#hashes[slot] === hash) (found ??= []).push(pack - 1);
    }
  }

  #put(hash: number, stored: number): void {
    const mask = this.#packs.length - 1;
    let slot = hash & mask;
    while (this.#packs[slot] !== 0) slot = (slot + 1) & mask;
    this.#hashes[slot] = hash;
    this.#packs[slot] = stored;
  }

  #grow(): void {
    const [hashes, packs] = [this.#hashes, this.#packs];
    this.#hashes = new Float64Array(hashes.length * 2);
    this.#packs = new Int32Array(packs.length * 2);
    for (const [slot, stored] of packs.entries()) if (stored !== 0) this.#put(hashes[slot] ?? 0, stored);
  }
}

/** 53 bits of a key, as much as a number holds: two multiplicative hashes side by side. Stored: never to be changed. */
export function keyHash(key: string): number {
  let [low, high] = [0x2c1b3c6d, 0x297a2d39];
  for (let index = 0; index < key.length; index++) {
    const unit = key.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x9e3779b1);
    high = Math.imul(high ^ unit, 0x85ebca77) + low;
    low ^= low >>> 15;
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ high;
  high = Math.imul(high ^ (high >>> 13), 0xc2b2ae35) ^ low;
  return (high & 0x1fffff) * 0x1_0000_0000 + (low >>> 0);
}
